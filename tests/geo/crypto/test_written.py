"""What is written in different ways and means the same has one written form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crypto import written


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "+86 138 1234 5678",
        "+8613812345678",
        "+86-138-1234-5678",
        "（+86）13812345678",
        "0086 13812345678",
        "008613812345678",
        "8613812345678",
        " 138\u200b12345678\u3000",
        "13812345678/13987654321",
        "13812345678、13987654321",
        "13812345678；爱人13987654321",
        "手机13812345678",
        "١٣٨١٢٣٤٥٦٧٨",
    ],
)
def test_a_mobile_number_has_one_form(text: str) -> None:
    assert written.phone(text) == "13812345678"


@pytest.mark.parametrize(
    "text",
    [
        "0561-555-0101",
        "05615550101",
        "(0561) 5550101",
        "0561 555 0101转8",
        "0561-5550101 ext 12",
        "0561-5550101#3",
        "+86 561 555 0101",
        "+86 0561 5550101",
        "0086-561-5550101",
    ],
)
def test_a_landline_has_one_form(text: str) -> None:
    assert written.phone(text) == "05615550101"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("010-88881234", "01088881234"),
        ("+86 10 88881234", "01088881234"),
        ("+86 400 123 4567", "4001234567"),
        ("400-123-4567", "4001234567"),
        ("8812345", "8812345"),
        ("+1 212 555 0123", "12125550123"),
        ("86", "86"),
        ("无", ""),
        ("", ""),
    ],
)
def test_other_numbers_keep_their_digits(text: str, form: str) -> None:
    assert written.phone(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("王伟芳", "王伟芳"),
        (" 王 伟　芳\u200b", "王伟芳"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("ＪＯＨＮ  Smith", "john smith"),
        ("", ""),
    ],
)
def test_a_name_has_one_form(text: str, form: str) -> None:
    assert written.name(text) == form


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002x",
    ],
)
def test_an_id_number_has_one_form(text: str) -> None:
    assert written.id_number(text) == "11010519491231002X"


def test_any_other_text_loses_only_blanks() -> None:
    assert written.line("  低保  A\u3000类 ") == "低保 A 类"


def wide(text: str) -> str:
    """Return printable ASCII in full width."""
    return "".join("\u3000" if letter == " " else chr(ord(letter) + 0xFEE0) for letter in text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40))
def test_full_width_and_half_width_are_the_same(text: str) -> None:
    for form in (written.name, written.phone, written.id_number, written.line):
        assert form(wide(text)) == form(text)


@given(st.text(max_size=40))
def test_the_form_of_a_phone_is_digits_alone(text: str) -> None:
    form = written.phone(text)

    assert form == "" or (form.isascii() and form.isdecimal())
