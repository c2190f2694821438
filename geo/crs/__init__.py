"""Coordinate systems: datums of Chinese maps, EPSG systems, and the way to the storage grid."""
