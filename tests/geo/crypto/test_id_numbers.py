"""Whether an ID number can be right."""

import pytest

from geo.crypto.id_numbers import check_character, id_number_flaw

# GB 11643-1999, appendix A.
STANDARD = ("11010519491231002X", "440524188001010014")


@pytest.mark.parametrize(
    "number", [*STANDARD, "110105491231002", "１１０１０５１９４９１２３１００２x", ""]
)
def test_a_number_that_can_be_right_has_no_flaw(number: str) -> None:
    assert id_number_flaw(number) is None


@pytest.mark.parametrize("number", STANDARD)
def test_every_other_check_character_is_a_flaw(number: str) -> None:
    wrong = [c for c in "0123456789X" if c != number[17]]

    assert {id_number_flaw(number[:17] + c) for c in wrong} == {"check"}


@pytest.mark.parametrize("number", STANDARD)
def test_every_single_wrong_digit_is_seen(number: str) -> None:
    # ISO 7064 MOD 11-2 finds every single error.
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                changed = number[:place] + digit + number[place + 1 :]
                assert id_number_flaw(changed) is not None


@pytest.mark.parametrize(
    ("number", "flaw"),
    [
        ("11010519491331002X", "birthday"),
        ("11010519490230002X", "birthday"),
        ("110105490230002", "birthday"),
        ("1101051949123100", "form"),
        ("010105194912310029", "form"),
        ("E12345678", "form"),
        ("无", "form"),
    ],
)
def test_the_first_flaw_is_named(number: str, flaw: str) -> None:
    assert id_number_flaw(number) == flaw


def test_the_check_character_follows_the_weights() -> None:
    # 2^(18-i) mod 11 are the weights; all zeros sum to 0, whose character is 1.
    assert check_character("0" * 17) == "1"
    assert check_character("1" + "0" * 16) == "10X98765432"[7]
