"""A stated reason says something and gives nobody away."""

import pytest

from geo.people.reasons import ReasonPersonal, ReasonTooShort, stated


@pytest.mark.parametrize("reason", ["", "   ", "查看一", " ab ", "x" * 201, "a\x00bcd", "a\n\n\nb"])
def test_a_reason_that_says_nothing_or_cannot_be_printed_is_refused(reason: str) -> None:
    with pytest.raises(ReasonTooShort):
        stated(reason)


@pytest.mark.parametrize(
    "reason", ["call back 13812345678", "核实 11010519491231002X", "of 110105491231002"]
)
def test_a_reason_with_a_phone_or_id_number_is_refused(reason: str) -> None:
    with pytest.raises(ReasonPersonal):
        stated(reason)


@pytest.mark.parametrize("reason", ["入户走访", "工单 20261121001 回访", "flat 101, stairwell 2"])
def test_a_plain_reason_is_taken_as_it_is(reason: str) -> None:
    assert stated(f"  {reason} ") == reason


def test_lines_and_wide_blanks_become_single_blanks() -> None:
    assert stated("电话　回访\n核实") == "电话 回访 核实"
