"""The columns that are added to a file: which, in which order, under which headers. Pure."""

from collections.abc import Iterable, Iterator

from geo.exchange.located.chunks import Column, Kind
from geo.texts import Lang, text

CELL = ("cell_code", "cell_name")
PERSON = ("worker", "post", "others")
PHONE = "duty_phone"
DOUBT = ("border_m", "ambiguous", "may_be", "nearest_code", "nearest_m")
ADDRESS = ("found_address", "score", "precision", "needs_person")
POINT = ("lon", "lat")
# Digits after the point; a border is told to the centimetre, which is how finely points are kept.
_DIGITS = {"border_m": 2, "nearest_m": 2, "score": 2, "lon": 7, "lat": 7}
_FLAGS = frozenset({"ambiguous"})
_WARNS = frozenset({"needs_person", "error"})
# What takes room when it is there, though the first rows may have none.
_ROOM = {"error": 30, "may_be": 20}


def of_leaf(depth: int, *, phones: bool) -> tuple[str, ...]:
    """Return the columns that a leaf cell alone decides.

    Parameters
    ----------
    depth : levels of the grid

    Examples
    --------
    >>> of_leaf(1, phones=False)
    ('cell_code', 'cell_name', 'worker', 'post', 'others', 'level1_code', 'level1_name')
    """
    return (*CELL, *PERSON, *((PHONE,) if phones else ()), *_steps(depth))


def names(depth: int, *, phones: bool, addresses: bool) -> tuple[str, ...]:
    """Return all columns that are added, in their order: what somebody looks for stands first."""
    first = ("error", "by", *(name for name in of_leaf(0, phones=phones)))
    return (*first, *DOUBT, *(ADDRESS if addresses else ()), *_steps(depth), *POINT)


def _steps(depth: int) -> list[str]:
    return [f"level{level}_{what}" for level in range(1, depth + 1) for what in ("code", "name")]


def columns(wanted: Iterable[str], taken: Iterable[str], lang: Lang) -> tuple[Column, ...]:
    """Return the columns under headers that the file does not have yet.

    Parameters
    ----------
    wanted : names
    taken : headers of the file; one of ours that is among them says whose it is
    """
    known = {header.strip().casefold() for header in taken}
    made = []
    for name in wanted:
        header = next(one for one in _headers(name, lang) if one.casefold() not in known)
        known.add(header.casefold())
        made.append(
            Column(header, _kind(name), _DIGITS.get(name, 2), name in _WARNS, _ROOM.get(name, 0))
        )
    return tuple(made)


def _headers(name: str, lang: Lang) -> Iterator[str]:
    """Yield what a column may be called; a file that is located twice has the first one already."""
    plain = _header(name, lang)
    yield plain
    yield text("located.ours", lang, header=plain)
    number = 2
    while True:
        yield text("located.ours", lang, header=plain) + f" {number}"
        number += 1


def _header(name: str, lang: Lang) -> str:
    if name.startswith("level"):
        level, what = name.removeprefix("level").split("_")
        called = text(f"cli.level.{level}", lang).replace(" ", "_")
        return text(f"located.column.level_{what}", lang, level=called)
    return text(f"located.column.{name}", lang)


def _kind(name: str) -> Kind:
    if name in _FLAGS:
        return Kind.FLAG
    return Kind.NUMBER if name in _DIGITS else Kind.TEXT
