"""Streets and communities of the demo town: which block belongs to which real division.

Codes and names are real, shapes are invented. Dong street is drawn by hand (``geo.demo.dong``);
the other nine streets take the blocks nearest to a centre, their communities halve these again
and again into equal loads, so that they are small in the middle of the town and large at the rim.
"""

from functools import cache

import numpy as np

from geo.demo import dong, outline
from geo.demo.lattice import Ints, pieces
from geo.demo.plan import Plan, Zone, in_dong, plan
from geo.demo.warp import Floats

# Street → (u km, v km, reach km): a block goes to the least distance² − reach².
_CENTRES = {
    "340603001": (-1.5, -1.05, 1.15),
    "340603003": (-2.3, 1.3, 1.7),
    "340603005": (1.5, 1.6, 1.4),
    "340603008": (2.3, -2.2, 1.9),
    "340603009": (-0.6, -3.2, 1.4),
    "340603010": (-7.0, 0.3, 2.1),
    "340603011": (-3.6, -1.7, 1.5),
    "340603100": (-14.0, 3.8, 5.2),
    "340603400": (-6.4, 3.9, 2.3),
}
_OUTSIDE = -1
_BARE_LAND = 0.08  # load of land where nobody lives


@cache
def areas(seed: int) -> Ints:
    """Return the community of each lot.

    Parameters
    ----------
    seed : the town's seed

    Returns
    -------
    (nv, nu) int64, index into ``outline.divisions()``; −1 outside the district
    """
    drawn = plan(seed)
    hand = np.zeros(drawn.zone.shape, dtype=bool)
    hand[in_dong(drawn.lattice)] = True
    street = _nearest_street(drawn)
    street[hand] = _index("340603002")
    street = connected(street, drawn.lattice.inside, fixed=hand)
    community = np.full(street.shape, _OUTSIDE)
    for code in _CENTRES:
        members = np.flatnonzero((street == _index(code)).ravel())
        community.ravel()[members] = _communities(drawn, members, code)
    community[in_dong(drawn.lattice)] = [
        [_index(dong.COMMUNITIES[letter]) for letter in line] for line in dong.COMMUNITY_MAP
    ]
    community[drawn.lattice.inside == 0.0] = _OUTSIDE
    for narrow, step in ((drawn.zone == Zone.RAIL, (-1, 0)), (drawn.zone == Zone.RIVER, (0, 1))):
        community = _beside(community, narrow & ~hand, step)
    return connected(community, drawn.lattice.inside, fixed=hand)


def connected(labels: Ints, size: Floats, *, fixed: np.ndarray) -> Ints:
    """Return labels of which each is one piece: lesser pieces join the label they touch most.

    Parameters
    ----------
    labels : (nv, nu) int64, negative where there is nothing
    size : (nv, nu) float64, what makes a piece the greater one
    fixed : (nv, nu) bool, lots that nothing may join

    Returns
    -------
    (nv, nu) int64
    """
    result = labels.copy()
    while True:
        piece = pieces(result)
        weight = _sums(piece.ravel() + 1, size.ravel())[1:]
        first = np.full(len(weight), 0)
        first[piece[piece >= 0]] = result[piece >= 0]
        main = {int(label): _heaviest(first, weight, label) for label in np.unique(first)}
        stray = [n for n in range(len(weight)) if n != main[int(first[n])]]
        if not stray:
            return result
        for number in stray:
            result = _joined(result, piece == number, fixed)


def _beside(labels: Ints, narrow: np.ndarray, step: tuple[int, int]) -> Ints:
    """Give railway and river lots the label of the lot south or west of them."""
    near = np.roll(labels, step, (0, 1))
    return np.where(narrow & (near >= 0) & (labels >= 0), near, labels)


def _heaviest(first: Ints, weight: Floats, label: int) -> int:
    own = np.flatnonzero(first == label)
    return int(own[np.argmax(weight[own])])


def _joined(labels: Ints, piece: np.ndarray, fixed: np.ndarray) -> Ints:
    touched = []
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        near = np.roll(piece, step, axis) & ~piece & ~fixed & (labels >= 0)
        touched.append(labels[near])
    near_labels, counts = np.unique(np.concatenate(touched), return_counts=True)
    result = labels.copy()
    result[piece] = near_labels[np.argmax(counts)] if len(counts) else _OUTSIDE
    return result


def _nearest_street(drawn: Plan) -> Ints:
    u, v = _block_centres(drawn)
    score = np.stack(
        [(u - east) ** 2 + (v - north) ** 2 - reach**2 for east, north, reach in _CENTRES.values()]
    )
    numbers = np.array([_index(code) for code in _CENTRES])
    street = numbers[np.argmin(score, axis=0)][drawn.block]
    return np.where(drawn.block >= 0, street, _OUTSIDE)


def _block_centres(drawn: Plan) -> tuple[Floats, Floats]:
    """Return the middle of each block, in km, by its label."""
    seen = drawn.block >= 0
    label = drawn.block[seen]
    size = np.bincount(label)
    u, v = drawn.lattice.centres
    size_km = 1000.0 * np.maximum(size, 1)
    return _sums(label, u[seen]) / size_km, _sums(label, v[seen]) / size_km


def _communities(drawn: Plan, members: Ints, street: str) -> Ints:
    """Return the community of each lot of a street, whole blocks only."""
    codes = [d.code for d in outline.divisions() if d.parent_code == street]
    grid = drawn.lattice
    label, inverse = np.unique(drawn.block.ravel()[members], return_inverse=True)
    people = grid.inside * (_BARE_LAND + np.maximum(drawn.intensity, 0.0) ** 1.5)
    load = _sums(inverse, people.ravel()[members])
    size = np.bincount(inverse)
    centres = [_sums(inverse, axis.ravel()[members]) / size for axis in grid.centres]
    part = np.zeros(len(label), dtype=np.int64)
    _halve(np.column_stack(centres), load, np.arange(len(label)), range(len(codes)), part)
    return np.array([_index(code) for code in codes])[part][inverse]


def _halve(centres: Floats, load: Floats, members: Ints, numbers: range, part: Ints) -> None:
    """Give ``members`` the numbers, each about the same load, by cutting across the long way."""
    if len(numbers) == 1:
        part[members] = numbers[0]
        return
    own = centres[members]
    spread = own.std(axis=0)
    axis = int(spread[1] > spread[0])
    order = members[np.argsort(own[:, axis] * (1 - 2 * axis), kind="stable")]
    running = np.cumsum(load[order]) - load[order] / 2.0
    less = len(numbers) // 2
    cut = int(np.searchsorted(running, running[-1] * less / len(numbers)))
    cut = min(max(cut, less), len(order) - (len(numbers) - less))
    _halve(centres, load, order[:cut], numbers[:less], part)
    _halve(centres, load, order[cut:], numbers[less:], part)


def _sums(label: Ints, values: Floats) -> Floats:
    return np.asarray(np.bincount(label, values), dtype=np.float64)


@cache
def _numbers() -> dict[str, int]:
    return {division.code: n for n, division in enumerate(outline.divisions())}


def _index(code: str) -> int:
    return _numbers()[code]
