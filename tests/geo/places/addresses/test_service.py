"""Names that people give: refused, dry run, done; and the gazetteer that follows the tables."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from geo.access.actors import Actor, ActorKind
from geo.access.scope import Scope
from geo.places import service as places
from geo.places.addresses import store
from geo.places.addresses.kept import KeptGazetteer
from geo.places.addresses.matching import resolve
from geo.places.addresses.model import NameKind
from geo.places.addresses.places import Match, PlaceKind, Precision
from geo.places.addresses.service import (
    NewName,
    PlaceNameTaken,
    PlaceNotYours,
    add_name,
    end_name,
)
from geo.places.addresses.store import PlaceNameUnknown
from geo.places.store import BuildingUnknown, EstateUnknown, StairwellUnknown
from geo.runtime import Runtime
from tests import world
from tests.geo.audit.trail import rows

pytestmark = pytest.mark.db

BACK_DOOR = NewName("铁路小学后门那栋", building="b1", stairwell=2)


@pytest.fixture
def town(small_town: Runtime) -> Runtime:
    return small_town


def somebody(town: Runtime, cell: str) -> Actor:
    """Return somebody on duty in a cell."""
    return Actor("on.duty", Scope.of_areas([world.paths(town)[cell]]), ActorKind.PERSON)


def add(town: Runtime, new: NewName, *, cell: str = "100A2001") -> int:
    with town.work(somebody(town, cell)) as work:
        return add_name(work, new).id


def ask(town: Runtime, written: str, kept: KeptGazetteer | None = None) -> Match:
    with town.work(Actor.system("test")) as work:
        named = (kept or KeptGazetteer()).of(work.session)
        return resolve(named.gazetteer, written, aliases=named)


def test_a_name_added_is_found_with_its_stairwell(town: Runtime) -> None:
    add(town, BACK_DOOR)

    best = ask(town, "铁路小学后门那栋").best

    assert best is not None
    assert (best.place.code, best.stairwell, best.precision) == ("b1", 2, Precision.UNIT)


def test_who_added_it_stands_in_the_row_and_in_the_audit(town: Runtime) -> None:
    made = add(town, BACK_DOOR)

    (record,) = rows(town, "SELECT * FROM audit_record WHERE action = 'place_name.add'")
    assert (record["actor"], list(record["subjects"])) == ("on.duty", [made])
    assert record["area"] == world.paths(town)["100A2001"]
    assert "铁路小学" not in str(dict(record))
    with town.work(Actor.system("test")) as work:
        row = work.session.execute(text("SELECT added_by, kind FROM place_name")).one()
    assert tuple(row) == ("on.duty", "nickname")


def test_pressing_twice_adds_one_name_and_says_so(town: Runtime) -> None:
    with town.work(somebody(town, "100A2001")) as work:
        first, second = add_name(work, BACK_DOOR), add_name(work, BACK_DOOR)

    assert first.id == second.id
    assert (first.is_new, second.is_new) == (True, False)
    records = rows(town, "SELECT * FROM audit_record WHERE action = 'place_name.add'")
    assert len(records) == 1


@pytest.mark.parametrize("name", ["幸福小区2号楼", "人民路1号2号楼", "幸福小区二栋", "幸福小区"])
def test_the_address_of_another_place_is_no_name(town: Runtime, name: str) -> None:
    with pytest.raises(PlaceNameTaken) as refused:
        add(town, NewName(name, building="b1"))

    assert refused.value.facts["value"] == name
    assert "幸福小区" in refused.value.facts["place"]


def test_a_place_may_bear_its_own_address(town: Runtime) -> None:
    add(town, NewName("幸福小区2号楼", building="b2"))
    add(town, NewName("幸福小区", estate="e1"))

    assert not ask(town, "幸福小区2号楼").needs_person


def test_a_dry_run_leaves_no_name(town: Runtime) -> None:
    with town.work(Actor.system("test"), dry_run=True) as work:
        add_name(work, BACK_DOOR)

    with town.work(Actor.system("test")) as work:
        assert store.aliases(work.session) == []


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (BACK_DOOR, PlaceNotYours),
        (replace(BACK_DOOR, building="nothing"), BuildingUnknown),
        (replace(BACK_DOOR, stairwell=3), StairwellUnknown),
        (NewName("大院", estate="nothing"), EstateUnknown),
        (NewName("大院", estate="e1"), PlaceNotYours),
        (NewName("西门", point=(world.at(0.1, 0.1).x, world.at(0.1, 0.1).y)), PlaceNotYours),
        (NewName("外面", building="b4"), PlaceNotYours),
    ],
)
def test_a_place_of_others_or_of_nobody_is_not_named(
    town: Runtime, new: NewName, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add(town, new, cell="100B1")


def test_naming_what_is_not_yours_is_recorded(town: Runtime) -> None:
    with pytest.raises(PlaceNotYours):
        add(town, BACK_DOOR, cell="100B1")

    (record,) = rows(town, "SELECT * FROM audit_record WHERE outcome = 'missed'")
    assert record["actor"] == "on.duty"


def test_an_estate_and_a_gate_can_be_named_too(town: Runtime) -> None:
    gate = world.at(0.25, 0.25)
    add(town, NewName("老机床厂", estate="e1"))
    add(town, NewName("电信塔西门", point=(gate.x, gate.y)))

    estate, spot = ask(town, "老机床厂2号楼").best, ask(town, "电信塔西门").best

    assert estate is not None
    assert spot is not None
    assert estate.place.code == "b2"
    assert (spot.place.kind, spot.place.lon) == (PlaceKind.SITE, gate.x)


def test_an_alias_is_for_everybody(town: Runtime) -> None:
    add(town, NewName("机床新村", NameKind.ALIAS, estate="e1"))

    with town.work(Actor.anonymous(), reading=True) as work:
        named = KeptGazetteer().of(work.session)
        found = resolve(named.gazetteer, "机床新村1号楼", aliases=named, nicknames=False)

    assert found.best is not None
    assert found.best.place.code == "b1"


def test_a_name_that_ended_is_found_no_more(town: Runtime) -> None:
    made = add(town, BACK_DOOR)
    with town.work(somebody(town, "100A2001")) as work:
        end_name(work, made)

    assert ask(town, "铁路小学后门那栋").needs_person
    with pytest.raises(PlaceNameUnknown), town.work(somebody(town, "100A2001")) as work:
        end_name(work, made)


def test_a_name_of_others_is_not_ended(town: Runtime) -> None:
    made = add(town, BACK_DOOR)

    with pytest.raises(PlaceNameUnknown), town.work(somebody(town, "100B1")) as work:
        end_name(work, made)


def test_the_gazetteer_is_read_from_the_tables(town: Runtime) -> None:
    best, street = ask(town, "幸福小区2号楼1单元").best, ask(town, "人民路1号").best
    town_cell = ask(town, "甲街道").best

    assert best is not None
    assert street is not None
    assert town_cell is not None
    assert (best.place.code, best.stairwell) == ("b2", 1)
    assert best.place.path == world.paths(town)["100A2001"]
    assert (best.place.lon, best.place.lat) == (world.at(0.3, 0.5).x, world.at(0.3, 0.5).y)
    assert street.place.kind is PlaceKind.STREET
    assert (town_cell.place.code, town_cell.precision) == ("100A", Precision.TOWN)


def test_an_empty_database_knows_no_address(runtime: Runtime) -> None:
    match = ask(runtime, "幸福小区3号楼")

    assert (match.candidates, match.needs_person) == ((), True)


def test_a_change_of_names_or_places_is_seen_at_the_next_look(town: Runtime) -> None:
    kept = KeptGazetteer(look_every_s=0.0)
    before = ask(town, "铁路小学后门那栋", kept)
    add(town, BACK_DOOR)
    named = ask(town, "铁路小学后门那栋", kept)
    with town.work(Actor.system("test")) as work:
        buildings = world.buildings().iloc[:1].assign(code="b9", building_no="9号楼", name="9号楼")
        places.add_buildings(work, buildings)
    built = ask(town, "幸福小区9号楼", kept).best

    assert before.needs_person
    assert not named.needs_person
    assert built is not None
    assert built.place.code == "b9"


def test_nothing_is_read_again_within_the_interval(town: Runtime) -> None:
    kept = KeptGazetteer(look_every_s=3600.0)
    with town.work(Actor.system("test")) as work:
        first = kept.of(work.session)
    add(town, BACK_DOOR)
    with town.work(Actor.system("test")) as work:
        assert kept.of(work.session) is first


def test_a_look_that_is_asked_for_does_not_wait_for_the_interval(town: Runtime) -> None:
    kept = KeptGazetteer(look_every_s=3600.0)
    before = ask(town, "铁路小学后门那栋", kept)
    add(town, BACK_DOOR)
    kept.look_again()

    assert before.needs_person
    assert not ask(town, "铁路小学后门那栋", kept).needs_person


def test_names_alone_leave_the_places_as_they_are(town: Runtime) -> None:
    kept = KeptGazetteer(look_every_s=0.0)
    with town.work(Actor.system("test")) as work:
        first = kept.of(work.session)
    add(town, BACK_DOOR)
    with town.work(Actor.system("test")) as work:
        second = kept.of(work.session)

    assert second is not first
    assert second.gazetteer is first.gazetteer
