"""Frames as small JSON: columns of integers, coordinates as running differences of grid numbers.

The client keeps grid numbers as the truth and derives degrees and pixels itself
(``static/js/core/flat.js`` reads what is written here). Knows no map and no colour.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.spatial.storage import Geometries, to_grid

Ints = npt.NDArray[np.int64]
Block = dict[str, object]

# Footprints and ground are drawn on 2**-20 degree (about 10 cm), 2**3 storage steps.
DRAWING_SHIFT = 3


@dataclass(frozen=True, slots=True)
class Lines:
    """Open and closed lines taken out of geometries, with the geometry each came from.

    Parameters
    ----------
    numbers
        (n, 2) grid numbers ``>> shift``; the closing vertex of a ring is left out.
    lengths
        (m,) vertices in each line.
    owner
        (m,) index of the geometry each line belongs to, ascending.
    """

    numbers: Ints
    lengths: Ints
    owner: Ints


def lines_of(geometries: Geometries, *, shift: int = DRAWING_SHIFT) -> Lines:
    """Return the rings, lines and points of geometries as integer lines.

    Rings of polygons turn anticlockwise, holes clockwise. Vertices that fall together on the
    coarser grid are kept once. Null and empty geometries give nothing.
    """
    parts, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    area = shapely.get_dimensions(parts) == 2
    rings, source = shapely.get_rings(shapely.orient_polygons(parts[area]), return_index=True)
    lines = np.concatenate([parts[~area], rings])
    owners = np.concatenate([owner[~area], owner[area][source]])
    closed = np.concatenate([np.zeros((~area).sum(), bool), np.ones(len(rings), bool)])
    order = np.argsort(owners, kind="stable")
    lines, owners, closed = lines[order], owners[order], closed[order]
    points, line = shapely.get_coordinates(lines, return_index=True)
    numbers = _coarse(to_grid(points), shift)
    keep = _kept(numbers, line, closed)
    lengths = np.bincount(line[keep], minlength=len(lines))
    there = lengths > 0
    return Lines(numbers[keep], lengths[there], owners[there].astype(np.int64))


def coarser(lines: Lines, *, shift: int = DRAWING_SHIFT) -> Lines:
    """Return open lines of storage grid numbers on the coarser drawing grid, ends kept."""
    line = np.repeat(np.arange(len(lines.lengths)), lines.lengths)
    numbers = _coarse(lines.numbers, shift)
    last = np.r_[line[1:] != line[:-1], True][: len(line)]
    keep = _kept(numbers, line, np.zeros(len(lines.lengths), bool)) | last
    return Lines(numbers[keep], np.bincount(line[keep], minlength=len(lines.lengths)), lines.owner)


def _coarse(numbers: npt.NDArray[np.integer[Any]], shift: int) -> Ints:
    return (numbers.astype(np.int64) + ((1 << shift) >> 1)) >> shift


def _kept(numbers: Ints, line: Ints, closed: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Tell which vertices stay: not equal to the one before, not the closing one of a ring."""
    first = np.r_[True, line[1:] != line[:-1]]
    last = np.r_[line[1:] != line[:-1], True]
    same = np.r_[False, (numbers[1:] == numbers[:-1]).all(axis=1)]
    kept: npt.NDArray[np.bool_] = (first | ~same) & ~(last & closed[line])
    return kept


def flat(lines: Lines, *, shift: int, geometries: int | None = None) -> Block:
    """Return lines as a block: lengths, running differences of x and y, lines a geometry.

    Parameters
    ----------
    geometries
        How many geometries the lines came from; leave out when lines stand for themselves.
    """
    steps = np.diff(lines.numbers, axis=0, prepend=lines.numbers[:1])
    block: Block = {
        "shift": shift,
        "origin": lines.numbers[0].tolist() if len(lines.numbers) else [0, 0],
        "len": lines.lengths.tolist(),
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
    }
    if geometries is not None:
        block["lines"] = np.bincount(lines.owner, minlength=geometries).tolist()
    return block


def steps(values: Ints) -> list[int]:
    """Return integers as running differences, the first from 0."""
    differences: list[int] = np.diff(values, prepend=0).tolist()
    return differences


def words(values: Iterable[str]) -> Block:
    """Return a text column that repeats itself as distinct words and an index a row."""
    column = list(values)
    distinct = list(dict.fromkeys(column))
    index = {word: number for number, word in enumerate(distinct)}
    return {"words": distinct, "at": [index[word] for word in column]}


def integers(values: Sequence[float] | npt.ArrayLike) -> list[int]:
    """Return a numeric column as integers, null as 0."""
    column = np.nan_to_num(np.asarray(values, dtype=np.float64)).round().astype(np.int64)
    return [int(value) for value in column]


def dumps(value: object) -> str:
    r"""Return JSON that may stand inside ``<script>``: no ``<``, ``>``, ``&`` nor line separators.

    Examples
    --------
    >>> dumps({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(_escaped, body)


_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def _escaped(found: re.Match[str]) -> str:
    """Return a JSON escape; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD."""
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code < 0xE000 else f"\\u{code:04x}"


def deflated(body: str) -> str:
    """Return text deflated and in base64, for ``DecompressionStream("deflate")``."""
    return base64.b64encode(zlib.compress(body.encode(), 9)).decode()
