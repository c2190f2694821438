"""Writing one step of the grid's history: rows end, rows begin, ground goes from cell to cell.

What is to be written is decided elsewhere; here it is staged and taken over, statement by statement
in the order that the constraints need.
"""

import geopandas as gpd
import pandas as pd
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.db.bulk import stage
from geo.db.sql import statement

_NEXT_CELL = {
    "cell_id": "bigint",
    "code": 'text COLLATE "C"',
    "name": "text",
    "level": "smallint",
    "parent_id": "bigint",
    "path": 'text COLLATE "C"',
    "geometry": "geometry(Geometry,4326)",
    "area_m2": "double precision",
    "derived": "boolean",
    "noded": "boolean",
    "is_new": "boolean",
    "new_version": "boolean",
    "new_shape": "boolean",
    "gone": "boolean",
}
_NEXT_LINEAGE = {
    "from_code": "text",
    "to_code": "text",
    "kind": "text",
    "area_m2": "double precision",
}
# The outline of a district is packed in a third of the time, where the server was built with it.
_FAST = text(
    "SELECT set_config(name, 'lz4', true) FROM pg_settings"
    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)
_ORDER = (
    "close_versions",
    "close_shapes",
    "insert_cells",
    "insert_versions",
    "insert_shapes",
    "insert_lineage",
)


def write_step(
    session: Session, number: int, cells: gpd.GeoDataFrame, lineage: pd.DataFrame
) -> None:
    """Write what a publication changes.

    Parameters
    ----------
    cells : columns ``cell_id, code, name, level, parent_id, path, geometry, area_m2, derived`` and
        the booleans ``noded, is_new, new_version, new_shape, gone``; cells that do not change may
        be left out, but lineage names only cells that are here
    lineage : columns ``from_code, to_code, kind, area_m2``
    """
    stage(session, "next_cell", _NEXT_CELL, cells)
    stage(session, "next_lineage", _NEXT_LINEAGE, lineage)
    session.execute(_FAST)
    for name in _ORDER:
        session.execute(statement("geo.grid", name), {"number": number})


def new_ids(session: Session, count: int) -> list[int]:
    """Take ids for new cells."""
    if not count:
        return []
    query = text(
        "SELECT nextval(pg_get_serial_sequence('cell', 'id')) FROM generate_series(1, :count)"
    )
    return list(session.scalars(query, {"count": count}))
