"""Cells of a file against those of a draft: which is which, what differs, where they lie."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from geo.crs.offsets import wgs84_to_gcj02
from geo.crs.transform import geometries_to_storage
from geo.errors import GeoError
from geo.grid.codes import CodePattern
from geo.grid.plans.applying import apply
from geo.grid.plans.draft import Base, CellFacts, Draft
from geo.grid.plans.given import OperationInvalid
from geo.grid.plans.ground import CellsElsewhere, CellsElsewhereTry, CellsFile, check_ground
from geo.grid.plans.matching import Drawn
from geo.grid.plans.uploads import CellsSame, is_same, upload
from geo.spatial.edits.working import Working
from geo.spatial.storage import GRID
from tests.world import STEP, box

PATTERN = CodePattern.of("division")
UPPER = [
    CellFacts("1", "区", 1, None),
    CellFacts("1A", "甲", 2, "1"),
    CellFacts("1B", "乙", 2, "1"),
]
LEAVES = {
    "1A001": box(0, 0, 1, 1), "1A002": box(0, 1, 1, 2),
    "1B001": box(1, 0, 2, 1), "1B002": box(1, 1, 2, 2),
}  # fmt: skip
RETIRED = "1B003"


class Lookup:
    """Knows the codes of the cells there are, and of one that was."""

    pattern = PATTERN
    given = frozenset({*LEAVES, *(cell.code for cell in UPPER), RETIRED})

    def taken(self, codes: Collection[str]) -> frozenset[str]:
        return self.given & frozenset(codes)

    def taken_with(self, prefix: str) -> frozenset[str]:
        return frozenset(code for code in self.given if code.startswith(prefix))


LOOKUP: Any = Lookup()


def draft() -> Draft:
    cells = {cell.code: cell for cell in UPPER}
    cells |= {code: CellFacts(code, f"{code}格", 3, code[:2]) for code in LEAVES}
    working = Working.of(list(LEAVES), list(LEAVES.values()))
    base = Base(1, "1", "1", cells, working, frozenset())
    return Draft(base, cells, working)


def drawn(shapes: Sequence[shapely.Polygon], **columns: Sequence[str | None]) -> list[Drawn]:
    found: list[Drawn] = []
    for place, shape in enumerate(shapes):
        row: dict[str, Any] = {name: values[place] for name, values in columns.items()}
        found.append(Drawn(place, shape, **row))
    return found


def done(before: Draft, file: Sequence[Drawn]) -> Draft:
    for operation in upload(before, file, LOOKUP).operations:
        before, _ = apply(before, operation, LOOKUP)
    return before


def leaves(of: Draft) -> dict[str, str | None]:
    return {code: of.cells[code].parent for code in of.working.codes()}


def test_a_file_without_codes_is_the_draft_by_its_ground() -> None:
    with pytest.raises(CellsSame):
        upload(draft(), drawn(list(LEAVES.values())[::-1]), LOOKUP)


def test_redrawn_cells_without_codes_keep_those_of_the_ground_they_share_most() -> None:
    file = drawn([box(0, 1.25, 1, 2), box(1, 1, 2, 2), box(0, 0, 1, 1.25), box(1, 0, 2, 1)])

    after = done(draft(), file)

    assert leaves(after) == leaves(draft())
    assert after.working.shape("1A001").area == pytest.approx(1.25 * LEAVES["1A001"].area)


# A gap of three centimetres is closed: what comes out is not quite what was drawn.
@pytest.mark.parametrize("gap", [0.0, 3 * GRID / STEP])
def test_the_same_file_twice_makes_a_new_cell_once(gap: float) -> None:
    shapes = [box(0, 0, 1, 0.5), box(0, 0.5 + gap, 1, 1)]
    file = drawn(shapes, code=["1A001", None], name=[None, "新格"])

    once = done(draft(), file)
    try:
        again = done(once, file)
    except CellsSame:
        again = once

    assert sorted(set(leaves(once)) - set(LEAVES)) == ["1A003"]
    assert is_same(once, again)


@pytest.mark.parametrize(("codes", "reason"), [
    (["ABC", "1A002"], "feature_code"),
    (["1A", "1A002"], "feature_code"),
    (["1A001", "1A001"], "feature_twice"),
])  # fmt: skip
def test_a_code_that_is_no_cell_is_refused_by_name(codes: list[str], reason: str) -> None:
    shapes = [LEAVES["1A001"], box(0, 1, 1, 2)]

    with pytest.raises(OperationInvalid) as refused:
        upload(draft(), drawn(shapes, code=codes), LOOKUP)

    assert refused.value.facts["reason"] == reason
    assert refused.value.facts["value"] in codes
    assert "properties/code" in refused.value.facts["pointer"]


def test_another_parent_hangs_the_cell_there() -> None:
    file = drawn([LEAVES["1A001"]], code=["1A001"], parent=["1B"])

    assert leaves(done(draft(), file)) == {**leaves(draft()), "1A001": "1B"}


def test_a_new_cell_hangs_below_the_parent_it_names() -> None:
    shapes = [box(0, 0, 1, 0.5), box(0, 0.5, 1, 1)]
    file = drawn(shapes, code=["1A001", None], parent=["1A", "1B"])

    after = leaves(done(draft(), file))

    assert after == {**leaves(draft()), "1B004": "1B"}


@pytest.mark.parametrize("parent", ["1", "1B001", "9"])
def test_a_parent_of_another_level_is_refused(parent: str) -> None:
    file = drawn([LEAVES["1A001"]], code=["1A001"], parent=[parent])

    with pytest.raises(OperationInvalid) as refused:
        upload(draft(), file, LOOKUP)

    assert refused.value.facts["reason"] == "feature_parent"


def test_a_refusal_names_the_feature_where_the_code_is_not_known_yet() -> None:
    shapes = [box(0, 0, 1, 0.5), box(-0.5, 0.5, 1, 1)]
    asked = upload(draft(), drawn(shapes, code=["1A001", None], name=[None, "新格"]), LOOKUP)

    with pytest.raises(GeoError) as refused:
        apply(draft(), asked.operations[0], LOOKUP)

    told = asked.told(refused.value)
    assert told.code == "edit_parts_reach_out"
    assert (told.facts["value"], told.facts["pointer"]) == ("#2 新格", "/features/1/geometry")


def test_a_new_cell_off_the_ground_is_refused_by_its_place() -> None:
    file = drawn([*LEAVES.values(), box(5, 5, 6, 6)], code=[*LEAVES, None])

    with pytest.raises(GeoError) as refused:
        upload(draft(), file, LOOKUP)

    assert (refused.value.code, refused.value.facts["value"]) == ("edit_parts_reach_out", "#5")


def read(given: Sequence[shapely.Polygon], codes: Sequence[str | None], crs: str) -> CellsFile:
    shapes = np.array(given, dtype=object)
    return CellsFile(
        tuple(drawn(list(geometries_to_storage(shapes, crs)), code=codes)), shapes, crs
    )


def test_cells_read_in_the_wrong_system_are_said_to_lie_off_with_the_one_that_fits() -> None:
    with pytest.raises(CellsElsewhereTry) as refused:
        check_ground(draft(), read(list(LEAVES.values()), list(LEAVES), "gcj02"))

    assert refused.value.facts["best"] == "wgs84"
    centre = shapely.get_coordinates(shapely.centroid(LEAVES["1A001"]))
    lon, lat = ((wgs84_to_gcj02(centre) - centre) * 111_320)[0]
    shift = float(np.hypot(lon * np.cos(np.radians(33.9)), lat))
    assert refused.value.facts["metres"] == pytest.approx(shift, rel=0.03)


def test_two_cells_amid_the_area_in_the_wrong_system_are_noticed_by_their_codes() -> None:
    given = [shapely.transform(LEAVES["1A001"], wgs84_to_gcj02)]

    with pytest.raises(CellsElsewhereTry, match="gcj02"):
        check_ground(draft(), read(given, ["1A001"], "wgs84"))


def test_cells_of_another_place_are_said_to_lie_elsewhere() -> None:
    with pytest.raises(CellsElsewhere) as refused:
        check_ground(draft(), read([box(50, 0, 51, 1)], [None], "wgs84"))

    assert refused.value.code == "plan_cells_elsewhere"
    assert refused.value.facts["percent"] == 100


def test_cells_that_are_redrawn_lie_on_the_ground() -> None:
    given = [box(0, 0, 1, 0.25), box(0, 0.25, 1, 2)]
    file = read(given, ["1A001", "1A002"], "wgs84")

    check_ground(draft(), file)
    check_ground(draft(), replace(file, drawn=tuple(replace(d, code=None) for d in file.drawn)))
