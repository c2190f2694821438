"""Proof that the data of an area are whole: coverage, nesting, orphans, counts."""
