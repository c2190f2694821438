"""A protected value has three forms, and comes back in its row alone."""

from dataclasses import dataclass

import pandas as pd
import pytest

from geo.access.fields import FieldClass
from geo.crypto.cipher import Place, Unreadable, unseal
from geo.crypto.fields import (
    DUTY_PHONE,
    EMPTY,
    HEAD_ID_NUMBER,
    HEAD_NAME,
    HEAD_PHONE,
    PROTECTED,
    ProtectedField,
    blind,
    protect,
    protect_column,
    tag_field,
    unprotect,
)
from geo.crypto.frames import protected_frame, staged_columns
from geo.crypto.keyring import Keyring


@dataclass
class Bearer:
    """What a work is to these functions."""

    keyring: Keyring


RING = Keyring.new()
WORK = Bearer(RING)


@pytest.mark.parametrize(
    ("field", "value", "mask"),
    [
        (HEAD_NAME, "欧阳伟芳", "欧阳**"),
        (HEAD_PHONE, "138 1234 5678", "138****5678"),
        (HEAD_ID_NUMBER, "11010519491231002x", "110***********002X"),
        (DUTY_PHONE, "0561-555-0101", "0561****101"),
        (tag_field("resident", "tag_c"), "刑满释放", "****"),
    ],
)
def test_a_value_has_three_forms_and_comes_back_as_given(
    field: ProtectedField, value: str, mask: str
) -> None:
    made = protect(RING, field, 42, value)

    assert made.masked == mask
    assert unprotect(WORK, field, 42, made.cipher) == value
    assert made.blind == blind(RING, field, value)
    assert value.encode() not in (made.cipher or b"")


def test_of_an_empty_value_nothing_is_stored() -> None:
    assert protect(RING, HEAD_NAME, 1, "") == protect(RING, HEAD_NAME, 1, None) == EMPTY
    assert (EMPTY.cipher, EMPTY.masked, EMPTY.blind) == (None, "", None)
    assert unprotect(WORK, HEAD_NAME, 1, None) == ""
    assert blind(RING, HEAD_NAME, "") is None


def test_a_value_of_another_row_is_unreadable() -> None:
    made = protect(RING, HEAD_NAME, 42, "王伟芳")

    with pytest.raises(Unreadable):
        unprotect(WORK, HEAD_NAME, 43, made.cipher)
    with pytest.raises(Unreadable):
        unprotect(WORK, HEAD_PHONE, 42, made.cipher)


def test_numbers_written_differently_are_found_by_one_index() -> None:
    assert blind(RING, HEAD_PHONE, "+86 138-1234-5678") == blind(RING, HEAD_PHONE, "13812345678")
    assert blind(RING, HEAD_PHONE, "13812345679") != blind(RING, HEAD_PHONE, "13812345678")


def test_a_value_without_a_written_form_is_compared_as_it_stands() -> None:
    assert blind(RING, HEAD_PHONE, "无") == blind(RING, HEAD_PHONE, "无")
    assert blind(RING, HEAD_PHONE, "无") != blind(RING, HEAD_PHONE, "没有")


def test_a_column_is_protected_as_its_values_are() -> None:
    values = ["王伟", None, "李", ""]
    made = protect_column(RING, HEAD_NAME, [7, 8, 9, 10], values)

    assert [form.masked for form in made] == ["王**", "", "**", ""]
    assert made[1] == made[3] == EMPTY
    assert unseal(RING, Place("household", "head_name", 9), made[2].cipher or b"") == "李"
    assert [form.blind for form in made] == [blind(RING, HEAD_NAME, v) for v in values]


def test_a_missing_value_of_a_frame_is_not_given_and_an_empty_one_is() -> None:
    rows = pd.Series([7, 8, 9], index=["a", "b", "c"])
    values = pd.DataFrame({"head_name": ["王伟", None, ""]}, index=rows.index)
    made = protected_frame(RING, (HEAD_NAME, HEAD_PHONE), rows, values)

    assert made["head_name_masked"].tolist() == ["王**", None, ""]
    assert made["head_phone_masked"].tolist() == [None, None, None]
    assert list(made.columns) == list(staged_columns(HEAD_NAME, HEAD_PHONE))
    assert unprotect(WORK, HEAD_NAME, 7, made.loc["a", "head_name_cipher"]) == "王伟"
    assert made.loc["b":"c", "head_name_cipher"].tolist() == [None, None]


def test_the_fields_that_hold_people_are_protected_by_their_class() -> None:
    classes = {key: field.field_class for key, field in PROTECTED.items()}

    assert classes == {
        "household.head_name": FieldClass.PERSONAL,
        "household.head_phone": FieldClass.PERSONAL,
        "household.head_id_number": FieldClass.SENSITIVE,
        "worker.duty_phone": FieldClass.INTERNAL,
    }
