"""A tile index that says which cell owns a point, exact on every border; numpy and numba alone.

How the parts fit is told in ``docs/decisions/0015-point-index.md``; polygons become an index in
``geo.spatial.index``.
"""
