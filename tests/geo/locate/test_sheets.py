"""Columns of batches: dictionaries that pandas reads, and no larger than what they are used for."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from pyarrow import ipc

from geo.locate.batch import locate_points
from geo.locate.frames import grid_of
from geo.locate.sheets import Sheet, chosen_columns
from geo.locate.snapshot import Snapshot

NUMBER = 600


@pytest.fixture(scope="module")
def grid() -> Snapshot:
    """Cells side by side, 0.001 degrees wide, of which every second bears the same name."""
    west = 116.0 + np.arange(NUMBER) * 0.001
    names = ["第1网格" if n % 2 else f"第{n}网格" for n in range(NUMBER)]
    codes = [f"{n:04}" for n in range(NUMBER)]
    boxes = shapely.box(west, 33.0, west + 0.001, 33.1)
    return grid_of(gpd.GeoDataFrame({"code": codes, "name": names}, geometry=boxes, crs=4326))


def parts(grid: Snapshot, *sizes: int) -> tuple[bytes, list[str]]:
    """Return a stream of parts of so many rows, and the code of each row."""
    sheet, first, sink = (
        Sheet(grid, chosen_columns((), ("names",)), "zh"),
        1,
        pa.BufferOutputStream(),
    )
    cells = np.random.default_rng(5).integers(0, NUMBER, sum(sizes))
    writer = None
    for size in sizes:
        lon = 116.0005 + cells[first - 1 : first - 1 + size] * 0.001
        answer = sheet.answer(locate_points(grid, lon, np.full(size, 33.05)), first, None)
        writer = writer or ipc.new_stream(sink, answer.schema)
        writer.write_batch(answer)
        first += size
    assert writer is not None
    writer.close()
    return sink.getvalue().to_pybytes(), [f"{n:04}" for n in cells]


@pytest.mark.parametrize("sizes", [(3,), (3, 3, 3), (3, 700), (700, 3), (700, 700)])
def test_names_that_two_cells_bear_are_read_by_pandas(grid: Snapshot, sizes: tuple[int]) -> None:
    stream, codes = parts(grid, *sizes)

    found = ipc.open_stream(stream).read_pandas()

    names = ["第1网格" if int(code) % 2 else f"第{int(code)}网格" for code in codes]
    assert found["code"].tolist() == codes and found["name"].tolist() == names
    assert isinstance(found["name"].dtype, pd.CategoricalDtype)


def test_a_few_rows_do_not_bring_the_texts_of_the_whole_grid(grid: Snapshot) -> None:
    stream, _ = parts(grid, 3)

    (batch,) = ipc.open_stream(stream)
    assert len(batch.column("code").dictionary) <= 3
    # 17 columns of padded buffers and the schema; the texts of 600 cells alone take 40 kB.
    assert len(stream) < 8_000


def test_rows_with_errors_say_them_in_every_part(grid: Snapshot) -> None:
    sheet = Sheet(grid, ("code", "error", "detail"), "en")
    lon = np.array([116.0005, np.nan])

    for first in (1, 3):
        rows = sheet.answer(locate_points(grid, lon, np.full(2, 33.05)), first, None).to_pylist()
        assert [row["error"] for row in rows] == [None, "coordinate_not_finite"]
        assert rows[0]["detail"] is None and "finite" in rows[1]["detail"]
