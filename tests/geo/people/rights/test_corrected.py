"""Values to correct: what may be one and what cannot, by the forms of law and of the network."""

import pytest

from geo.crypto.id_numbers import check_character
from geo.errors import Invalid
from geo.people.fields import HeadField
from geo.people.rights.corrected import (
    IdNumberWrong,
    NameWrong,
    PhoneWrong,
    check_corrections,
)

NAME, PHONE, ID_NUMBER = HeadField.NAME, HeadField.PHONE, HeadField.ID_NUMBER
# The number of the appendix of GB 11643-1999.
STANDARD = "11010519491231002X"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((NAME, value) for value in ("王伟芳", "阿卜杜拉·买买提", "John O'Neill", "𠮷野 家")),
        *((PHONE, value) for value in ("13900001111", "+86 139-0000-1111", "（0561）555-0101转8")),
        *(
            (PHONE, value)
            for value in ("010-88881234", "5550101", "400 800 1234", "+852 2345 6789")
        ),
        *((ID_NUMBER, value) for value in (STANDARD, "11010519491231 002ｘ", "110105491231002")),
        *((ID_NUMBER, value) for value in ("E12345678", "H1234567890", "A123456(3)", "12345678")),
        *((field, value) for field in HeadField for value in ("", "  ")),
    ],
)
def test_what_may_be_right_is_taken(field: HeadField, value: str) -> None:
    check_corrections({field: value})


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        *((NAME, value, NameWrong) for value in ("138", "·", "甲" * 51, "王\n伟", "<b>")),
        *(
            (PHONE, value, PhoneWrong)
            for value in ("abc", "1370000222", "12900001111", "x13900001111")
        ),
        *((PHONE, value, PhoneWrong) for value in ("110", "-", "139000011112")),
        *((ID_NUMBER, value, IdNumberWrong) for value in ("1", "无", "ABCDEFGH", "119" * 6)),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field_and_not_repeated(
    field: HeadField, value: str, wrong: type[Invalid]
) -> None:
    with pytest.raises(wrong) as refused:
        check_corrections({field: value})

    for lang in ("zh", "en"):
        said = refused.value.message(lang)
        assert field.value in said
        assert value not in said.replace(field.value, "") or len(value) < 4


@pytest.mark.parametrize("digit", "0123456789X")
def test_of_eleven_check_characters_one_is_taken(digit: str) -> None:
    first = "34060319850101123"
    if digit == check_character(first):
        check_corrections({ID_NUMBER: first + digit})
        return
    with pytest.raises(IdNumberWrong):
        check_corrections({ID_NUMBER: first + digit})
