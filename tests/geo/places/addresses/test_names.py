"""Likeness of names, each by hand: a core character counts 1, one of the tail 0.25 (alone 0.5)."""

import pytest

from geo.places.addresses.names import NameIndex, core, weight

INDEX = NameIndex(("幸福小区", "人民路", "铁路小学后门那栋", "供电小区", "电厂新村"))


def like(text: str) -> dict[str, float]:
    return {INDEX.texts[found.name]: found.likeness for found in INDEX.like(text)}


@pytest.mark.parametrize(
    ("text", "name", "lost", "whole"),
    [
        ("幸福", "幸福小区", 2 * 0.25, 2.5),  # the tail is left away
        ("辛福小区", "幸福小区", 0.45, 2.5),  # xin is near xing
        ("姓福小区", "幸福小区", 0.3, 2.5),  # xing sounds the same
        ("福幸小区", "幸福小区", 0.4, 2.5),  # swapped
        ("幸幸福小区", "幸福小区", 0.0, 2.5),  # what stands before costs nothing
        ("幸大福小区", "幸福小区", 0.6, 2.5),  # one too many
        ("xingfu小区", "幸福小区", 2 * 0.06, 2.5),
        ("xingfuxiaoqu", "幸福小区", 2 * 0.06 + 2 * 0.06 * 0.6, 2.5),
        ("xfxq", "幸福小区", 2 * 0.15 + 2 * 0.15 * 0.6, 2.5),
        ("人民", "人民路", 0.5, 2.5),
        ("人名路", "人民路", 0.45, 2.5),  # ming is near min
    ],
)
def test_a_name_loses_what_is_missing_or_other(
    text: str, name: str, lost: float, whole: float
) -> None:
    assert like(text)[name] == pytest.approx(min(1 - lost / whole, 0.999), abs=1e-3)


@pytest.mark.parametrize("text", ["幸运小区", "人工路", "工厂新村", "abc", "3"])
def test_another_character_makes_another_name(text: str) -> None:
    assert like(text) == {}


def test_a_name_is_found_where_it_stands() -> None:
    (found,) = INDEX.exact("东关街道幸福小区3号楼")

    assert (INDEX.texts[found.name], found.start, found.end) == ("幸福小区", 4, 8)


def test_of_names_within_each_other_the_longest_stands() -> None:
    index = NameIndex(("铁路小学", "铁路小学后门那栋"))

    assert [index.texts[one.name] for one in index.exact("铁路小学后门那栋3楼")] == [
        "铁路小学后门那栋"
    ]


def test_places_of_what_is_like_are_those_of_the_text() -> None:
    (found,) = INDEX.like("住xingfuxiaoqu3号楼")

    assert (found.start, found.end) == (1, 13)


def test_initials_lead_to_names() -> None:
    assert [INDEX.texts[number] for number in INDEX.beginning("gd", 5)] == ["供电小区"]


def test_an_empty_index_finds_nothing() -> None:
    index = NameIndex(())

    assert (index.exact("幸福小区"), index.like("幸福小区"), index.beginning("x", 5)) == (
        [],
        [],
        [],
    )


def test_a_name_that_is_all_tail_keeps_it() -> None:
    assert core("新村") == "新村"
    assert weight("大院") == [1.0, 1.0]
