"""Pages cut by key and by area: nothing twice, nothing missed, no area read in vain."""

from hypothesis import given
from hypothesis import strategies as st

from geo.access.scope import Scope
from geo.db.paging import Page, PathRange, Slice, cut, first_by_area, ranges_within, read_by_area

Row = tuple[str, int]

STEPS = st.lists(st.integers(1, 12), min_size=1, max_size=4)
PATHS = STEPS.map(lambda steps: "".join(f"{step}." for step in steps))


def read_from(rows: list[Row], seen: list[PathRange | None]):  # type: ignore[no-untyped-def]  # test double
    def read(bounds: PathRange | None, page: Page) -> list[Row]:
        seen.append(bounds)
        found = [row for row in sorted(rows) if bounds is None or bounds[0] <= row[0] < bounds[1]]
        after = page.after
        return [row for row in found if after is None or row > after][: page.limit]

    return read


def walk(rows: list[Row], scope: Scope, limit: int) -> list[Row]:
    found: list[Row] = []
    page = Page(limit)
    while True:
        part = read_by_area(ranges_within(scope), page, read_from(rows, []), lambda row: row)
        found += part.rows
        if part.after is None:
            return found
        page = Page(limit, part.after)


@given(
    st.lists(st.tuples(PATHS, st.integers(1, 99)), unique=True), st.lists(PATHS), st.integers(1, 9)
)
def test_a_walk_gives_each_row_of_the_scope_once_and_in_order(
    rows: list[Row], areas: list[str], limit: int
) -> None:
    scope = Scope.of_areas(areas)
    inside = [row for row in rows if any(row[0].startswith(area) for area in areas)]

    assert walk(rows, scope, limit) == sorted(inside)


@given(st.lists(PATHS), PATHS, PATHS)
def test_ranges_within_an_area_are_what_scope_and_area_share(
    areas: list[str], area: str, path: str
) -> None:
    ranges = ranges_within(Scope.of_areas(areas), area)
    inside = any(bounds and bounds[0] <= path < bounds[1] for bounds in ranges)

    assert inside == (path.startswith(area) and any(path.startswith(own) for own in areas))


def test_everything_within_an_area_is_the_area() -> None:
    assert ranges_within(Scope.everything(), "1.2.") == [("1.2.", "1.2/")]
    assert ranges_within(Scope.everything()) == [None]
    assert ranges_within(Scope.nothing()) == []


def test_areas_after_a_full_page_are_not_read() -> None:
    seen: list[PathRange | None] = []
    rows = [("1.1.", 1), ("1.1.", 2), ("1.1.", 3), ("1.2.", 4)]
    ranges = ranges_within(Scope.of_areas(["1.1.", "1.2."]))
    page = read_by_area(ranges, Page(2), read_from(rows, seen), lambda row: row)

    assert page == Slice(rows=rows[:2], after=("1.1.", 2))
    assert seen == [("1.1.", "1.1/")]


def test_areas_behind_the_cursor_are_not_read() -> None:
    seen: list[PathRange | None] = []
    rows = [("1.1.", 1), ("1.2.", 4)]
    ranges = ranges_within(Scope.of_areas(["1.1.", "1.2."]))
    read_by_area(ranges, Page(2, ("1.2.", 3)), read_from(rows, seen), lambda row: row)

    assert seen == [("1.2.", "1.2/")]


def test_a_page_that_is_just_full_is_the_last() -> None:
    assert cut([1, 2], 2, lambda row: (row,)) == Slice(rows=[1, 2], after=None)
    assert cut([1, 2, 3], 2, lambda row: (row,)).after == (2,)


def test_one_row_is_found_in_whichever_area_it_lies_and_no_area_after_it_is_read() -> None:
    seen: list[PathRange | None] = []
    scope = Scope.of_areas(["1.1.", "1.2.", "1.3."])

    assert first_by_area(scope, read_from([("1.2.", 4)], seen)) == ("1.2.", 4)
    assert seen == [("1.1.", "1.1/"), ("1.2.", "1.2/")]
    assert first_by_area(scope, read_from([("1.4.", 5)], [])) is None
