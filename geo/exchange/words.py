"""Words of files and the values they mean: occupancy, levels, posts, kinds of buildings and ground.

Keys are folded (``geo.exchange.values.folded``). What an office adds to the tables of occupancy
and posts comes from the database (``standing``).
"""

from collections.abc import Mapping

from geo.exchange.values import Value, folded
from geo.places.model import BuildingKind, GroundKind


def table(pairs: Mapping[str, Value]) -> dict[str, Value]:
    """Return a table of words with folded keys; several words for a value stand in one key."""
    return {folded(word): value for words, value in pairs.items() for word in words.split()}


OCCUPANCY = table(
    {
        "自住 自有自住 自用 owner_occupied owner": "owner_occupied",
        "出租 租住 租赁 已出租 租 rented rent": "rented",
        "空置 空 空房 闲置 无人居住 vacant empty": "vacant",
        "其他 其它 other": "other",
        "未知 不详 不明 unknown": "unknown",
    }
)
LEVELS = table(
    {
        "1 一级 1级 区 县 市辖区 区级 district county": 1,
        "2 二级 2级 街道 镇 乡 镇街 街道级 town street township": 2,
        "3 三级 3级 社区 村 村社 社区级 community village": 3,
        "4 四级 4级 网格 小组 居民小组 村民小组 基础网格 grid residents_group": 4,
        "5 五级 5级 微网格 住户小组 楼栋 household_group micro_grid": 5,
    }
)
POSTS = table(
    {
        "网格员 专职网格员 兼职网格员 grid_worker": "grid_worker",
        "网格长 grid_leader": "grid_leader",
        "楼栋长 楼长 楼组长 building_head": "building_head",
        "楼道长 单元长 stair_head": "stair_head",
        "社区书记 书记 社区党委书记 社区党支部书记 community_secretary": "community_secretary",
    }
)
# The English words under "other" are values of OpenStreetMap's key building that say nothing
# about the shape.
BUILDINGS = table(
    {
        "板楼 多层 多层住宅 slab apartments dormitory": BuildingKind.SLAB.value,
        "塔楼 高层 高层住宅 小高层 tower": BuildingKind.TOWER.value,
        "平房 别墅 自建房 民房 house detached": BuildingKind.HOUSE.value,
        "semidetached_house terrace bungalow farm cabin": BuildingKind.HOUSE.value,
        "综合 综合楼 商住 商住楼 mixed": BuildingKind.MIXED.value,
        "其他 其它 other yes residential industrial public": BuildingKind.OTHER.value,
        "retail school garages garage commercial kindergarten": BuildingKind.OTHER.value,
        "service roof office hospital church shed warehouse": BuildingKind.OTHER.value,
        "hotel civic barn": BuildingKind.OTHER.value,
    }
)
GROUND = table(
    {
        "道路 街道 公路 street road": GroundKind.STREET.value,
        "铁路 railway rail": GroundKind.RAILWAY.value,
        "水系 水面 河流 湖泊 water": GroundKind.WATER.value,
        "公园 绿地 park": GroundKind.PARK.value,
        "学校 school": GroundKind.SCHOOL.value,
        "街区 地块 block": GroundKind.BLOCK.value,
        "农田 耕地 field farmland": GroundKind.FIELD.value,
        "村庄 village": GroundKind.VILLAGE.value,
        "厂区 工厂 works industrial": GroundKind.WORKS.value,
        "其他建筑 other_building": GroundKind.OTHER_BUILDING.value,
    }
)
RANKS = table(
    {"1 主干道 主干路 快速路 arterial": 1, "2 次干道 次干路 secondary": 2, "3 支路 巷 lane": 3}
)
# OpenStreetMap's key highway → rank and width of the carriageway in m. Widths are usual ones, for
# drawing only; what is not listed is a lane of 3 m.
HIGHWAYS: Mapping[str, tuple[int, float]] = {
    "motorway": (1, 11.0),
    "motorway_link": (1, 6.0),
    "trunk": (1, 14.0),
    "trunk_link": (1, 6.0),
    "primary": (1, 14.0),
    "primary_link": (1, 6.0),
    "secondary": (2, 10.0),
    "secondary_link": (2, 6.0),
    "tertiary": (2, 8.0),
    "tertiary_link": (2, 6.0),
    "residential": (3, 6.0),
    "unclassified": (3, 6.0),
    "living_street": (3, 5.0),
    "service": (3, 4.0),
}
LANE = (3, 3.0)
WIDTHS_M = {1: 14.0, 2: 9.0, 3: 5.0}
