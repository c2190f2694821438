"""Column types that several slices share: geometries on the storage grid, paths of cell ids."""

from geoalchemy2 import Geometry
from sqlalchemy import Text

from geo.crs.systems import STORAGE_EPSG

# Cell ids from the root down, each followed by a dot: '1.12.340.'. Bytewise order makes a subtree
# one index range: path >= '1.12.' AND path < '1.12/' ('/' follows '.').
PathText = Text(collation="C")
CodeText = Text(collation="C")


def geometry(kind: str = "GEOMETRY", *, index: bool = True) -> Geometry:
    """Return a geometry column type in the storage CRS."""
    return Geometry(kind, srid=STORAGE_EPSG, spatial_index=index)
