"""Geometry expressions that several stores put into their queries."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func

from geo.crs.systems import STORAGE_EPSG

Window = tuple[float, float, float, float]

# 7 decimals name each point of the storage grid exactly: they snap back to the same one.
_DECIMALS = 7


def as_geojson(shape: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """Return a geometry as GeoJSON text, outer rings counter-clockwise (RFC 7946 §3.1.6)."""
    return func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(shape), _DECIMALS)


def meets(shape: SQLColumnExpression[Any], window: Window) -> ColumnElement[bool]:
    """Return whether a geometry's box meets a window: west, south, east, north in degrees.

    Only the index operator: a window on a screen wants what is near, not an exact intersection.
    """
    return shape.op("&&", is_comparison=True)(func.ST_MakeEnvelope(*window, STORAGE_EPSG))
