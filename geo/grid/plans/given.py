"""The values of an operation as they were given: each read whole, or refused with its place.

A place is a JSON pointer into the request, ``/operations/0/line``. Coordinates come in here once:
their system is named, and what leaves is degrees on the storage grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.crs.transform import to_storage
from geo.errors import GeoError, Invalid
from geo.grid.plans.operations import Line, Point
from geo.spatial.storage import Points
from geo.texts import Lang, text

MOST_POINTS = 20_000
MOST_CELLS = 2_000
MOST_BUILDINGS = 5_000
NAME_MAX = 60
_CODE_MAX = 32


class OperationInvalid(Invalid):
    """A value of an operation cannot be right.

    Parameters
    ----------
    pointer : where it stands
    reason : key of its sentence, ``plans.operation.<reason>``
    """

    code = "operation_invalid"

    def __init__(self, pointer: str, reason: str, **facts: Any) -> None:
        super().__init__(pointer=pointer, reason=reason, **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what was wrong in it."""
        said = text(f"plans.operation.{self.facts['reason']}", lang, **_said(self.facts))
        return text(f"errors.{self.code}", lang, pointer=self.facts["pointer"], reason=said)


@dataclass(frozen=True, slots=True)
class Given:
    """The fields of one operation, or of one of its parts; each method reads one whole, or refuses.

    Parameters
    ----------
    crs : system of all coordinates
    pointer : where the operation stands in the request
    """

    fields: Mapping[str, Any]
    crs: str
    pointer: str

    def wrong(self, name: str, reason: str, **facts: Any) -> OperationInvalid:
        """Return the refusal of a field."""
        return OperationInvalid(f"{self.pointer}/{name}", reason, **facts)

    def has(self, name: str) -> bool:
        """Return whether a field is given."""
        return self.fields.get(name) is not None

    def code(self, name: str) -> str:
        """Return the code of a cell or building."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not 1 <= len(value) <= _CODE_MAX or not value.isascii():
            raise self.wrong(name, "code")
        return value

    def own_code(self) -> str | None:
        """Return the code that somebody chose; None to have one allocated."""
        return self.code("code") if self.has("code") else None

    def codes(self, name: str, *, least: int, most: int) -> tuple[str, ...]:
        """Return several codes, each once."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.wrong(name, "codes", least=least, most=most)
        for i, one in enumerate(value):
            if not isinstance(one, str) or not 1 <= len(one) <= 64:
                raise self.wrong(f"{name}/{i}", "code")
            if one in value[:i]:
                raise self.wrong(f"{name}/{i}", "twice", value=one)
        return tuple(value)

    def name(self, name: str) -> str:
        """Return a name that can be shown."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > NAME_MAX:
            raise self.wrong(name, "name", most=NAME_MAX)
        if not value.isprintable():
            raise self.wrong(name, "unprintable")
        return value.strip()

    def number(self, name: str) -> int:
        """Return a positive whole number."""
        value = self.fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**31:
            raise self.wrong(name, "number")
        return value

    def point(self, name: str) -> Point:
        """Return a position, degrees on the storage grid."""
        lon, lat = self._points(name, [self.fields.get(name)])[0].tolist()
        return lon, lat

    def line(self, name: str) -> Line:
        """Return a line of at least two points that differ."""
        value = self.fields.get(name)
        if not isinstance(value, list) or len(value) < 2:
            raise self.wrong(name, "line")
        points = self._points(name, value)
        kept = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
        if len(kept) < 2:
            raise self.wrong(name, "line_short")
        return tuple(map(tuple, kept.tolist()))

    def polygon(self, name: str, *, holes: bool, many: bool = False) -> Any:
        """Return a valid polygon; ``many`` takes several parts."""
        value = self.fields.get(name)
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict) or kind not in ("Polygon", "MultiPolygon"):
            raise self.wrong(name, "polygon")
        if kind == "MultiPolygon" and not many:
            raise self.wrong(name, "one_polygon")
        given = value.get("coordinates")
        parts = given if kind == "MultiPolygon" else [given]
        if not isinstance(parts, list) or not parts:
            raise self.wrong(f"{name}/coordinates", "polygon")
        made = [self._rings(f"{name}/coordinates", part, holes=holes) for part in parts]
        shape = made[0] if len(made) == 1 else shapely.MultiPolygon(made)
        return self._sound(name, shape)

    def _rings(self, name: str, rings: object, *, holes: bool) -> shapely.Polygon:
        if not isinstance(rings, list) or not rings:
            raise self.wrong(name, "polygon")
        read = [self._ring(f"{name}/{i}", ring) for i, ring in enumerate(rings)]
        if len(read) > 1 and not holes:
            raise self.wrong(f"{name}/1", "holes", **_place(read[1]))
        return shapely.Polygon(read[0], read[1:])

    def _ring(self, name: str, ring: object) -> Points:
        if not isinstance(ring, list) or len(ring) < 4:
            raise self.wrong(name, "ring")
        points = self._points(name, ring)
        if (points[0] != points[-1]).any():
            raise self.wrong(name, "ring_open")
        return points

    def _sound(self, name: str, shape: Any) -> Any:
        if shape.is_empty or shape.length == 0.0:
            raise self.wrong(name, "polygon_empty")
        if not shapely.is_valid(shape):
            said = shapely.is_valid_reason(shape)
            where = np.array([said.partition("[")[2].rstrip("]").split()], dtype=np.float64)
            raise self.wrong(name, "polygon_broken", **_place(where))
        return shape

    def _points(self, name: str, given: list[Any]) -> Points:
        if len(given) > MOST_POINTS:
            first = self._points(name, given[:1])
            facts = {"count": len(given), "most": MOST_POINTS, **_place(first)}
            raise self.wrong(name, "points_many", **facts)
        for i, one in enumerate(given):
            if not isinstance(one, list) or not 2 <= len(one) <= 3 or not all(map(_is_number, one)):
                raise self.wrong(name if len(given) == 1 else f"{name}/{i}", "position")
        array = np.array([one[:2] for one in given], dtype=np.float64)
        try:
            return to_storage(array, self.crs)
        except GeoError as error:
            # Where no coordinate is named, it is the system of all of them that is not understood.
            error.facts["pointer"] = f"{self.pointer}/{name}" if "lon" in error.facts else "/crs"
            raise


def _place(points: Points) -> dict[str, float]:
    lon, lat = points[0].tolist()
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("reason", "pointer")}
