"""Cursors: they come back as they were, and nonsense is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from api import cursors
from api.params import ID_MAX


@given(
    st.sampled_from(["cells", "households"]),
    st.lists(
        st.integers(0, ID_MAX) | st.text("0123456789.abc供电", min_size=1, max_size=40),
        min_size=1,
        max_size=3,
    ),
)
def test_a_cursor_comes_back_as_it_was(kind: str, key: list[int | str]) -> None:
    assert cursors.cursor(cursors.cursor_text(kind, tuple(key))) == cursors.Cursor(kind, tuple(key))


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_nonsense_is_refused_as_a_cursor_and_never_breaks(value: str) -> None:
    try:
        cursors.cursor(value)
    except PydanticCustomError as error:
        assert error.type == "cursor"


@pytest.mark.parametrize(
    "raw", ["[]", "{}", '["cells"]', '["cells",null]', '["cells",true]', '["cells",-1]',
            '["cells",[1]]', '["cells",1.5]', '["cells","a\\u0000"]', "[1,2]", '["cells",9e99]']
)  # fmt: skip
def test_a_made_up_cursor_of_another_shape_is_refused(raw: str) -> None:
    text = base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    with pytest.raises(PydanticCustomError):
        cursors.cursor(text)
