"""Which columns of a file say where its rows are: as the user names them, else by their headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.errors import Invalid
from geo.exchange import geometries
from geo.exchange.columns import Field, header_key, matched
from geo.exchange.kinds import buildings
from geo.exchange.report import visible
from geo.exchange.table import from_records
from geo.exchange.values import plain
from geo.locate.columns import HEADERS as KNOWN

NONE = "-"
_SHOWN = 40
_IMPORTED = {field.name: field.headers for field in geometries.FIELDS}
# Roles in the order in which they are asked; of several headers the one that stands first wins.
HEADERS: Mapping[str, tuple[str, ...]] = {
    "lon": (
        *_IMPORTED["lon"],
        *KNOWN["lon"],
        *("x坐标", "坐标x", "横坐标", "east", "经度坐标", "gps经度", "事发经度"),
        *("lng_wgs84", "wgs84_lng", "gcj02_lng", "lng_gcj02", "bd09_lng", "lng_bd09"),
        *("高德经度", "百度经度"),
    ),
    "lat": (
        *_IMPORTED["lat"],
        *KNOWN["lat"],
        *("y坐标", "坐标y", "纵坐标", "north", "纬度坐标", "gps纬度", "事发纬度"),
        *("lat_wgs84", "wgs84_lat", "gcj02_lat", "lat_gcj02", "bd09_lat", "lat_bd09"),
        *("高德纬度", "百度纬度"),
    ),
    "point": (
        *(
            "坐标",
            "经纬度",
            "经纬度坐标",
            "位置坐标",
            "坐标位置",
            "gps坐标",
            "高德坐标",
            "百度坐标",
        ),
        *("coordinates", "coordinate", "lnglat", "lonlat", "lng,lat", "lon,lat", "xy", "gps"),
        *("point", "latlng", "latlon"),
    ),
    "wkt": _IMPORTED["wkt"],
    "accuracy": KNOWN["accuracy_m"],
    "building": (
        *buildings.CODE.headers[:4],
        *(
            "建筑编号",
            "楼宇编码",
            "楼宇编号",
            "房屋编码",
            "building_code",
            "building_id",
            "building",
        ),
    ),
    "stairwell": ("单元", "单元号", "单元编号", "stairwell", "entrance"),
    "address": (
        *KNOWN["address"],
        *("标准地址", "事发地址", "事件地址", "现住址", "现住地址", "居住地址", "家庭住址"),
        *("家庭地址", "住所", "联系地址", "通讯地址", "发生地址", "事发地点", "发生地点"),
        *("事件地点", "案发地点", "地点", "位置", "位置描述", "具体位置", "所在位置"),
        *("full_address", "street_address", "location", "place"),
    ),
}
# One of these must be there; the others say more of it.
_ENOUGH = (("lon", "lat"), ("point",), ("wkt",), ("building",), ("address",))
_PAIRS = {"lon": "lat", "lat": "lon"}


class ColumnUnknown(Invalid):
    """A column that the user names is not in the file, or stands there twice."""

    code = "column_unknown"


class ColumnsMissing(Invalid):
    """No column says where the rows are."""

    code = "columns_missing"


class ColumnsHalf(Invalid):
    """Of longitude and latitude one column is there, and the other is not."""

    code = "columns_half"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns say where the rows are.

    Parameters
    ----------
    places : role → position
    headers : of all columns
    guessed : roles that were found by their header
    """

    places: Mapping[str, int]
    headers: tuple[str, ...]
    guessed: frozenset[str]

    def header(self, role: str) -> str:
        """Return the header of a role's column."""
        return self.headers[self.places[role]]

    @property
    def has_points(self) -> bool:
        """Whether a column holds coordinates."""
        return not {"lon", "point", "wkt"}.isdisjoint(self.places)


def fields_for(named: Mapping[str, str]) -> tuple[Field, ...]:
    """Return what a header row may name; a column named by the user goes by that name alone.

    Parameters
    ----------
    named : role → header; ``-`` for a role that no column has
    """
    wanted = {role: (named[role],) if role in named else HEADERS[role] for role in HEADERS}
    return tuple(Field(role, names, plain) for role, names in wanted.items() if names != (NONE,))


def choose(
    headers: Sequence[str], named: Mapping[str, str], *, has_geometry: bool, file: str
) -> Choice:
    """Return which columns say where the rows are.

    Parameters
    ----------
    named : role → header; ``-`` for a role that no column has
    has_geometry : rows have a geometry, which then says where they are

    Raises
    ------
    ColumnUnknown
        When a named column is not there, or twice.
    ColumnsMissing, ColumnsHalf
        When nothing says where the rows are.
    """
    roles = {
        role: _position(headers, name, role, file) for role, name in named.items() if name != NONE
    }
    free = [header if at not in roles.values() else "" for at, header in enumerate(headers)]
    table = from_records("", []).below(0, free)
    fields = [field for field in fields_for(named) if field.name not in named]
    found, _ = matched(table, fields)
    guessed = {role: place for role, place in found.items() if role in _guessable(has_geometry)}
    places = roles | guessed
    _check(places, headers, has_geometry=has_geometry, named=named, file=file)
    if not has_geometry and {"lon", "lat"} <= places.keys() and "point" in guessed:
        del places["point"]  # the two say the same, and better
    return Choice(places, tuple(headers), frozenset(guessed) & frozenset(places))


def _guessable(has_geometry: bool) -> frozenset[str]:
    """Return the roles that are looked for: beside geometries of their own only other places."""
    return frozenset({"accuracy", "building", "stairwell", "address"} if has_geometry else HEADERS)


def _position(headers: Sequence[str], name: str, role: str, file: str) -> int:
    exact = [at for at, header in enumerate(headers) if header.strip() == name.strip()]
    alike = [at for at, header in enumerate(headers) if header_key(header) == header_key(name)]
    found = exact or alike
    if len(found) != 1:
        raise ColumnUnknown(
            file=file, value=name, option=f"--{role}-column", columns=_listed(headers)
        )
    return found[0]


def _check(
    places: dict[str, int],
    headers: Sequence[str],
    *,
    has_geometry: bool,
    named: Mapping[str, str],
    file: str,
) -> None:
    """Refuse a file that nothing locates; half a pair does not count beside something else."""
    for role, other in _PAIRS.items():
        if role in places and other not in places:
            enough = has_geometry or any(set(roles) <= places.keys() for roles in _ENOUGH)
            if role in named or not enough:
                raise ColumnsHalf(
                    file=file,
                    found=visible(headers[places[role]]),
                    option=f"--{other}-column",
                    columns=_listed(headers),
                )
            del places[role]
            break
    if not has_geometry and not any(set(roles) <= places.keys() for roles in _ENOUGH):
        raise ColumnsMissing(file=file, columns=_listed(headers))


def _listed(headers: Sequence[str]) -> str:
    """Return the headers for a sentence; of a file without header they may be somebody's data."""
    shown = [visible(header)[:_SHOWN] for header in headers if header.strip()]
    return ", ".join(shown) or "–"
