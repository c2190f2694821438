"""Places in a city's own grid, tied by a table of control points."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.crs.local import Helmert
from geo.crs.transform import from_storage
from geo.exchange.controls import control
from geo.exchange.report import FileRefused, Report
from geo.spatial.storage import snap
from tests.geo.exchange.places import keys, place, rows_of, run, shapes_of

HEAD = "点号,地方东坐标,地方北坐标,东坐标,北坐标,坐标系"
KNOWN = np.array([[116.70, 33.90], [116.90, 33.90], [116.90, 34.02], [116.70, 34.02]])
PLANE = from_storage(KNOWN, "EPSG:4548")
# The city's grid: turned by 1.2°, 20 ppm too large, origin near the town.
CITY = Helmert(1.00002 * np.cos(0.021), 1.00002 * np.sin(0.021), 3e3, 4e3, 480e3, 3.75e6)
GRID = CITY.inverse(PLANE)


def table(
    tmp_path: Path, local: np.ndarray = GRID, known: np.ndarray = PLANE, *, crs: str = "EPSG:4548",
    head: str = HEAD,
) -> Path:  # fmt: skip
    rows = [
        f"K{place},{x:.9f},{y:.9f},{e:.9f},{n:.9f},{crs}"
        for place, ((x, y), (e, n)) in enumerate(zip(local, known, strict=True), start=1)
    ]
    path = tmp_path / "控制点.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def faults(report: Report) -> list[tuple[int, str]]:
    return [(fault.row, fault.key) for fault in report.faults]


def test_four_points_give_the_grid_and_tell_each_residual(tmp_path: Path) -> None:
    report = Report()

    fit = control(table(tmp_path), report, crs=None, force=False)

    assert fit is not None
    assert fit.grid.helmert.scale == pytest.approx(1.00002, abs=1e-9)
    (note,) = report.notes
    assert note.key == "control_fit"
    assert all(f"K{place} 0.000 m" in note.message("zh") for place in (1, 2, 3, 4))
    assert "+20.0 ppm" in note.message("en")


def test_places_come_in_through_the_grid_and_keep_its_name(tmp_path: Path) -> None:
    fit = control(table(tmp_path), Report(), crs=None, force=False)
    assert fit is not None
    running = run()
    running.local = fit
    there = CITY.inverse(from_storage([[116.81, 33.91]], "EPSG:4548"))[0]

    _, found = place(running, rows_of([tuple(there)]))

    assert found is not None
    assert found.system.name == fit.grid.name
    assert shapely.get_coordinates(found.stored).tolist() == snap([[116.81, 33.91]]).tolist()


def test_degrees_are_not_taken_for_metres_of_the_grid(tmp_path: Path) -> None:
    running = run()
    running.local = control(table(tmp_path), Report(), crs=None, force=False)

    place(running, rows_of([(116.81, 33.91)]))

    assert keys(running) == [(0, "numbers_are_degrees")]


def test_a_file_that_names_another_system_contradicts_the_control_points(tmp_path: Path) -> None:
    running = run()
    running.local = control(table(tmp_path), Report(), crs=None, force=False)

    place(running, shapes_of(shapely.Point(116.81, 33.91)))

    assert keys(running) == [(0, "crs_contradicted")]


def test_two_points_are_taken_and_said_to_be_unchecked(tmp_path: Path) -> None:
    report = Report()

    fit = control(table(tmp_path, GRID[:2], PLANE[:2]), report, crs=None, force=False)

    assert fit is not None
    assert [note.key for note in report.notes] == ["control_unchecked"]


def test_the_system_of_the_known_positions_may_come_from_the_user(tmp_path: Path) -> None:
    known = from_storage(KNOWN, "gcj02")
    head = "地方东坐标,地方北坐标,经度,纬度"
    path = tmp_path / "c.csv"
    lines = [f"{x:.6f},{y:.6f},{e:.9f},{n:.9f}" for (x, y), (e, n) in zip(GRID, known, strict=True)]
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    report = Report()

    fit = control(path, report, crs="gcj02", force=False)

    assert fit is not None
    assert np.abs(fit.grid.to_wgs84(GRID) - KNOWN).max() < 1e-6
    assert control(path, report, crs=None, force=False) is None
    assert faults(report) == [(0, "control_crs_missing")]


@pytest.mark.parametrize(
    ("crs", "key"), [("mars", "control_crs_wrong"), ("EPSG:2384", "control_crs_wrong")]
)
def test_a_system_of_known_positions_that_cannot_be_used_is_a_fault(
    tmp_path: Path, crs: str, key: str
) -> None:
    report = Report()

    assert control(table(tmp_path, crs=crs), report, crs=None, force=False) is None
    assert faults(report) == [(0, key)]


def test_several_systems_of_known_positions_are_a_fault(tmp_path: Path) -> None:
    path = table(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("EPSG:4548", "EPSG:4527", 1), encoding="utf-8")
    report = Report()

    assert control(path, report, crs=None, force=False) is None
    assert faults(report) == [(0, "control_crs_several")]


def test_a_false_point_is_named_with_how_far_it_is_off(tmp_path: Path) -> None:
    middle = PLANE.mean(axis=0)
    known = np.vstack([PLANE, middle, np.add(middle, [3000, 500])])
    local = CITY.inverse(known)
    known[4] += [0.0, 3.0]
    report = Report()

    fit = control(table(tmp_path, local, known), report, crs=None, force=False)

    assert fit is not None
    (told,) = [note for note in report.notes if note.key == "control_outlier"]
    assert "K5" in told.message("zh")


@pytest.mark.parametrize(
    ("local", "known", "key"),
    [
        (GRID[:1], PLANE[:1], "control_too_few"),
        (GRID[:, ::-1], PLANE, "control_swapped"),
        (GRID * 2, PLANE, "control_scale"),
        (np.repeat(GRID[:1], 3, axis=0), PLANE[:3], "control_too_close"),
        (GRID, np.add(PLANE, [[0, 0], [50, 0], [0, 0], [0, 50]]), "control_disagree"),
    ],
)
def test_points_that_give_no_grid_are_a_fault_that_says_why(
    tmp_path: Path, local: np.ndarray, known: np.ndarray, key: str
) -> None:
    report = Report()

    assert control(table(tmp_path, local, known), report, crs=None, force=False) is None
    assert faults(report) == [(0, key)]
    assert report.faults[0].layer == "控制点.csv"


def test_points_that_disagree_are_taken_when_forced(tmp_path: Path) -> None:
    known = np.add(PLANE, [[0, 0], [50, 0], [0, 0], [0, 50]])

    assert control(table(tmp_path, known=known), Report(), crs=None, force=True) is not None


def test_a_grid_turned_far_is_noted(tmp_path: Path) -> None:
    turned = Helmert(np.cos(0.5), np.sin(0.5), 3e3, 4e3, 480e3, 3.75e6)
    report = Report()

    control(table(tmp_path, turned.inverse(PLANE)), report, crs=None, force=False)

    assert [note.key for note in report.notes] == ["control_fit", "control_turned"]


def test_known_positions_with_swapped_axes_are_told_by_row(tmp_path: Path) -> None:
    report = Report()

    assert control(table(tmp_path, known=PLANE[:, ::-1]), report, crs=None, force=False) is None
    assert faults(report) == [(row, "axes_swapped") for row in (2, 3, 4, 5)]


def test_flaws_of_the_table_are_faults_of_their_rows(tmp_path: Path) -> None:
    path = table(tmp_path)
    text = path.read_text(encoding="utf-8").splitlines()
    text[2] = "K2,abc,1.0,2.0,3.0,EPSG:4548"
    text[3] = "K3,,1.0,2.0,3.0,EPSG:4548"
    path.write_text("\n".join(text), encoding="utf-8")
    report = Report()

    assert control(path, report, crs=None, force=False) is None
    assert faults(report) == [(3, "not_a_number"), (4, "missing_value")]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    report = Report()
    path = table(tmp_path, head=HEAD.replace("地方东坐标", "X"))

    assert control(path, report, crs=None, force=False) is None
    assert [fault.column for fault in report.faults] == ["地方东坐标"]


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        control(tmp_path / "none.csv", Report(), crs=None, force=False)
