from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.exchange.report import FileRefused
from geo.exchange.table import Table
from geo.exchange.vectors import layer_names, read_geojson, read_layer
from tests.geo.exchange import files

SUFFIXES = ("gpkg", "shp", "geojson", "fgb")


def frame(count: int = 30) -> gpd.GeoDataFrame:
    boxes = [shapely.box(116 + i / 100, 33, 116.005 + i / 100, 33.005) for i in range(count)]
    columns = {"编号": [f"甲{i}" for i in range(count)], "层数": [6, None] * (count // 2)}
    return gpd.GeoDataFrame(columns, geometry=boxes, crs=4490)


def read(path: Path, encoding: str | None = None) -> Table:
    if path.suffix == ".geojson":
        return read_geojson(path, "", encoding)
    return read_layer(path, layer_names(path)[0], encoding)


def reason(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        read(path)
    return str(refused.value.facts["reason"])


def geojson(path: Path, coordinates: str, kind: str = "Point") -> Path:
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "1"},'
        f' "geometry": {{"type": "{kind}", "coordinates": {coordinates}}}}}]}}',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_texts_numbers_geometries_and_the_system_come_back(tmp_path: Path, suffix: str) -> None:
    made = frame()
    table = read(files.vector(tmp_path / f"t.{suffix}", made))

    rows = dict(zip(table.cells[0], zip(table.cells[1], table.geometry, strict=True), strict=True))
    assert table.headers == ("编号", "层数")
    assert table.cells.index.tolist() == list(range(1, 31))
    assert (rows["甲2"][0], rows["甲3"][0]) == ("6", "")
    assert shapely.hausdorff_distance(rows["甲2"][1], made.geometry[2]) < 1e-9
    assert table.system == "EPSG:4490"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_file_cut_off_is_refused(tmp_path: Path, suffix: str, share: float) -> None:
    path = files.vector(tmp_path / f"t.{suffix}", frame(200))
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])

    assert reason(path) in {"file_damaged", "file_truncated"}


def test_attributes_of_a_shapefile_cut_off_are_refused(tmp_path: Path) -> None:
    path = files.vector(tmp_path / "t.shp", frame())
    table = tmp_path / "t.dbf"
    table.write_bytes(table.read_bytes()[:-200])

    assert reason(path) == "file_truncated"


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_missing_part_of_a_shapefile_is_named(tmp_path: Path, part: str) -> None:
    path = files.vector(tmp_path / "t.shp", frame())
    (tmp_path / f"t{part}").unlink()

    with pytest.raises(FileRefused) as refused:
        read(path)

    assert f"t{part}" in refused.value.message("zh")


@pytest.mark.parametrize(("written", "mark"), [("GBK", False), ("GBK", True), ("UTF-8", False)])
def test_attributes_of_a_shapefile_are_read_in_their_encoding(
    tmp_path: Path, written: str, mark: bool
) -> None:
    path = files.vector(tmp_path / "t.shp", frame(), encoding=written)
    if not mark:
        (tmp_path / "t.cpg").unlink()

    assert read(path).cells[0].iloc[0] == "甲0"
    assert read(path).headers == ("编号", "层数")


@pytest.mark.parametrize(
    ("asked", "key"), [("klingon", "encoding_unknown"), ("utf-8", "encoding_wrong")]
)
def test_an_encoding_that_does_not_fit_a_shapefile_is_said(
    tmp_path: Path, asked: str, key: str
) -> None:
    path = files.vector(tmp_path / "t.shp", frame(), encoding="GBK")

    with pytest.raises(FileRefused) as refused:
        read(path, asked)

    assert refused.value.facts["reason"] == key


def test_a_geopackage_is_utf8_whatever_is_asked(tmp_path: Path) -> None:
    path = files.vector(tmp_path / "t.gpkg", frame())

    assert read(path, "gbk").cells[0].iloc[0] == "甲0"


def test_geojson_in_gbk_is_read_though_the_standard_forbids_it(tmp_path: Path) -> None:
    path = files.vector(tmp_path / "t.geojson", frame())
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))

    assert read(path).cells[0].iloc[0] == "甲0"


def test_the_default_system_of_geojson_is_no_statement_of_the_file(tmp_path: Path) -> None:
    silent = read(geojson(tmp_path / "a.geojson", "[116.8, 33.9]"))
    stated = read(files.vector(tmp_path / "t.gpkg", frame().to_crs(4326)))

    assert (silent.system, silent.assumed) == ("EPSG:4326", True)
    assert (stated.system, stated.assumed) == ("EPSG:4326", False)


@pytest.mark.parametrize(
    ("coordinates", "kind"),
    [
        ("[null, 33.9]", "Point"),
        ("[true, 33.9]", "Point"),
        ('["116.8", 33.9]', "Point"),
        ("[]", "Point"),
        ("[[[0, 0], [1, 0], [1, 1]]]", "Polygon"),
    ],
)
def test_what_is_no_coordinate_gives_no_geometry(
    tmp_path: Path, coordinates: str, kind: str
) -> None:
    table = read(geojson(tmp_path / "a.geojson", coordinates, kind))

    assert table.geometry is not None
    assert table.geometry[0] is None


@pytest.mark.parametrize("content", ["[1e400, 33.9]", "[" * 100_000])
def test_json_that_no_reader_should_take_is_refused(tmp_path: Path, content: str) -> None:
    assert reason(geojson(tmp_path / "a.geojson", content)) == "file_damaged"


def test_topojson_is_not_geojson(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"type": "Topology", "objects": {}, "arcs": []}', encoding="utf-8"
    )

    with pytest.raises(FileRefused):
        read_geojson(tmp_path / "a.json", "", None)


def test_heights_are_dropped(tmp_path: Path) -> None:
    table = read(geojson(tmp_path / "a.geojson", "[116.8, 33.9, 31.5]"))

    assert table.geometry is not None
    assert table.geometry[0].wkt == "POINT (116.8 33.9)"


def test_a_layer_without_geometry_is_a_table(tmp_path: Path) -> None:
    import pyogrio

    pyogrio.write_dataframe(frame().drop(columns="geometry"), tmp_path / "t.gpkg", layer="t")

    table = read(tmp_path / "t.gpkg")

    assert table.geometry is None
    assert table.system is None
    assert table.cells[0].iloc[0] == "甲0"


def test_a_polygon_of_a_million_vertices_is_read(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_001, endpoint=False)
    ring = shapely.Polygon(np.column_stack([116.8 + np.cos(angle) / 10, 33.9 + np.sin(angle) / 10]))
    path = files.vector(
        tmp_path / "t.gpkg", gpd.GeoDataFrame({"a": [1]}, geometry=[ring], crs=4326)
    )

    table = read(path)

    assert table.geometry is not None
    assert shapely.get_num_coordinates(table.geometry[0]) > 1_000_000
