"""Invented names: people, estates, villages, streets, schools and works of the demo town.

People are put together from common surnames and literary given names; nobody is meant. Names of
places only sound right. Names of communities are real and come from ``geo.demo.outline``.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, count, product
from pathlib import Path

import numpy as np

from geo.demo.blocks import Fabric
from geo.demo.streams import stream

_LISTS = json.loads((Path(__file__).parent / "data" / "names.json").read_text(encoding="utf-8"))
_SUFFIX = {
    Fabric.SLAB: ("小区", "新村", "苑", "花园", "里", "家园"),
    Fabric.MIXED: ("商城", "广场", "新街", "商住楼"),
    Fabric.TOWER: ("华庭", "公馆", "府", "名城", "国际", "中央城"),
    Fabric.LONG: ("家属院", "宿舍", "工人村"),
    Fabric.OLD: ("巷", "老院", "大院"),
    Fabric.COTTAGE: ("老街", "胡同", "里弄"),
    Fabric.SCHOOL: ("教师楼", "家属院", "东院", "西院"),
    Fabric.WORKS: ("宿舍", "家属院", "东院", "西院"),
}
_TRADE_FABRICS = (Fabric.LONG, Fabric.OLD, Fabric.WORKS)


@cache
def full_names() -> np.ndarray:
    """Return every name a person of the town may have: (surnames, given names) of str."""
    pairs = product(_LISTS["given_first"], _LISTS["given_second"])
    given = [a + b for a, b in pairs if a != b] + list(_LISTS["given_single"])
    rows = [[surname + name for name in given] for surname in _LISTS["surnames"]]
    return np.array(rows, dtype=object)


def people(draw: np.random.Generator, count: int) -> np.ndarray:
    """Return names of people.

    Parameters
    ----------
    draw : random stream
    count : how many

    Returns
    -------
    (count,) object array of str
    """
    table = full_names()
    picks = draw.random((2, count)) * np.array([[table.shape[0]], [table.shape[1]]])
    return table[tuple(picks.astype(np.int64))]


def apart(draw: np.random.Generator, count: int) -> list[str]:
    """Return names of people, no two alike.

    Parameters
    ----------
    draw : random stream
    count : how many

    Returns
    -------
    list of str
    """
    found: dict[str, None] = {}
    while len(found) < count:
        found.update(dict.fromkeys(people(draw, count)))
    return list(found)[:count]


def estates(
    seed: int,
    community: str,
    fabrics: Sequence[Fabric],
    places: Sequence[str],
    *,
    street: str,
    share: tuple[int, int],
) -> list[str]:
    """Return names of the estates of a community, no two alike in a street.

    Parameters
    ----------
    seed : the town's seed
    community : its name, such as 供电社区; the first estates are called after it
    fabrics : how each estate is built
    places : the school or works each belongs to, or empty names
    street : code of its street; names differ in all communities of a street
    share : number of the community in its street, and how many there are

    Returns
    -------
    list of str, one an estate
    """
    own = community.removesuffix("社区").removesuffix("村").removesuffix("路")
    after_it = [own + "小区", own + "新村"]
    pools = {fabric: _candidates(seed, street, fabric, share) for fabric in sorted(set(fabrics))}
    taken: set[str] = set()
    names = []
    for fabric, near in zip(fabrics, places, strict=True):
        if near:
            pool: Iterable[str] = (near + tail for tail in _SUFFIX[fabric])
        elif fabric in (Fabric.SLAB, Fabric.LONG) and after_it:
            pool = [after_it.pop(0)]
        else:
            pool = pools[fabric]
        name = next(n for n in pool if n not in taken)
        taken.add(name)
        names.append(name)
    return names


def place(seed: int, fabric: Fabric, near: str, row: int, column: int) -> str:
    """Return the name of a school, works or park; of other things the empty name.

    Parameters
    ----------
    seed : the town's seed
    fabric : what it is
    near : name of the community it lies in
    row, column : its first lot

    Returns
    -------
    str
    """
    draw = stream(seed, "place", row, column)
    own = near.removesuffix("社区").removesuffix("村").removesuffix("路")
    if fabric is Fabric.SCHOOL:
        return own + _pick(draw, _words("schools"))
    if fabric is Fabric.PARK:
        return (own if draw.random() < 0.5 else _pick(draw, _words("estates"))) + _pick(
            draw, _words("parks")
        )
    if fabric in (Fabric.WORKS, Fabric.YARD):
        return _pick(draw, _words("estates")) + _pick(draw, _words("works"))
    return ""


def roads(seed: int, side: str, wanted: int) -> list[str]:
    """Return names of main streets, no two alike while there are enough.

    Parameters
    ----------
    seed : the town's seed
    side : ``north`` for streets that run north and south (路), ``east`` for the others (街)
    wanted : how many

    Returns
    -------
    list of str
    """
    pool = _shuffled(stream(seed, "roads"), _words("roads"))
    half = pool[0::2] if side == "north" else pool[1::2]
    tail = ("路", "中路", "支路") if side == "north" else ("街", "大街", "横街")
    return [half[n % len(half)] + tail[n // len(half) % len(tail)] for n in range(wanted)]


def lanes(seed: int, wanted: int) -> list[str]:
    """Return names of lanes, no two alike while there are enough.

    Parameters
    ----------
    seed : the town's seed
    wanted : how many

    Returns
    -------
    list of str
    """
    pool = [a + b for a, b in product(_LISTS["lane_first"], _LISTS["lane_second"])]
    mixed = _shuffled(stream(seed, "lanes"), pool)
    return [
        mixed[n % len(mixed)] + ("巷", "里巷", "东巷", "西巷")[n // len(mixed) % 4]
        for n in range(wanted)
    ]


def _candidates(seed: int, street: str, fabric: Fabric, share: tuple[int, int]) -> Iterator[str]:
    draw = stream(seed, "estates", street, fabric)
    if fabric is Fabric.VILLAGE:
        pairs = [a + b for a, b in product(dict.fromkeys(_LISTS["surnames"]), _words("villages"))]
    else:
        first = _words("trades" if fabric in _TRADE_FABRICS else "estates")
        pairs = [a + b for a, b in product(first, _SUFFIX[fabric])]
    own = _shuffled(draw, pairs)[share[0] :: share[1]]
    parts = chain([""], (f"{n}区" for n in count(2)))
    return (name + part for part in parts for name in own)


def _words(name: str) -> list[str]:
    return str(_LISTS[name]).split()


def _pick(draw: np.random.Generator, pool: Sequence[str]) -> str:
    return pool[int(draw.random() * len(pool))]


def _shuffled(draw: np.random.Generator, pool: Sequence[str]) -> list[str]:
    return [pool[n] for n in np.argsort(draw.random(len(pool)), kind="stable")]
