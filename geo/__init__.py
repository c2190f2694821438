"""The domain and its space: cells, places, people, work. Knows no web and no map."""
