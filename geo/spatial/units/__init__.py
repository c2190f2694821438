"""Ground units: the land of an area parted among its buildings, exactly, along its streets.

The parts of ``ground.ground_units`` in the order of work: ``frame`` (coordinates), ``footprints``
(what is one building), ``blocks`` (land between barriers), ``between`` (borders halfway between
buildings), ``faces`` (one noding, and whose each face is), ``adjacency`` (what borders on what).
Who lives there and how units make cells stands in ``geo.grid.division``.
"""
