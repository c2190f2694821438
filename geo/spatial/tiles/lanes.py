"""Eight boxes or eight edges in one go, for kernels: vector instructions written out.

A compiler that is left to itself takes the boxes one after the other, which takes twice as long.
The formulas are those of ``metres``, operation by operation, so their results are the same to the
bit; ``tests/geo/spatial/test_index_lanes.py`` holds them to that.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

LANES = 8
# What stands for a lane that is not asked: larger than the bits of any distance.
FAR = 2**63 - 1

_INT32, _INT64, _FLOAT64 = ir.IntType(32), ir.IntType(64), ir.DoubleType()
_INT, _FLOAT = types.int64, types.float64
_INTS, _FLOATS = ir.VectorType(_INT64, LANES), ir.VectorType(_FLOAT64, LANES)


class _Lanes:
    """Eight int64 or float64 of a kernel that is being compiled, with the signs of arithmetic."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def __add__(self, other: "_Lanes") -> "_Lanes":
        b = self.builder
        return self._by(b.fadd if self.value.type == _FLOATS else b.add, other)

    def __sub__(self, other: "_Lanes") -> "_Lanes":
        b = self.builder
        return self._by(b.fsub if self.value.type == _FLOATS else b.sub, other)

    def __mul__(self, other: "_Lanes") -> "_Lanes":
        return self._by(self.builder.fmul, other)

    def __truediv__(self, other: "_Lanes") -> "_Lanes":
        return self._by(self.builder.fdiv, other)

    def __and__(self, other: "_Lanes") -> "_Lanes":
        return self._by(self.builder.and_, other)

    def __or__(self, other: "_Lanes") -> "_Lanes":
        return self._by(self.builder.or_, other)

    def __neg__(self) -> "_Lanes":
        return _Lanes(self.builder, self.builder.fneg(self.value))

    def __lt__(self, other: "_Lanes") -> "_Lanes":
        b = self.builder
        if self.value.type == _FLOATS:
            return _Lanes(b, b.fcmp_ordered("<", self.value, other.value))
        return _Lanes(b, b.icmp_signed("<", self.value, other.value))

    def __gt__(self, other: "_Lanes") -> "_Lanes":
        return other < self

    def then(self, yes: "_Lanes", no: "_Lanes") -> "_Lanes":
        """Return, lane by lane, one of two."""
        return _Lanes(self.builder, self.builder.select(self.value, yes.value, no.value))

    def most(self, other: "_Lanes") -> "_Lanes":
        return (self < other).then(other, self)

    def floats(self) -> "_Lanes":
        return _Lanes(self.builder, self.builder.sitofp(self.value, _FLOATS))

    def bits(self) -> "_Lanes":
        return _Lanes(self.builder, self.builder.bitcast(self.value, _INTS))

    def least(self) -> Any:
        """Return the least of eight integers."""
        found = self
        for apart in (4, 2, 1):
            turned = [(lane + apart) % LANES for lane in range(LANES)]
            other = _Lanes(self.builder, _shuffled(self.builder, found.value, turned))
            found = (other < found).then(other, found)
        return self.builder.extract_element(found.value, _INT32(0))

    def _by(self, instruction: Callable[[Any, Any], Any], other: "_Lanes") -> "_Lanes":
        return _Lanes(self.builder, instruction(self.value, other.value))


def _shuffled(builder: Any, value: Any, lanes: Sequence[int]) -> Any:
    mask = ir.Constant(ir.VectorType(_INT32, len(lanes)), list(lanes))
    return builder.shuffle_vector(value, ir.Constant(value.type, ir.Undefined), mask)


def _all(builder: Any, value: Any) -> _Lanes:
    """Return a number eight times."""
    kind = _FLOATS if value.type == _FLOAT64 else _INTS
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), value, _INT32(0))
    return _Lanes(builder, _shuffled(builder, one, [0] * LANES))


def _number(builder: Any, value: float | int) -> _Lanes:
    kind = _FLOATS if isinstance(value, float) else _INTS
    return _Lanes(builder, ir.Constant(kind, [value] * LANES))


def _columns(builder: Any, address: Any, width: int) -> list[_Lanes]:
    """Return the columns of eight rows of int32 as int64."""
    kind = ir.VectorType(_INT32, LANES * width)
    loaded = builder.load(builder.inttoptr(address, kind.as_pointer()), align=4)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return [
        _Lanes(
            builder,
            builder.sext(_shuffled(builder, loaded, range(column, LANES * width, width)), _INTS),
        )
        for column in range(width)
    ]


def _boxes_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    address, first, rest, x, y, east_m, north_m, low, out = arguments
    x, y, east_m, north_m, low, first, rest = (
        _all(builder, argument) for argument in (x, y, east_m, north_m, low, first, rest)
    )
    west, south, east, north = _columns(builder, address, 4)
    nothing = _number(builder, 0)
    dx = (west - x).most(x - east).most(nothing).floats() * east_m
    dy = (south - y).most(y - north).most(nothing).floats() * north_m
    lane = _Lanes(builder, ir.Constant(_INTS, list(range(LANES))))
    known = ((dx * dx + dy * dy).bits() & low) | (first + lane)
    known = (lane < rest).then(known, _number(builder, FAR))
    builder.store(known.value, builder.inttoptr(out, _INTS.as_pointer()), align=8)
    return known.least()


def _edges_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    address, rest, x, y, east_m, north_m = arguments
    rest, x, y, east_m, north_m = (
        _all(builder, argument) for argument in (rest, x, y, east_m, north_m)
    )
    ends = []
    for place in (address, builder.add(address, _INT64(8))):
        column, row = _columns(builder, place, 2)
        ends += [(column - x).floats() * east_m, (row - y).floats() * north_m]
    lane = _Lanes(builder, ir.Constant(_INTS, list(range(LANES))))
    apart = _to_edge(builder, *ends).bits()
    return (lane < rest).then(apart, _number(builder, FAR)).least()


def _to_edge(builder: Any, x1: _Lanes, y1: _Lanes, x2: _Lanes, y2: _Lanes) -> _Lanes:
    """Return what ``metres.to_edge`` does."""
    nothing, one = _number(builder, 0.0), _number(builder, 1.0)
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    along = -(x1 * dx + y1 * dy) / (length > nothing).then(length, one)
    along = (along > nothing).then(along, nothing)
    along = (along < one).then(along, one)
    x = (along < one).then(x1 + along * dx, x2)
    y = (along < one).then(y1 + along * dy, y2)
    return x * x + y * y


def _eight_boxes(
    typing: Any,
    address: Any,
    first: Any,
    rest: Any,
    x: Any,
    y: Any,
    east_m: Any,
    north_m: Any,
    low: Any,
    out: Any,
) -> Any:
    return _INT(*[_INT] * 5, _FLOAT, _FLOAT, _INT, _INT), _boxes_code


def _eight_edges(
    typing: Any, address: Any, rest: Any, x: Any, y: Any, east_m: Any, north_m: Any
) -> Any:
    return _INT(*[_INT] * 4, _FLOAT, _FLOAT), _edges_code


# Writes eight int64 and returns the least: the bits of the square of how far each box is, with the
# box's number in the low ones that a mask leaves free; ``FAR`` where there is no box.
# (address of the first box, its number, how many there are, x, y, metres a step east and north,
# mask, address to write to)
eight_boxes = cast(
    Callable[[int, int, int, int, int, float, float, int, int], int], intrinsic(_eight_boxes)
)
# Returns the least of the bits of the squares of how far eight edges are, ``FAR`` for none.
# (address of the first vertex, how many edges there are, x, y, metres a step east and north)
eight_edges = cast(Callable[[int, int, int, int, float, float], int], intrinsic(_eight_edges))
