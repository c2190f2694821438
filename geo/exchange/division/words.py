"""What columns of a division's layers are called, and what the words in them mean."""

from geo.exchange.values import folded
from geo.grid.division.model import Barrier

WEIGHT = ("households", "household", "hh", "户数", "住户数", "总户数", "家庭户数", "hu_shu", "户")
CODE = ("code", "cell_code", "id", "编码", "编号", "网格编码", "网格编号", "name", "名称")
BUILDING = ("code", "building_code", "building_id", "id", "楼栋编号", "楼栋编码", "编号", "fid")
STAIRWELLS = ("stairwells", "entrances", "units", "单元数", "楼道数", "梯数")
LOCKED = ("locked", "锁定")
KIND = ("highway", "class", "fclass", "kind", "type", "类型", "道路等级", "等级")
WALLS = ("waterway", "railway", "natural")

_KINDS = {
    Barrier.PATH: "footway cycleway path steps track service pedestrian bridleway corridor 小路 "
    "步道 人行道 巷 里弄",
    Barrier.STREET: "residential unclassified living_street street road 支路 街 路",
    Barrier.MAIN: "motorway trunk primary secondary tertiary motorway_link trunk_link primary_link "
    "secondary_link tertiary_link main arterial 主干路 次干路 主干道 次干道 快速路 高速 大街 大道",
    Barrier.WALL: "river canal stream water waterway rail railway light_rail subway tram wall 河 "
    "河流 水系 运河 铁路 铁道",
}
KINDS = {folded(word): kind for kind, words in _KINDS.items() for word in words.split()}
# Waterways that a child steps over, and rails in a street.
_NO_WALL = frozenset(folded(word) for word in ("ditch", "drain", "tram", "platform", "no", ""))


def barrier_of(word: str) -> Barrier:
    """Return how strongly a line parts cells by a word for its kind; unknown ones are streets."""
    return KINDS.get(folded(word), Barrier.STREET)


def is_wall(word: str) -> bool:
    """Return whether the value of a column for water or rails names one."""
    return folded(word) not in _NO_WALL
