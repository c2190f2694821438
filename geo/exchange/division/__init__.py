"""Files for a division without a database.

``sources`` reads layers, ``pairs`` finds points in tables, ``cases`` makes a case of them,
``outputs`` writes the cells. How they are found stands in ``geo.grid.division``.
"""
