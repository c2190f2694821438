"""A made-up city for measuring addresses: estates on streets, and how people write them."""

from itertools import product

import numpy as np

from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.rows import AreaRow, BuildingTable, EstateRow, SiteRow
from geo.places.addresses.sounds import initials, spelt

_FIRST = (
    "安宝碧昌长春翠大德东丰福富光广贵桂国海和恒红华汇嘉建江金"
    "锦景静康兰乐丽龙绿梅美明南宁鹏平庆瑞润山盛世泰天万文祥新兴星秀阳银永裕园远月云泽正中紫"
)
_SECOND = (
    "安邦滨城池春达德都发丰港和湖华辉汇基江景居康兰里林龙隆绿茂明宁平泉润山升泰"
    "天湾祥信星雅阳怡园源苑悦韵泽洲"
)
_TAILS = ("小区", "花园", "家园", "苑", "新村", "名邸", "华庭", "公馆", "家属院", "新城")
_ROADS = ("路", "街", "大道", "巷", "东路", "西路")
_SITES = ("小学", "中学", "医院", "公园", "菜市场", "幼儿园")
_PER_ESTATE, _PER_DOOR = 32, 32


def city(buildings: int, *, seed: int = 3) -> Gazetteer:
    """Return a gazetteer of so many buildings, 32 to an estate, four estates to a street."""
    draw = np.random.default_rng(seed)
    cores = [a + b for a, b in product(_FIRST, _SECOND) if a != b]
    estates = -(-buildings // _PER_ESTATE)
    streets = [cores[n % len(cores)] + _ROADS[n // len(cores)] for n in range(estates // 4 + 1)]
    picked = draw.permutation(len(cores) * len(_TAILS))[:estates]
    names = [cores[n // len(_TAILS)] + _TAILS[n % len(_TAILS)] for n in picked.tolist()]
    areas = [AreaRow(1, "1", "大城区", 1, "1.")]
    areas += [AreaRow(n + 2, f"t{n}", f"{cores[-n - 1]}街道", 2, f"1.{n + 2}.") for n in range(20)]
    areas += [
        AreaRow(n + 100, f"c{n}", f"{cores[-n - 31]}社区", 3, f"1.{n % 20 + 2}.{n + 100}.")
        for n in range(300)
    ]
    sites = [
        SiteRow(n + 1, cores[(7 * n) % len(cores)] + _SITES[n % len(_SITES)], 116.8, 33.9)
        for n in range(1_500)
    ]
    rows = np.arange(buildings)
    estate, number = rows // _PER_ESTATE, rows % _PER_ESTATE + 1
    table = BuildingTable(
        id=(rows + 1).tolist(),
        code=[f"b{n}" for n in rows],
        name=[f"{names[e]}{n}号楼" for e, n in zip(estate, number, strict=True)],
        estate_id=(estate + 1).tolist(),
        road=[streets[e // 4] for e in estate],
        door_no=[f"{e % 4 * 12 + 8}号" for e in estate],
        building_no=[f"{n}号楼" for n in number],
        stairwells=[3] * buildings,
        path=[areas[21 + e % 300].path for e in estate],
        lon=(116.5 + estate % 80 / 100).tolist(),
        lat=(33.5 + estate // 80 / 100).tolist(),
    )
    return Gazetteer(
        table, [EstateRow(n + 1, f"e{n}", name) for n, name in enumerate(names)], areas, sites
    )


def written(made: Gazetteer, count: int, *, seed: int = 5) -> list[str]:
    """Return addresses of a city as they are written: whole, short, with slips, in pinyin."""
    draw = np.random.default_rng(seed)
    table = made.buildings
    texts = []
    for turn, row in enumerate(draw.integers(0, len(table.id), count).tolist()):
        estate = made.estates[made.estate_of[row]].name
        number = table.building_no[row]
        digits = number.removesuffix("号楼")
        other = _FIRST[turn % len(_FIRST)]
        texts.append(
            (
                f"大城区{table.road[row]}{table.door_no[row]}{estate}{number}2单元501室",
                f"{estate}{digits}-2-501",
                f"{table.road[row]}{table.door_no[row]}{number}",
                f"{other}{estate[1:]}{number}",
                f"{spelt(estate)}{digits}haolou",
                f"{initials(estate)}{digits}-2",
                f"{estate[:2]}{digits}栋",
                f"{estate[0]}{other}{estate[1:]}{digits}号楼东户",
            )[turn % 8]
        )
    return texts
