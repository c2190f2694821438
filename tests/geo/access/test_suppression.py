"""Public counts: whoever knows every number told, and the rule, cannot tell a small count.

The proofs are by brute force: of all worlds that would be told the same way, each small count must
take several values. Nothing here repeats the rule; it is only asked.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access.suppression import Counts, public_counts, public_frame, told

# Shapes by the parent of each cell; the brute force goes through every count of their leaves.
SHAPES = {
    "two leaves": (None, 0, 0),
    "three leaves": (None, 0, 0, 0),
    "four leaves": (None, 0, 0, 0, 0),
    "a chain": (None, 0, 1, 2),
    "a leaf beside a pair": (None, 0, 0, 1, 1),
    "two pairs": (None, 0, 0, 1, 1, 2, 2),
    "a pair deep down": (None, 0, 0, 1, 3, 3),
    "an only child with three": (None, 0, 1, 1, 1),
}
MOST = 10  # whole steps, or worlds would be missing at the end


def paths_of(parents: tuple[int | None, ...]) -> list[str]:
    paths: list[str] = []
    for number, parent in enumerate(parents):
        paths.append(f"{'' if parent is None else paths[parent]}{number + 1}.")
    return paths


def leaves_of(parents: tuple[int | None, ...]) -> list[int]:
    return [cell for cell in range(len(parents)) if cell not in parents]


def summed(parents: tuple[int | None, ...], leaves: Counts) -> Counts:
    """Return the counts of all cells from those of the leaves, one world a column."""
    sums = np.zeros((len(parents), leaves.shape[1]), dtype=np.int64)
    sums[leaves_of(parents)] = leaves
    for cell in range(len(parents) - 1, 0, -1):
        parent = parents[cell]
        assert parent is not None
        sums[parent] += sums[cell]
    return sums


def every_world(parents: tuple[int | None, ...]) -> Counts:
    leaves = leaves_of(parents)
    axes = np.meshgrid(*[np.arange(MOST)] * len(leaves), indexing="ij")
    return summed(parents, np.stack([axis.ravel() for axis in axes]))


def spreads(parents: tuple[int | None, ...], worlds: Counts) -> tuple[Counts, Counts]:
    """Return the least and the most of each cell among the worlds told the same way."""
    numbers = public_counts(paths_of(parents), worlds)
    _, group = np.unique(numbers, axis=1, return_inverse=True)
    group = group.ravel()
    least = np.full((len(parents), group.max() + 1), np.iinfo(np.int64).max)
    most = np.full_like(least, -1)
    for cell in range(len(parents)):
        np.minimum.at(least[cell], group, worlds[cell])
        np.maximum.at(most[cell], group, worlds[cell])
    return least[:, group], most[:, group]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_no_small_count_can_be_told_from_all_that_is_published(
    shape: tuple[int | None, ...],
) -> None:
    worlds = every_world(shape)
    least, most = spreads(shape, worlds)
    small = (worlds >= 1) & (worlds <= 4)

    assert small.any()
    # Five values each; of a leaf all from 0 to 4: nothing told narrows what is not told.
    assert (most - least)[small].min() >= 4
    leaves = leaves_of(shape)
    assert least[leaves][small[leaves]].max() == 0


def test_five_full_groups_below_a_total_give_nothing_away() -> None:
    shape = (None, 0, 0, 0, 0, 0)
    truth = summed(shape, np.full((5, 1), 4))
    one_less = summed(shape, np.array([[0], [4], [4], [4], [4]]))
    numbers = public_counts(paths_of(shape), truth)

    # 20 in all, told as 15: plain rounding would tell 20, which only five fours can reach.
    assert numbers.ravel().tolist() == [15, 0, 0, 0, 0, 0]
    assert public_counts(paths_of(shape), one_less).ravel().tolist() == numbers.ravel().tolist()


@st.composite
def towns(draw: st.DrawFn) -> tuple[tuple[int | None, ...], Counts]:
    size = draw(st.integers(2, 40))
    parents: list[int | None] = [None]
    parents += [draw(st.integers(max(0, cell - 12), cell - 1)) for cell in range(1, size)]
    shape = tuple(parents)
    small = st.integers(0, 9) | st.integers(0, 200)
    leaves = [draw(small) for _ in leaves_of(shape)]
    return shape, np.array(leaves, dtype=np.int64)[:, None]


@settings(max_examples=300, deadline=None)
@given(towns())
def test_bounds_carried_up_and_down_a_town_stay_wide(
    town: tuple[tuple[int | None, ...], Counts],
) -> None:
    shape, leaves = town
    truth = summed(shape, leaves)[:, 0].tolist()
    numbers = public_counts(paths_of(shape), summed(shape, leaves))[:, 0].tolist()
    children = {c: [d for d, p in enumerate(shape) if p == c] for c in range(len(shape))}
    low, high = list(numbers), [number + 4 for number in numbers]
    for cell in reversed(range(len(shape))):  # what somebody who knows the rule concludes
        if parts := children[cell]:
            reach = sum(high[part] for part in parts)
            assert numbers[cell] <= reach - 4
            high[cell] = high[cell] if numbers[cell] + 5 <= reach - 4 else reach
    for cell in range(len(shape)):
        parts = children[cell]
        least, most = sum(low[part] for part in parts), sum(high[part] for part in parts)
        bounds = [
            (max(low[p], low[cell] - most + high[p]), min(high[p], high[cell] - least + low[p]))
            for p in parts
        ]
        for part, (lowest, highest) in zip(parts, bounds, strict=True):
            low[part], high[part] = lowest, highest

    for cell, count in enumerate(truth):
        assert low[cell] <= count <= high[cell]
        assert high[cell] - low[cell] >= 4


@settings(max_examples=200, deadline=None)
@given(towns(), st.data())
def test_a_cell_tells_the_same_whichever_cell_is_asked_for(
    town: tuple[tuple[int | None, ...], Counts], data: st.DataObject
) -> None:
    shape, leaves = town
    paths, sums = paths_of(shape), summed(shape, leaves)
    whole = dict(zip(paths, public_counts(paths, sums)[:, 0].tolist(), strict=True))
    asked = paths[data.draw(st.integers(0, len(paths) - 1))]
    below = [place for place, path in enumerate(paths) if path.startswith(asked)]
    part = public_counts([paths[place] for place in below], sums[below])[:, 0].tolist()

    assert part == [whole[paths[place]] for place in below]


@settings(max_examples=200, deadline=None)
@given(towns())
def test_what_is_told_is_a_multiple_of_five_and_never_too_much(
    town: tuple[tuple[int | None, ...], Counts],
) -> None:
    shape, leaves = town
    sums = summed(shape, leaves)
    numbers = public_counts(paths_of(shape), sums)

    assert (numbers % 5 == 0).all()
    assert (numbers <= sums).all()
    assert (numbers >= 0).all()
    # Parts never add up to more than their whole.
    assert (summed(shape, numbers[leaves_of(shape)]) <= numbers).all()


@pytest.mark.parametrize(
    ("count", "number"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (2863, 2860)]
)
def test_a_leaf_is_rounded_down_or_not_told(count: int, number: int | None) -> None:
    assert told(int(public_counts(["1."], np.array([[count]]))[0, 0])) == number


def test_a_frame_tells_kinds_and_their_sum() -> None:
    cells = pd.DataFrame(
        {
            "path": ["1.", "1.2.", "1.3."],
            "owner_occupied": [59, 38, 21],
            "rented": [6, 3, 3],
            "vacant": [0, 0, 0],
            "persons": [140, 100, 40],
        },
        index=["a", "b", "c"],
    )
    numbers = public_frame(cells, ["owner_occupied", "rented", "vacant"], ["persons"])

    # Of a: two parts told 35 and 20 reach 63, less four is 59, so 55; rented 4 + 4 - 4 leaves none.
    assert numbers["owner_occupied"].tolist() == [55, 35, 20]
    assert numbers["rented"].isna().all()
    assert numbers["vacant"].isna().all()
    assert numbers["households"].tolist() == [55, 35, 20]
    assert numbers["persons"].tolist() == [140, 100, 40]
    assert numbers.index.tolist() == ["a", "b", "c"]


def test_no_cells_give_no_numbers() -> None:
    empty = pd.DataFrame({"path": [], "rented": []})

    assert public_frame(empty, ["rented"], []).empty


@pytest.mark.parametrize(
    ("parts", "left", "pinned"), [(2, 5.0, 0.0), (3, 3.88, 0.056), (6, 3.4, 0.08)]
)
def test_who_knows_all_parts_but_one_is_left_with_more_than_three_of_five_values(
    parts: int, left: float, pinned: float
) -> None:
    """What is known and not told is a limit that ``docs/security.md`` states: this is its size.

    With many parts the remainders r of those known add up to any rest by five alike; the whole
    then tells whether the last count is below 5 - r: (25 + 2 * 17 + 2 * 13) / 25 = 3.4 values are
    left, and one in the cases r = 1, count 4 and r = 4, count 0 of 25.
    """
    shape = (None, *[0] * parts)
    axes = np.meshgrid(*[np.arange(5)] * parts, indexing="ij")
    worlds = summed(shape, np.stack([axis.ravel() for axis in axes]))
    known = np.vstack([worlds[1:-1], public_counts(paths_of(shape), worlds)])
    _, group, sizes = np.unique(known, axis=1, return_inverse=True, return_counts=True)
    values = sizes[group.ravel()]

    assert values.mean() == pytest.approx(left, abs=0.005)
    assert (values == 1).mean() == pytest.approx(pinned, abs=0.0005)
