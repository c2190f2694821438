"""Boundary plans: edits of the grid, drafted, checked, approved by another person, published."""
