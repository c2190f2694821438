"""ETags and 304: the same content is not sent twice, other content always is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import ACCESS
from api.conditional import matches, weak_tag
from tests.api.client import Client

CELL, HOUSEHOLD = "/api/v1/cells/100", "/api/v1/households/1"


@pytest.mark.db
def test_the_same_content_answers_304_without_a_body(staff: Client) -> None:
    tag = staff.get(CELL).headers["etag"]
    again = staff.get(CELL, if_none_match=tag)

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert again.headers["cache-control"] == "private, no-cache"


@pytest.mark.db
def test_a_304_keeps_the_way_to_the_next_page(staff: Client) -> None:
    first = staff.get("/api/v1/cells?limit=1")
    again = staff.get("/api/v1/cells?limit=1", if_none_match=first.headers["etag"])

    assert again.status_code == 304
    assert again.headers["link"] == first.headers["link"]


@pytest.mark.db
@pytest.mark.parametrize("condition", ['"other"', 'W/"other"', "nonsense", ""])
def test_another_tag_is_answered_in_full(staff: Client, condition: str) -> None:
    assert staff.get(CELL, if_none_match=condition).status_code == 200


@pytest.mark.db
def test_json_and_geojson_have_different_tags(staff: Client) -> None:
    tags = {staff.get(f"{CELL}?f={form}").headers["etag"] for form in ("json", "geojson")}

    assert len(tags) == 2


@pytest.mark.db
def test_head_and_a_compressed_answer_have_the_same_weak_tag(staff: Client) -> None:
    tags = {
        staff.get("/api/v1/cells", accept_encoding="gzip").headers["etag"],
        staff.get("/api/v1/cells", accept_encoding="identity").headers["etag"],
        staff.request("HEAD", "/api/v1/cells").headers["etag"],
    }

    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


@pytest.mark.db
@pytest.mark.parametrize("path", [HOUSEHOLD, "/api/v1/workers", "/api/v1/me"])
def test_what_not_everybody_is_told_is_kept_nowhere(staff: Client, path: str) -> None:
    headers = staff.get(path).headers

    assert headers["cache-control"] == "private, no-store"
    assert "etag" not in headers


@pytest.mark.db
def test_what_some_are_told_more_of_is_kept_by_the_others_only(
    anyone: Client, staff: Client
) -> None:
    counts = "/api/v1/cells/100/counts"

    assert anyone.get(counts).headers["cache-control"] == "no-cache"
    assert staff.get(counts).headers["cache-control"] == "private, no-store"


@pytest.mark.db
def test_what_anybody_is_told_may_be_kept_by_anybody(anyone: Client, staff: Client) -> None:
    assert anyone.get(CELL).headers["cache-control"] == "no-cache"
    assert staff.get(CELL).headers["cache-control"] == "private, no-cache"


@pytest.mark.db
def test_every_route_says_who_may_keep_its_answer(anyone: Client, staff: Client) -> None:
    for key, permission in ACCESS.items():
        method, _, path = key.partition(" ")
        if method != "GET" or "{" in path or path in ("/static", "/metrics"):
            continue
        for client in (anyone, staff):
            kept = client.get(path).headers["cache-control"]
            assert permission is None or kept in ("private, no-store", "no-store"), key


@pytest.mark.db
def test_a_condition_is_no_way_round_the_guard(anyone: Client) -> None:
    for condition in ("*", 'W/"x"'):
        assert anyone.get(HOUSEHOLD, if_none_match=condition).status_code == 401


@pytest.mark.db
def test_a_refusal_has_no_tag(staff: Client) -> None:
    assert "etag" not in staff.get("/api/v1/cells/none").headers


@given(st.binary(), st.binary())
def test_tags_differ_with_the_content(one: bytes, other: bytes) -> None:
    same = weak_tag(one, "application/json") == weak_tag(other, "application/json")

    assert same == (one == other)


@given(st.text())
def test_any_condition_is_read(condition: str) -> None:
    assert matches(condition, 'W/"0123"') in (True, False)
