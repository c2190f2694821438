"""The demo town in the database: what went in is what the checks count."""

import pytest
from sqlalchemy import text

from geo.demo.load import DatabaseNotEmpty, load
from geo.demo.town import Town
from geo.work import Work

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
GONGDIAN = """
    SELECT count(DISTINCT building.id), count(household.id), sum(household.persons)
    FROM building JOIN dwelling_unit AS unit ON unit.building_id = building.id
    JOIN household ON household.unit_id = unit.id
    WHERE building.code LIKE '340603002001%'
"""


def nothing(step: str, done: int, total: int) -> None:
    """Take a progress report and do nothing with it."""


def test_the_town_goes_in_whole_and_keeps_its_counts(town: Town, work: Work) -> None:
    counts = load(work, town, zone=ZONE, progress=nothing)

    found = work.session.execute(text(GONGDIAN)).one()
    assert tuple(found) == (83, 2_863, 6_776)
    homeless = work.session.execute(text("SELECT count(*) FROM building WHERE cell_id IS NULL"))
    assert homeless.scalar_one() == 0
    assert counts["cells"] == len(town.cells)


def test_a_second_town_is_refused(town: Town, work: Work) -> None:
    load(work, town, zone=ZONE, progress=nothing)

    with pytest.raises(DatabaseNotEmpty):
        load(work, town, zone=ZONE, progress=nothing)
