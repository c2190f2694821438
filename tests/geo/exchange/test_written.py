"""What GDAL says of a file that it could not write becomes what the system would have said."""

import errno
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.exchange.written import DRIVERS, unwritten, write_layers


def test_no_room_is_told_as_the_system_tells_it(tmp_path: Path) -> None:
    said = RuntimeError("sqlite3_exec(CREATE TABLE cells (fid)) failed: database or disk is full)")

    assert unwritten(tmp_path / "cells.gpkg", said).errno == errno.ENOSPC


def test_a_disk_with_little_room_is_full_where_gdal_gives_no_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = RuntimeError("Failed to commit transaction")

    with_room = unwritten(tmp_path / "cells.gpkg", said)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 8192}))
    without = unwritten(tmp_path / "cells.gpkg", said)

    assert (with_room.errno, str(with_room)) == (None, "Failed to commit transaction")
    assert without.errno == errno.ENOSPC


def test_of_a_statement_only_what_went_wrong_is_told(tmp_path: Path) -> None:
    said = RuntimeError("index 0: sqlite3_exec(CREATE TABLE (a)) failed: disk I/O error)")

    assert str(unwritten(tmp_path / "cells.gpkg", said)) == "disk I/O error"


@pytest.mark.parametrize("suffix", DRIVERS)
def test_every_layer_comes_back_and_what_stood_there_is_gone(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"cells{suffix}"
    out.touch()
    cells = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4548)
    layers = {"cells": cells, "parents": cells[:1]} if suffix == ".gpkg" else {"cells": cells}

    write_layers(out, layers)

    assert [len(gpd.read_file(out, layer=name)) for name in layers] == [*map(len, layers.values())]
