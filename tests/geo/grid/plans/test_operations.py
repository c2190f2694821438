"""Operations as they come in and as they are kept, the same; what is wrong has its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from geo.grid.plans import given, matching, reading, uploads
from geo.grid.plans.given import OperationInvalid
from geo.grid.plans.kept import Kept, chained
from geo.grid.plans.operations import NAMES, as_json
from geo.texts import catalogue

RING = [[116.8, 33.9], [116.81, 33.9], [116.81, 33.91], [116.8, 33.91], [116.8, 33.9]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}
LINE = [[116.8, 33.9], [116.81, 33.91]]
WHOLE: list[dict[str, Any]] = [
    {"op": "split", "cell": "a", "line": LINE, "names": ["x", None], "keep_at": [116.8, 33.9]},
    {"op": "split", "cell": "a", "polygon": SQUARE, "codes": ["b", "c"]},
    {"op": "merge", "cells": ["a", "b"], "into": "a"},
    {"op": "move_border", "cells": ["a", "b"], "line": LINE},
    {"op": "move_vertex", "at": [116.8, 33.9], "to": [116.81, 33.9]},
    {"op": "transfer", "to": "a", "area": SQUARE},
    {"op": "transfer", "to": "a", "buildings": ["b1"]},
    {"op": "add", "parent": "a", "name": "x", "polygon": SQUARE},
    {"op": "replace", "cells": ["a"], "parts": [{"name": "x", "polygon": SQUARE}], "parent": "p"},
    {"op": "rename", "cell": "a", "name": "x"},
    {"op": "reparent", "cell": "a", "parent": "b"},
    {"op": "restore", "publication": 3, "cells": ["a"]},
]


@pytest.mark.parametrize("given", WHOLE, ids=lambda one: one["op"])
def test_what_is_kept_reads_as_what_came_in(given: dict[str, Any]) -> None:
    read = reading.operation(given, "wgs84")
    kept = json.loads(json.dumps(as_json(read)))

    assert set(kept) == set(given)
    # Coordinates came onto the grid once; now they stay to the bit.
    assert as_json(reading.operation(kept, "wgs84")) == as_json(read)


def test_every_operation_is_tried_above() -> None:
    assert {one["op"] for one in WHOLE} == set(NAMES.values())


def test_a_shifted_datum_comes_onto_the_grid_by_its_name() -> None:
    plain, shifted = (
        reading.operation(WHOLE[4], crs).at
        for crs in ("wgs84", "gcj02")  # type: ignore[union-attr]
    )

    assert 0.001 < abs(plain[0] - shifted[0]) < 0.01


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        ({"line": None}, "/line", "line_or_polygon"),
        ({"polygon": SQUARE}, "/line", "line_or_polygon"),
        ({"line": LINE[:1]}, "/line", "line"),
        ({"line": [LINE[0], LINE[0]]}, "/line", "line_short"),
        ({"line": [[1, 2], "x"]}, "/line/1", "position"),
        ({"line": [[1, True], [2, 3]]}, "/line/0", "position"),
        ({"line": [[0, 0]] * 20_001}, "/line", "points_many"),
        ({"cell": 7}, "/cell", "code"),
        ({"cell": "网"}, "/cell", "code"),
        ({"names": "x"}, "/names", "names"),
        ({"names": ["\u0007"]}, "/names/0", "unprintable"),
        ({"colour": 1}, "/colour", "field"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], pointer: str, reason: str) -> None:
    with pytest.raises(OperationInvalid) as refused:
        reading.operations([{**WHOLE[0], **change}], "wgs84")

    facts = refused.value.facts
    assert (facts["pointer"], facts["reason"]) == (f"/operations/0{pointer}", reason)
    assert refused.value.message("zh") != refused.value.message("en")


@pytest.mark.parametrize(
    ("polygon", "reason"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "polygon"),
        ({"type": "Polygon"}, "polygon"),
        ({"type": "Polygon", "coordinates": [RING, RING]}, "holes"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, "ring"),
        ({"type": "Polygon", "coordinates": [RING[:4]]}, "ring_open"),
        ({"type": "Polygon", "coordinates": [[RING[0]] * 4]}, "polygon_empty"),
        (
            {"type": "Polygon", "coordinates": [[RING[i] for i in (0, 2, 1, 3, 0)]]},
            "polygon_broken",
        ),
        ({"type": "MultiPolygon", "coordinates": [[RING]]}, "one_polygon"),
    ],
)
def test_a_polygon_that_is_none_is_refused(polygon: dict[str, Any], reason: str) -> None:
    with pytest.raises(OperationInvalid) as refused:
        reading.operation({"op": "transfer", "to": "a", "area": polygon}, "wgs84")

    assert refused.value.facts["reason"] == reason


def test_every_reason_has_its_sentence() -> None:
    text = "".join(
        Path(str(one.__file__)).read_text("utf-8") for one in (given, matching, reading, uploads)
    )
    told = {key.rpartition(".")[2] for key in catalogue() if key.startswith("plans.operation.")}

    assert {key for key in told if f'"{key}"' not in text} == set()


def test_a_shorter_list_has_the_digest_it_had_before() -> None:
    whole = chained(WHOLE)

    assert chained(WHOLE[:5]) == whole[:6]
    assert len(set(whole)) == len(whole)


def test_what_was_used_longest_ago_is_forgotten() -> None:
    kept: Kept[int] = Kept(2)
    for key in ("a", "b"):
        kept.keep(key, 1)
    kept.get("a")
    kept.keep("c", 1)

    assert [kept.get(key) for key in ("a", "b", "c")] == [1, None, 1]
