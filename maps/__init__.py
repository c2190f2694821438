"""Pictures and pages: maps for the browser and as files. Knows geo, not api."""
