"""Pictures and pages; knows geo, not api."""
