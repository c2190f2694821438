"""Areas as ranges of paths, against the plain reading 'the path begins with the area'."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access.scope import Scope, area_range

path = st.lists(st.integers(1, 130), min_size=1, max_size=5).map(
    lambda ids: "".join(f"{i}." for i in ids)
)


@given(path, path)
def test_a_range_holds_exactly_the_paths_that_begin_with_the_area(area: str, other: str) -> None:
    low, high = area_range(area)

    assert (low <= other < high) == other.startswith(area)


@given(st.lists(path, max_size=6), path)
def test_areas_within_others_change_nothing(areas: list[str], other: str) -> None:
    scope = Scope.of_areas(areas)

    assert any(other.startswith(a) for a in scope.areas) == any(other.startswith(a) for a in areas)


@given(st.lists(path, max_size=6))
def test_areas_are_disjoint_and_in_order(areas: list[str]) -> None:
    kept = Scope.of_areas(areas).areas

    assert list(kept) == sorted(kept)
    assert not any(b.startswith(a) for a in kept for b in kept if a != b)


def test_nothing_and_everything() -> None:
    assert (Scope.nothing().setting, Scope.nothing().ranges) == ("", [])
    assert (Scope.everything().setting, Scope.everything().ranges) == ("*", [None])


@pytest.mark.parametrize("wrong", ["", "1", "1.2"])
def test_what_is_no_path_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="path"):
        Scope.of_areas([wrong])


@given(path)
def test_everything_covers_every_cell_and_nothing_none(cell: str) -> None:
    assert Scope.everything().covers(cell)
    assert not Scope.nothing().covers(cell)
