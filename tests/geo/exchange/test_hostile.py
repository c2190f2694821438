"""Tables of nonsense in every kind: refused with their rows or taken in, never anything else."""

import random
from pathlib import Path

import pytest

from geo.exchange.geometries import FIELDS as PLACES
from geo.exchange.kinds import buildings, cells, ground, households, workers
from geo.exchange.report import ImportRefused
from geo.work import Work
from tests import world
from tests.geo.exchange import files

pytestmark = pytest.mark.db

KINDS = {
    "cells": (*cells.FIELDS, *PLACES),
    "buildings": (*buildings.FIELDS, *PLACES),
    "households": households.FIELDS,
    "workers": workers.FIELDS,
    "streets": (*ground.FIELDS, *PLACES),
}
VALUES = [
    "", " ", "b1", "b9", "100", "100A1", "w1", "0", "1", "-1", "2.5", "1e400", "nan", "inf",
    "\\N", "\\.", "3.4E+11", "340603002001.0", "自住", "是", "网格员", "社区", "主干道", "park",
    "a、b1,100A1", "=1+1", "a\x01b", "甲" * 300, "301室", "'; DROP TABLE cell; --", "{0}",
    "\u202e\x1b[2J", "116.81", "33.91", "POLYGON EMPTY", "POINT (NaN 1)", "POINT (1e400 1)",
    "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "POINT (116.81 33.91)", "MULTIPOINT (116.81 33.91)",
    "LINESTRING (116.8 33.9, 116.81 33.91)", "GEOMETRYCOLLECTION (POINT (116.81 33.91))",
    world.box(0, 0, 1, 1).wkt, world.box(1, 0, 3, 1).wkt,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nonsense_is_refused_with_its_rows_and_leaves_the_work_usable(
    work: Work, tmp_path: Path, kind: str
) -> None:
    world.fill(work)
    choice = random.Random(kind)

    for number in range(25):
        fields = [field for field in KINDS[kind] if choice.random() < 0.7] or KINDS[kind][:1]
        rows = [[choice.choice(field.headers) for field in fields]]
        rows += [[choice.choice(VALUES) for _ in fields] for _ in range(choice.randrange(1, 6))]
        path = files.csv(tmp_path / f"{number}.csv", rows)
        before = work.session.begin_nested()
        try:
            files.take_in(work, path, kind, crs="wgs84")
        except ImportRefused as refused:
            assert refused.report.total == len(refused.report.faults)
            assert all(
                fault.message("zh") and fault.message("en") for fault in refused.report.faults
            )
            assert all(0 <= fault.row <= len(rows) for fault in refused.report.faults)
        before.rollback()
