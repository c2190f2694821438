import pytest

from maps.registry import UnknownMap, map_file
from tests.maps import pictures


def test_a_known_map_becomes_a_file() -> None:
    assert map_file("occupancy")(pictures.town(), lang="en").startswith("<!doctype html>")


def test_an_unknown_map_is_refused_with_what_there_is() -> None:
    with pytest.raises(UnknownMap, match=r"weather.*occupancy"):
        map_file("weather")
