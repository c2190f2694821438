"""Control points of a city's own grid, from a table: which grid they give, and how good it is."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from geo.crs.control import ControlRefused, Fit, listed, tied
from geo.crs.systems import CrsUncertain, System, UnknownCrs, system
from geo.crs.transform import CoordinateRefused
from geo.exchange.columns import Field, Sheet, sheet
from geo.exchange.formats import format_of, split
from geo.exchange.report import Report
from geo.exchange.values import number, plain

# A grid turned by more is unusual: the two sides may be of different points.
_TURN_DEG = 10.0
_coordinate = partial(number, low=-1e9, high=1e9, units="° 度 m 米")

FIELDS = (
    Field(
        "east",
        ("地方东坐标", "本地东坐标", "地方东", "本地东", "local_east"),
        _coordinate,
        key=True,
    ),
    Field(
        "north",
        ("地方北坐标", "本地北坐标", "地方北", "本地北", "local_north"),
        _coordinate,
        key=True,
    ),
    Field(
        "known_east",
        ("经度", "东坐标", "lng", "lon", "longitude", "easting", "east", "东"),
        _coordinate,
        key=True,
    ),
    Field(
        "known_north",
        ("纬度", "北坐标", "lat", "latitude", "northing", "north", "北"),
        _coordinate,
        key=True,
    ),
    Field("name", ("点号", "点名", "控制点", "point", "name", "no"), plain),
    Field("crs", ("坐标系", "crs", "datum"), plain),
)


def control(source: Path, report: Report, *, crs: str | None, force: bool) -> Fit | None:
    """Return the grid that a table of control points gives; None when it gives none.

    What is wrong goes to the report as faults, how good the grid is as notes, both under the name
    of the table.

    Parameters
    ----------
    source : the table, ``FILE`` or ``FILE::SHEET``
    crs : system of the known positions, where the table does not name it
    force : points that disagree are taken all the same

    Raises
    ------
    FileRefused
        When the file cannot be read as a table.
    """
    path, name = split(str(source))
    reader = format_of(path)
    table = reader.read(path, name or reader.names(path)[0], None)
    made = sheet(replace(table, name=path.name), FIELDS, report)
    if report.rows(path.name):
        return None
    known = _known(made, crs)
    if known is None:
        return None
    names = made.values["name"].tolist() if made.has("name") else made.values.index.tolist()
    called = [str(name or row) for name, row in zip(names, made.values.index, strict=True)]
    pairs = made.values[["east", "north", "known_east", "known_north"]].to_numpy(dtype=np.float64)
    try:
        fit = tied(pairs[:, :2], pairs[:, 2:], known, names=called, force=force)
    except ControlRefused as error:
        facts = {key: fact for key, fact in error.facts.items() if key != "why"}
        report.refuse(f"control_{error.facts['why']}", layer=path.name, facts=facts)
        return None
    except CoordinateRefused as error:
        _refuse_known(made, error, known)
        return None
    _tell(fit, report, path.name, called)
    return fit


def _known(made: Sheet, crs: str | None) -> System | None:
    """Return the system of the known positions: one for all, from the table or the user."""
    stated = {str(value) for value in made.values["crs"] if value} if made.has("crs") else set()
    named = sorted(stated) or ([crs] if crs else [])
    layer = made.table.name
    if len(named) != 1:
        key = "control_crs_several" if named else "control_crs_missing"
        made.report.refuse(key, layer=layer, facts={"names": ", ".join(named)})
        return None
    try:
        return system(named[0])
    except (UnknownCrs, CrsUncertain):
        made.report.refuse("control_crs_wrong", layer=layer, facts={"name": named[0]})
        return None


def _refuse_known(made: Sheet, error: CoordinateRefused, known: System) -> None:
    rows = np.zeros(len(made.values), dtype=bool)
    rows[error.facts["rows"]] = True
    key = "axes_swapped" if error.code == "axes_swapped" else "coordinate_beyond_crs"
    facts: dict[str, Any] = {"crs": known.name}
    made.refuse(key, rows, "known_east", facts)


def _tell(fit: Fit, report: Report, layer: str, names: list[str]) -> None:
    helmert, distances = fit.grid.helmert, fit.distances_m
    shown: dict[str, Any] = {
        "name": fit.grid.name,
        "turn": f"{round(helmert.turn_deg, 6) + 0.0:.6f}",  # no minus before a zero
        "ppm": f"{(helmert.scale - 1.0) * 1e6:+.1f}",
        "rms": f"{fit.rms_m:.3f}",
        "residuals": listed(distances, names),
    }
    key = "control_fit" if fit.checked else "control_unchecked"
    report.note(key, layer=layer, count=len(names), **shown)
    if fit.outlier is not None:
        off = f"{distances[fit.outlier]:.3f}"
        report.note("control_outlier", layer=layer, count=1, point=names[fit.outlier], off=off)
    if abs(helmert.turn_deg) > _TURN_DEG:
        report.note("control_turned", layer=layer, count=1, turn=f"{helmert.turn_deg:.1f}")
