"""People: households and how they hold their dwelling."""
