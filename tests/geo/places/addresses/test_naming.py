"""What may be a name of a place."""

import pytest

from geo.places.addresses.naming import (
    PlaceNameRefused,
    PlaceNameTargetUnclear,
    check_target,
    checked_name,
)


@pytest.mark.parametrize("name", ["铁路小学后门那栋", "大红楼", "18号院", "老王家那栋", "3栋"])
def test_what_people_say_is_kept(name: str) -> None:
    assert checked_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "楼", "123", "三十", "楼" * 41, "红\n楼", "红\x00楼", "——", "王某 13800138000 家",
     "138-0013-8000 楼下", "11010119900307001X那家", "一三八零零一三八零零零楼"],
)  # fmt: skip
def test_what_is_no_name_or_somebodys_number_is_refused(name: str) -> None:
    with pytest.raises(PlaceNameRefused):
        checked_name(name)


def test_a_number_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(PlaceNameRefused) as refusal:
        checked_name("13800138000那家")

    assert "138" not in str(refusal.value)


@pytest.mark.parametrize("targets", [(None, None, None), ("b1", "e1", None)])
def test_a_name_means_exactly_one_place(targets: tuple[str | None, ...]) -> None:
    with pytest.raises(PlaceNameTargetUnclear):
        check_target(*targets)
