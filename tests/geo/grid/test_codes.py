"""New cells get codes by the deployment's pattern, in the order of the map, none ever twice."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.grid.codes import (
    PATTERNS,
    CodePattern,
    CodePatternRefused,
    CodesExhausted,
    ParentCodeUnfit,
    allocated,
)
from geo.settings import Settings

COMMUNITY = "370114001002"
SQUARES = [shapely.box(x, y, x + 1, y + 1) for y in (1, 0) for x in (0, 1)]


@pytest.mark.parametrize(
    ("name", "parent", "code"),
    [
        ("division", COMMUNITY, "370114001002001"),
        ("division", "370114001002001", "370114001002001001"),
        ("15", COMMUNITY, "370114001002001"),
        ("20", COMMUNITY, "00000037011400100201"),
        ("010203{parent:12}{seq:2}", COMMUNITY, "01020337011400100201"),
        ("{parent}-{seq:4}", "A7", "A7-0001"),
    ],
)
def test_the_first_code_of_each_pattern(name: str, parent: str, code: str) -> None:
    assert allocated(CodePattern.of(name), [parent], SQUARES[:1], ()) == [code]


def test_codes_run_west_to_east_then_north_to_south() -> None:
    north_west, north_east, south_west, south_east = SQUARES

    codes = allocated(
        CodePattern.of("15"), [COMMUNITY] * 4, [south_east, north_west, south_west, north_east], ()
    )

    assert [code[-3:] for code in codes] == ["004", "001", "003", "002"]


def test_each_parent_counts_for_itself() -> None:
    codes = allocated(CodePattern.of("division"), ["A", "B", "A", "B"], SQUARES, {"B007"})

    assert codes == ["A001", "B008", "A002", "B009"]


def test_codes_of_cells_that_are_no_more_are_not_given_again() -> None:
    used = {"A001", "A002", "A009"}

    assert allocated(CodePattern.of("division"), ["A"], SQUARES[:1], used) == ["A010"]


def test_codes_of_other_lengths_do_not_count() -> None:
    used = {"A0011", "A99", "A00x", "AB005", "A"}

    assert allocated(CodePattern.of("division"), ["A"], SQUARES[:1], used) == ["A001"]


def test_numbers_left_out_come_when_the_last_is_gone() -> None:
    used = {f"A{number}" for number in range(1, 10)} - {"A3", "A7"}

    codes = allocated(CodePattern.of("{parent}{seq:1}"), ["A", "A"], SQUARES[:2], used)

    assert codes == ["A3", "A7"]


def test_no_number_left_is_said() -> None:
    used = {f"A{number:03}" for number in range(1, 1000)}

    with pytest.raises(CodesExhausted, match="999"):
        allocated(CodePattern.of("division"), ["A"], SQUARES[:1], used)


@pytest.mark.parametrize(
    ("siblings", "code"),
    [
        (["01", "02", "03"], "04"),
        (["01", "02", "0101", "0102"], "03"),  # the last two are children of 01
        (["0001"], "0002"),
        (["01", "002"], "003"),  # no common width: the pattern
        (["01", "x2"], "001"),
        (["1", "2"], "001"),  # one digit is no numbering
        ([f"{n:02}" for n in range(1, 100) if n != 7], "07"),
        ([f"{n:02}" for n in range(1, 100)], "100"),
        ([f"{n:02}" for n in range(1, 100)] + ["100"], "101"),
    ],
)
def test_a_new_cell_looks_like_its_siblings(siblings: list[str], code: str) -> None:
    used = {"340603002009006" + tail for tail in ["", *siblings]}

    (given,) = allocated(CodePattern.of("division"), ["340603002009006"], SQUARES[:1], used)

    assert given == "340603002009006" + code


@given(st.integers(2, 4), st.sets(st.integers(1, 99), min_size=1), st.permutations(range(4)))
def test_siblings_of_one_width_get_more_of_it(
    width: int, numbers: set[int], order: list[int]
) -> None:
    used = {f"A{number:0{width}}" for number in numbers}

    codes = allocated(
        CodePattern.of("{parent}{seq:5}"), ["A"] * 4, [SQUARES[i] for i in order], used
    )

    assert not set(codes) & used
    assert len(set(codes)) == 4
    if max(numbers) + 4 < 10**width:
        on_map = [codes[order.index(place)] for place in range(4)]
        assert on_map == [f"A{max(numbers) + step:0{width}}" for step in range(1, 5)]


@pytest.mark.parametrize("parent", ["37011400100", "370114001002001", "37011400100A"])
def test_a_parent_of_other_digits_is_refused(parent: str) -> None:
    with pytest.raises(ParentCodeUnfit, match="12"):
        allocated(CodePattern.of("15"), [parent], SQUARES[:1], ())


@pytest.mark.parametrize(
    "text", ["", "{seq:3}", "{parent}", "{parent}{seq:7}", "{seq:3}{parent}", "网格{parent}{seq:3}"]
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(CodePatternRefused):
        CodePattern.of(text)


@given(
    st.sampled_from([*PATTERNS, "{parent}{seq:1}"]),
    st.lists(st.lists(st.integers(1, 3), max_size=6), max_size=8),
)
def test_no_code_is_ever_given_twice(name: str, rounds: list[list[int]]) -> None:
    pattern, used = CodePattern.of(name), set[str]()

    for parents in rounds:
        cells = [shapely.box(x, 0, x + 1, 1) for x in range(len(parents))]
        try:
            codes = allocated(pattern, [f"{p:012}" for p in parents], cells, used)
        except CodesExhausted:
            continue
        assert len(set(codes)) == len(codes)
        assert not set(codes) & used
        used |= set(codes)


@pytest.mark.parametrize("value", [*PATTERNS, *PATTERNS.values(), "", "{parent}", "x{seq:3}"])
def test_the_setting_takes_exactly_what_can_be_read(value: str) -> None:
    try:
        CodePattern.of(value)
        readable = True
    except CodePatternRefused:
        readable = False

    if readable:
        assert Settings(code_pattern=value).code_pattern == value
    else:
        with pytest.raises(ValueError, match="code_pattern"):
            Settings(code_pattern=value)
