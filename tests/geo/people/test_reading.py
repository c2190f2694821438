"""Searches by their cost and their bounds; what roles see is tried over HTTP."""

from datetime import date

import pandas as pd
import pytest
from sqlalchemy import event

from geo.audit.actions import Action
from geo.people.fields import HeadField
from geo.people.reading import MOST_FOUND, SearchUnclear, search
from geo.people.service import add_households, end_households
from geo.work import Work
from tests import world

pytestmark = pytest.mark.db

TODAY = date(2026, 11, 21)
PHONE = "13877001004"


@pytest.fixture
def town(work: Work) -> Work:
    """The small town, and 25 further households with one phone between them."""
    world.fill(work)
    rows = pd.DataFrame({"building_code": "b2", "number": [f"9{n:02d}" for n in range(25)]})
    shared = rows.assign(
        stairwell=1,
        floor=9,
        occupancy="rented",
        persons=1,
        head_name="乙一",
        head_phone=PHONE,
        head_id_number="",
    )
    add_households(work, shared, zone="Asia/Shanghai")
    return work


def test_at_most_twenty_are_found(town: Work) -> None:
    found = search(town, {HeadField.PHONE: PHONE}, 1, today=TODAY)

    assert (len(found), MOST_FOUND) == (20, 20)
    assert town.notes[-1].action is Action.PEOPLE_SEARCH
    assert town.notes[-1].subjects == tuple(row.id for row in found)


def test_who_finds_nobody_asks_the_database_as_much(town: Work) -> None:
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = town.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert search(town, {HeadField.PHONE: PHONE}, 1, today=TODAY)
        finding, sent = sent, []
        assert not search(town, {HeadField.PHONE: "13800000000"}, 1, today=TODAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert sent == finding
    assert len(sent) == 1


def test_one_that_has_ended_is_not_found(town: Work) -> None:
    found = search(town, {HeadField.NAME: "丙一"}, 1, today=TODAY)
    end_households(town, [row.id for row in found], zone="Asia/Shanghai")

    assert len(found) == 1
    assert search(town, {HeadField.NAME: "丙一"}, 1, today=town.now.date()) == []


@pytest.mark.parametrize(
    "asked", [{}, {HeadField.PHONE: " "}, {HeadField.PHONE: PHONE, HeadField.NAME: "乙一"}]
)
def test_a_search_is_by_exactly_one_value(work: Work, asked: dict[HeadField, str]) -> None:
    with pytest.raises(SearchUnclear):
        search(work, asked, 1, today=TODAY)
