"""Units as a graph: what a border between two costs, and how strongly two belong together."""

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.grid.division.compiled import compiled
from geo.grid.division.model import CLASS, Barrier, Bools, Floats, Ints, Keys
from geo.spatial.units.ground import Units

# A border along a line of each class costs less by this share of it, and pulls cells together less.
_CHEAPER = np.array([0.45, 0.65, 0.8, 0.8, 0.95])
_LOOSER = np.array([0.7, 0.9, 0.95, 0.95, 0.99])
_WALL_SHARE = 0.5  # of a border: then it is one along a wall
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Graph:
    """Units and their borders in rows: those of unit u stand at starts[u] to starts[u + 1].

    Parameters
    ----------
    starts : (n + 1,)
    ends : (e,) the other unit; each border stands twice
    cost : (e,) of a border between cells there, metres
    pull : (e,) how strongly two units belong together, metres
    wall : (e,) bool, the border runs along a river or a railway
    length : (e,) metres
    street : (e,) how much of it runs along streets, rivers, railways, metres
    weight : (n,) at most the maximum: a larger building fills a cell by itself
    load : (n,) what the unit holds in truth
    key : (n,) of its place, for random numbers
    region : (n,) what belongs together: no cell crosses from one to another
    area, rim : (n,) of each unit, m² and metres
    """

    starts: Ints
    ends: Ints
    cost: Floats
    pull: Floats
    wall: Bools
    length: Floats
    street: Floats
    weight: Floats
    load: Floats
    key: Keys
    region: Ints
    area: Floats
    rim: Floats

    @property
    def tails(self) -> Ints:
        """The unit at which each border stands, (e,)."""
        return np.repeat(np.arange(len(self.weight)), np.diff(self.starts))

    def without(self, closed: Bools) -> "Graph":
        """Return the graph without some borders, (e,) bool, the same both ways."""
        kept = ~closed
        counts = np.bincount(self.tails[kept], minlength=len(self.weight))
        return replace(
            self,
            starts=_starts(counts),
            ends=self.ends[kept],
            cost=self.cost[kept],
            pull=self.pull[kept],
            wall=self.wall[kept],
            length=self.length[kept],
            street=self.street[kept],
        )


def graph_of(units: Units, load: Floats, high: float, region: Ints) -> Graph:
    """Return the graph of units.

    Parameters
    ----------
    units : Units
    load : (n,) what each holds
    high : the maximum of a cell
    region : (n,) no border is crossed from one region to another
    """
    same = region[units.first] == region[units.second]
    first, second = units.first[same], units.second[same]
    length, along = units.length_m[same], units.along[same]
    width = along.shape[1]
    cost = length * (1.0 - along @ _CHEAPER[:width])
    pull = length * (1.0 - along @ _LOOSER[:width])
    at_wall = CLASS[Barrier.WALL]
    wall = along[:, at_wall] > _WALL_SHARE if width > at_wall else np.zeros(len(first), np.bool_)
    tail, end = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((end, tail))
    twice = np.concatenate([np.arange(len(first))] * 2)[order]
    return Graph(
        _starts(np.bincount(tail, minlength=len(load))),
        end[order],
        np.maximum(cost, _LEAST)[twice],
        np.maximum(pull, _LEAST)[twice],
        wall[twice],
        length[twice],
        (length * along.sum(axis=1))[twice],
        np.minimum(load, high),
        load,
        _keys(units),
        region,
        np.asarray(shapely.area(units.shapes), dtype=np.float64),
        np.asarray(shapely.length(units.shapes), dtype=np.float64),
    )


def components(graph: Graph) -> Ints:
    """Return a label for each unit, the lowest unit it is connected with."""
    return _components(graph.starts, graph.ends)


@compiled
def _components(starts: Ints, ends: Ints) -> Ints:
    label = np.full(len(starts) - 1, -1, np.int64)
    stack = np.empty(len(starts), np.int64)
    for first in range(len(label)):
        if label[first] >= 0:
            continue
        label[first] = first
        stack[0], size = first, 1
        while size > 0:
            size -= 1
            node = stack[size]
            for e in range(starts[node], starts[node + 1]):
                if label[ends[e]] < 0:
                    label[ends[e]] = first
                    stack[size] = ends[e]
                    size += 1
    return label


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _keys(units: Units) -> Keys:
    """Return a number for the place of each unit that no other unit has a say in."""
    inside = shapely.get_coordinates(shapely.point_on_surface(units.shapes))
    east, north = units.frame.numbers(inside).T
    with np.errstate(over="ignore"):
        mixed = east.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= north.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    return mixed
