"""What addresses mean: the measured set, and the rules behind it one by one."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.address import BARS, District, answered, district, faults, quick, variants
from bench.addresses_demo import demo, meant
from geo.places.addresses.aliases import Aliases
from geo.places.addresses.matching import official, resolve
from geo.places.addresses.places import Doubt, Match, PlaceKind, Precision
from geo.places.addresses.rows import AliasRow

Figure = Callable[[str, object], None]


@cache
def known() -> District:
    return district()


def ask(text: str, *, nicknames: bool = True) -> Match:
    return resolve(known().gazetteer, text, aliases=known().aliases, nicknames=nicknames)


def key(match: Match) -> str:
    return answered(known(), match)


def test_the_written_variants_are_understood(record_property: Figure) -> None:
    asked = variants()
    kinds = [kind for kind, *_ in faults(known())]
    top_1 = 1 - kinds.count("top_1") / sum(variant.has_answer for variant in asked)
    wrong = kinds.count("wrong_but_sure") / len(asked)
    record_property(
        "figure",
        f"addresses: {len(asked)} variants, first right {top_1:.1%}, wrong but sure {wrong:.2%}",
    )

    assert len(asked) >= 500
    assert top_1 >= BARS["top_1"]
    assert wrong <= BARS["wrong_but_sure"]


def test_addresses_of_a_place_without_rules_of_its_own_are_understood(
    record_property: Figure,
) -> None:
    made, asked = demo(), variants("demo")
    found = [(variant, resolve(made, variant.text)) for variant in asked]
    wrong = [(variant, match) for variant, match in found if meant(match) != variant.answer]
    missed = [variant.text for variant, _ in wrong if variant.has_answer]
    sure = [variant.text for variant, match in wrong if not match.needs_person]
    record_property(
        "figure",
        f"addresses of the demo town: {len(asked)}, {len(missed)} missed, {len(sure)} sure",
    )

    assert (missed, sure) == ([], [])


def test_no_variant_stands_twice() -> None:
    texts = [variant.text for variant in variants()]

    assert len(texts) == len(set(texts))


def test_a_stairwell_and_a_room_make_a_unit() -> None:
    best = ask("供电小区3号楼2单元501").best

    assert best is not None
    assert (best.precision, best.stairwell, best.room) == (Precision.UNIT, 2, "501")


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("供电小区3号楼", Precision.BUILDING),
        ("供电小区", Precision.ESTATE),
        ("人民路", Precision.STREET),
        ("供电社区", Precision.COMMUNITY),
        ("东关街道", Precision.TOWN),
    ],
)
def test_an_answer_says_how_narrow_it_is(text: str, precision: Precision) -> None:
    match = ask(text)

    assert match.best is not None
    assert (match.best.precision, match.needs_person) == (precision, False)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("翡翠城12栋", Doubt.NOTHING),
        ("小区供电3号楼", Doubt.WEAK),
        ("幸福小区3号楼", Doubt.EQUAL),
        ("金色3号楼", Doubt.CUT),
        ("供电小区3号楼对面", Doubt.RELATIVE),
        ("供电小区19号楼", Doubt.NUMBER),
        ("供电小区3号楼8单元", Doubt.NUMBER),
    ],
)
def test_doubt_has_its_reason(text: str, doubt: Doubt) -> None:
    assert doubt in ask(text).doubts


def test_a_town_tells_estates_of_one_name_apart() -> None:
    assert key(ask("东关街道幸福小区3号楼")) == "E5#3"
    assert key(ask("西关街道幸福小区3号楼")) == "E6#3"


def test_a_number_of_one_estate_alone_tells_them_apart_too() -> None:
    match = ask("幸福小区9号楼")

    assert (key(match), match.needs_person) == ("E5#9", False)


def test_a_nickname_is_found_for_staff_alone() -> None:
    assert key(ask("铁路小学后门那栋")) == "B3"
    assert key(ask("铁路小学后门那栋", nicknames=False)) != "B3"
    assert key(ask("电业局小区3栋", nicknames=False)) == "E3#3"


def test_a_nickname_of_a_stairwell_brings_it_along() -> None:
    assert key(ask("鸽子楼")) == "E46#7/2"


@pytest.mark.parametrize(
    "number", ["13800001234", "138 0000 1234", "0561-3012345", "11010119900307001X"]
)
def test_a_phone_or_id_number_is_no_part_of_an_address_and_not_told_back(number: str) -> None:
    match = ask(f"供电小区3号楼2单元501 王女士 {number}")

    assert match.best is not None
    assert (key(match), match.best.room, match.needs_person) == ("E3#3/2", "501", False)
    assert match.text == "供电小区3号楼2单元501王女士"


def test_a_door_of_several_buildings_is_their_estate() -> None:
    best = ask("人民路36号").best

    assert best is not None
    assert (best.place.kind, best.place.name) == (PlaceKind.ESTATE, "供电小区")


def test_candidates_are_told_best_first() -> None:
    scores = [candidate.score for candidate in ask("幸福小区3号楼").candidates]

    assert scores == sorted(scores, reverse=True)
    assert len(scores) >= 2


@given(st.text(alphabet="幸福小区供电3三号楼栋#-二单元 0aA座路人民旁边xq村", max_size=40))
def test_any_writing_has_an_answer_or_a_doubt(text: str) -> None:
    match = ask(text)

    assert match.candidates or match.needs_person
    assert all(0.0 <= candidate.score <= 1.0 for candidate in match.candidates)


@given(st.text(max_size=200))
def test_any_text_at_all_is_taken(text: str) -> None:
    assert ask(text).text is not None


@pytest.mark.long
def test_a_city_is_answered_in_time(record_property: Figure) -> None:
    found = quick()
    record_property("figure", f"addresses of 200,000 buildings: {found}")

    assert found["p95_ms"] <= BARS["p95_ms"]


def test_a_nickname_never_hides_the_place_whose_address_it_is() -> None:
    place = known()
    other = place.gazetteer.rows_of_estate(0)[0]
    taken = place.gazetteer.address(place.gazetteer.rows_of_estate(2)[0])
    alias = AliasRow(1, taken, building_id=int(place.gazetteer.buildings.id[other]))

    before = resolve(place.gazetteer, taken)
    match = resolve(place.gazetteer, taken, aliases=Aliases(place.gazetteer, [alias]))

    assert before.best is not None
    assert not before.needs_person
    assert Doubt.EQUAL in match.doubts
    told = {candidate.place.building_id for candidate in match.candidates[:2]}
    assert told == {alias.building_id, before.best.place.building_id}


def test_a_nickname_like_the_own_address_is_no_doubt() -> None:
    place = known()
    row = place.gazetteer.rows_of_estate(2)[0]
    name = place.gazetteer.address(row)
    alias = AliasRow(1, name, building_id=int(place.gazetteer.buildings.id[row]))

    assert not resolve(
        place.gazetteer, name, aliases=Aliases(place.gazetteer, [alias])
    ).needs_person


def test_what_is_no_address_may_be_a_name() -> None:
    place = known().gazetteer
    address = place.address(place.rows_of_estate(2)[0])

    assert [one.place.address for one in official(place, address)] == [address]
    assert official(place, "铁路小学后门那栋") == ()
