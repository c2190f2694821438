"""The guide's example works, and its codes and systems are those of the code."""

import re
from pathlib import Path

import pytest

from geo.crs.systems import system
from geo.crs.zones import ZONES
from geo.exchange.controls import control
from geo.exchange.report import Report
from geo.texts import catalogue

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "coordinates.md").read_text(
    encoding="utf-8"
)


def test_the_control_points_of_the_guide_give_a_grid(tmp_path: Path) -> None:
    path = tmp_path / "控制点.csv"
    path.write_text(GUIDE.split("```csv\n")[1].split("```")[0], encoding="utf-8")

    fit = control(path, Report(), crs=None, force=False)

    assert fit is not None
    assert (fit.rms_m < 0.05, fit.outlier) == (True, None)


def test_every_code_of_the_guide_is_an_error() -> None:
    section = GUIDE.split("## What is refused")[1].split("\n## ")[0]
    codes = re.findall(r"\| `([a-z_]+)`", section)

    assert len(codes) == 6
    assert [code for code in codes if f"errors.{code}" not in catalogue()] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(EPSG:\d+)`", GUIDE))))
def test_every_system_of_the_guide_is_known(name: str) -> None:
    assert system(name).epsg in ZONES
