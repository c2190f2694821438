"""Points of a table without geometries, from columns of longitude and latitude."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.exchange.columns import header_key
from geo.exchange.geometries import FIELDS
from geo.exchange.table import Table, kept
from geo.exchange.values import folded

_NAMES = {field.name: {folded(name) for name in field.headers} for field in FIELDS[:2]}


def with_points(table: Table) -> Table:
    """Return a table with a point for each row, as it is when it has no columns of them.

    A row whose numbers are none gets None. The table names no system.
    """
    if table.geometry is not None or not len(table.cells):
        return table
    headed = table
    if table.headers is None:
        headed = table.below(0, [str(text).strip() for text in table.cells.iloc[0]])
    keys = [header_key(header) for header in headed.headers or ()]
    places = [[at for at, key in enumerate(keys) if key in _NAMES[one]] for one in ("lon", "lat")]
    if not all(places):
        return table
    lon, lat = (_numbers(headed.cells[found[0]]) for found in places)
    whole = np.isfinite(lon) & np.isfinite(lat)
    points = kept(shapely.points(np.where(whole, lon, 0.0), np.where(whole, lat, 0.0)), whole)
    return replace(headed, geometry=points, unreadable=None)


def _numbers(texts: Iterable[str]) -> npt.NDArray[np.float64]:
    return np.array([_number(text) for text in texts], dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan
