"""A mask keeps what was agreed and hides the rest, whatever comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crypto import written
from geo.crypto.masks import mask_all, mask_id_number, mask_name, mask_phone, mask_within

MASKS = (mask_name, mask_phone, mask_id_number, mask_all)
han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
digits = st.characters(min_codepoint=0x30, max_codepoint=0x39)


@pytest.mark.parametrize(
    ("name", "mask"),
    [
        ("王伟", "王**"),
        ("王伟芳", "王**"),
        ("王伟芳芳", "王**"),
        ("欧阳修", "欧阳**"),
        ("欧阳娜娜", "欧阳**"),
        ("司马光", "司马**"),
        ("歐陽修", "歐陽**"),
        ("欧阳", "欧**"),
        (" 王　伟 ", "王**"),
        ("王", "**"),
        ("阿卜杜拉·买买提", "阿**"),
        ("John Smith", "J**"),
        ("ｊohn", "J**"),
        ("13812345678", "**"),
        ("?", "**"),
        ("(未登记)", "**"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_of_a_name_the_surname_stays(name: str, mask: str) -> None:
    assert mask_name(name) == mask


@pytest.mark.parametrize(
    ("phone", "mask"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("0561-555-0101", "0561****101"),
        ("0561-80801234", "0561****234"),
        ("010-88881234", "010****234"),
        ("021 6888 1234", "021****234"),
        ("5550101", "****101"),
        ("400-123-4567", "****567"),
        ("123456", "****"),
        ("110", "****"),
        ("无", "****"),
        ("", ""),
        (" ", ""),
    ],
)
def test_of_a_phone_the_ends_stay(phone: str, mask: str) -> None:
    assert mask_phone(phone) == mask


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("110105194912310021", "110***********0021"),
        ("11010519491231002x", "110***********002X"),
        ("110105491231002", "110*********002"),
        ("E12345678", "E******78"),
        ("91340600MA2ABCDE1X", "9***************1X"),
        ("A123", "****"),
        ("未办理身份证件暂无", "****"),
        ("", ""),
        ("\t", ""),
    ],
)
def test_of_an_id_number_the_ends_stay(number: str, mask: str) -> None:
    assert mask_id_number(number) == mask


def test_of_a_tag_nothing_stays() -> None:
    assert (mask_all("刑满释放"), mask_all("低保"), mask_all("")) == ("****", "****", "")


@given(surname=han, given_name=st.text(han, min_size=1, max_size=6))
def test_a_mask_tells_neither_the_given_name_nor_its_length(surname: str, given_name: str) -> None:
    mask = mask_name(surname + given_name)

    assert len(mask) in (3, 4)
    assert mask.endswith("**")
    shown = mask.removesuffix("**")
    assert written.name(surname + given_name).startswith(shown)
    assert len(shown) == 1 or len(given_name) > 1  # two are shown of a compound surname alone


@given(middle=st.text(digits, min_size=4, max_size=4), last=st.text(digits, min_size=4, max_size=4))
def test_a_mobile_mask_is_the_same_whatever_is_hidden(middle: str, last: str) -> None:
    mask = mask_phone(f"138{middle}{last}")

    assert mask == f"138****{last}"
    assert len(mask) == 11


@given(hidden=st.text(digits, min_size=11, max_size=11))
def test_an_id_mask_is_the_same_whatever_is_hidden(hidden: str) -> None:
    mask = mask_id_number(f"110{hidden}002X")

    assert mask == "110***********002X"
    assert len(mask) == 18


@given(st.text(max_size=60))
def test_no_mask_shows_half_of_what_it_hides(text: str) -> None:
    assert mask_phone(text).replace("*", "").__len__() <= 7
    assert mask_id_number(text).replace("*", "").__len__() <= 7
    assert len(mask_name(text)) <= 4
    for mask in MASKS:
        shown = mask(text)
        assert (shown == "") == (text.strip() == "")
        assert shown == "" or "**" in shown


@given(st.text(st.sampled_from("0123456789Xx -+()"), max_size=25))
def test_a_short_number_shows_less_than_half(text: str) -> None:
    known = written.phone(text)
    shown = mask_phone(text).replace("*", "")
    assert len(shown) <= max(3, 7 if len(known) >= 10 else 3)
    if len(known) < 7:
        assert shown == ""


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("王 11010519491231002x,", "王 110***********002X,"),
        ("a13812345678b 19912345678", "a138****5678b 199****5678"),
        ("340603002001001", "340603002001001"),  # the code of a cell
        ("340603002001B00001", "340603002001B00001"),
        ("340603002001001001", "340603002001001001"),  # 18 digits, but day 00 of month 01
        ("138123456789", "138123456789"),
        ("9913812345678", "9913812345678"),
        ("", ""),
    ],
)
def test_numbers_of_people_are_masked_within_a_text_and_codes_are_not(
    text: str, masked: str
) -> None:
    assert mask_within(text) == masked
