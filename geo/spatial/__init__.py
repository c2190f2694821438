"""Geometry on the storage grid: snapping, coverages, measures. Knows no database."""
