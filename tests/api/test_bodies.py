"""JSON bodies: what two readers could read differently is refused, everything else is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import NESTING_MAX, BodyBroken, canonical, strict_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=20,
)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("NaN", 1, 1),
        ('{"NaN": [1, "1e999", -1e999]}', 1, 22),
        ('{"a": "\\"NaN",\n "b": [1,\n2, Infinity]}', 3, 4),
        ('{"经度": 18446744073709551616}', 1, 8),
        ('["-9223372036854775808", -9223372036854775808,\r\n -9223372036854775809]', 2, 2),
        ("[1, " + "1" * 5000 + "]", 1, 5),
    ],
)
def test_a_strange_number_is_told_by_its_place(body: str, line: int, column: int) -> None:
    with pytest.raises(BodyBroken) as refused:
        strict_json(body.encode())

    facts = refused.value.facts
    assert (facts["reason"], facts["line"], facts["column"]) == ("number", line, column)
    assert f"line {line}, character {column}" in refused.value.message("en")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "syntax"),
        (b"{", "syntax"),
        (b"{'a': 1}", "syntax"),
        (b'{"a": 1,}', "syntax"),
        (b"[1] [2]", "syntax"),
        (b"// note\n1", "syntax"),
        (b'"a\nb"', "syntax"),
        (b"\xef\xbb\xbf1", "syntax"),  # a byte order mark
        ('"a"'.encode("utf-16"), "characters"),
        (b'"\xff"', "characters"),
        (b'"\xed\xa0\x80"', "characters"),  # half a surrogate pair as bytes
        (rb'"\ud800"', "characters"),
        (rb'{"\udfff": 1}', "characters"),
        (rb'"a\u0000b"', "characters"),
        (rb'{"a\u0000": 1}', "characters"),
        (b"NaN", "number"),
        (b"[Infinity]", "number"),
        (b'{"a": -Infinity}', "number"),
        (b"1e400", "number"),
        (b"9223372036854775808000", "number"),
        (b"1" * 5000, "number"),
        (b'{"a": 1, "a": 1}', "twice"),
        (rb'{"a": {"b": 1, "\u0062": 2}}', "twice"),
        (nested(NESTING_MAX + 1), "nesting"),
        (nested(100_000), "nesting"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "nesting"),
    ],
)
def test_what_readers_would_read_differently_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BodyBroken) as refused:
        strict_json(body)

    assert refused.value.facts["reason"] == reason
    assert refused.value.message("zh") != refused.value.message("en")


def test_what_is_no_json_is_told_from_where() -> None:
    with pytest.raises(BodyBroken) as refused:
        strict_json(b'{"a": 1,\n "b" 2}')

    assert "from line 2, character 6 on" in refused.value.message("en")
    assert "第 2 行第 6 个字符" in refused.value.message("zh")


def test_the_deepest_nesting_that_is_taken_is_taken() -> None:
    assert canonical(nested(NESTING_MAX)) == nested(NESTING_MAX)


def test_an_escaped_backslash_before_u0000_is_no_null_character() -> None:
    assert strict_json(rb'"\\u0000"') == r"\u0000"


@given(VALUES)
def test_any_sane_value_is_read_as_it_was_meant(value: Any) -> None:
    body = json.dumps(value).encode()

    assert strict_json(body) == value
    assert json.loads(canonical(body)) == value


@given(VALUES)
def test_one_value_has_one_canonical_spelling(value: Any) -> None:
    spellings = [
        json.dumps(value, indent=3),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
        json.dumps(value, sort_keys=True),
    ]

    assert len({canonical(spelling.encode()) for spelling in spellings}) == 1


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    try:
        strict_json(body)
    except BodyBroken as refused:
        assert refused.facts["reason"] in {"syntax", "characters", "number", "twice", "nesting"}


def test_an_empty_body_stays_empty() -> None:
    assert canonical(b"") == canonical(b" \n") == b""
