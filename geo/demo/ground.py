"""The ground of the demo town: streets, railway, water, parks, fields, blocks.

Everything is drawn on the plan and bent onto the ground at the end; what would leave the district
is cut at its outline.
"""

from collections.abc import Sequence
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.demo import outline
from geo.demo.blocks import CLEARANCE_M, Drawing, Fabric
from geo.demo.cells import STEP_M
from geo.demo.houses import village_ground
from geo.demo.land import Land, Site
from geo.demo.lattice import Lattice
from geo.demo.plan import HILLS, LAKES, Zone
from geo.demo.shapes import blob, smooth
from geo.demo.streams import stream
from geo.demo.streets import Street
from geo.demo.uses import frame_of
from geo.demo.warp import Floats, from_degrees, to_degrees, to_metres
from geo.spatial.storage import Geometries

_ROUND_M = 7.0
_RAIL_M = 9.0
_SHORE_M, _SOFT_M = 14.0, 45.0
_PARCEL_M = (120.0, 290.0)
_PARCEL_GAP_M = 5.0
_RIVER_NAMES = ("濉河", "闸河")
_RIVER_M = (30.0, 50.0)
_LAKE_NAMES = ("寇湾湖", "南湖")


def blocks(seed: int, land: Land) -> list[Drawing]:
    """Return the land between streets: blocks, fields and village grounds.

    Parameters
    ----------
    seed : the town's seed
    land : Land

    Returns
    -------
    list of Drawing on the plan
    """
    grid = land.plan.lattice
    found = []
    villages = {site.block: site for site in land.sites if site.fabric is Fabric.VILLAGE}
    rural = {n for n in villages if _is_rural(land, villages[n])}
    sites = {site.block: site for site in land.sites if site.block not in rural}
    for site in sites.values():
        if site.fabric is Fabric.FIELD:
            found += _fields(seed, grid, site.window, None)
        elif site.fabric is not Fabric.PARK:
            found.append(Drawing("block", _between_streets(grid, site.window)))
    for number in sorted(villages):
        site = villages[number]
        frame = frame_of(grid, site.window)
        shape = village_ground(frame, stream(seed, "village", *site.corner))
        if number in rural:
            rows, columns = np.nonzero(land.block == number)
            window = (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1)
            found += _fields(seed, grid, window, shapely.buffer(shape, 6.0))
        found.append(Drawing("village", shape))
    return found + _odd_blocks(land, {site.block for site in land.sites})


def waters(land: Land) -> list[Drawing]:
    """Return rivers, lakes, the wooded hill and the railway.

    Parameters
    ----------
    land : Land

    Returns
    -------
    list of Drawing on the plan
    """
    grid = land.plan.lattice
    found = []
    hills = _within(land, Zone.HILL, [_landmark(n, ellipse) for n, ellipse in enumerate(HILLS)])
    found.append(Drawing("park", hills, "相山公园"))
    found += [Drawing("street", path, rank=3, width_m=4.0) for path in _hill_paths(hills)]
    for n, ellipse in enumerate(LAKES):
        lake = _within(land, Zone.LAKE, [_landmark(n + 7, ellipse)])
        found.append(Drawing("water", lake, _LAKE_NAMES[n]))
    for column, name, width in zip(grid.rivers, _RIVER_NAMES, _RIVER_M, strict=True):
        v = np.arange(grid.v[0], grid.v[-1], -20.0)
        middle = (grid.u[column] + grid.u[column + 1]) / 2.0 + 8.0 * np.sin(v / 310.0)
        half = width / 2.0 + 3.0 * np.sin(v / 170.0 + 1.0)
        bank = np.column_stack([middle - half, v]), np.column_stack([middle + half, v])[::-1]
        found.append(Drawing("water", shapely.polygons(np.concatenate(bank)), name))
    rail = (grid.v[grid.row0] + grid.v[grid.row0 + 1]) / 2.0
    track = shapely.LineString([(grid.u[0], rail), (grid.u[-1], rail)])
    found.append(Drawing("railway", track, "符夹铁路", width_m=_RAIL_M))
    return found


def frame(drawings: Sequence[Drawing], streets: Sequence[Street]) -> gpd.GeoDataFrame:
    """Return the ground frame: drawings and streets bent onto the ground, cut at the outline.

    Parameters
    ----------
    drawings : Drawing on the plan
    streets : Street on the plan

    Returns
    -------
    GeoDataFrame: kind, rank, name, width_m, geometry; degrees, storage grid
    """
    lines = [Drawing("street", s.line, s.name, int(s.rank), s.width_m) for s in streets]
    rows = [*drawings, *lines]
    shapes = np.array([row.shape for row in rows], dtype=object)
    bent = shapely.transform(shapely.segmentize(shapes, STEP_M), to_metres)
    soft = np.array([row.kind in ("block", "park", "field", "school", "works") for row in rows])
    bent[soft] = shapely.buffer(shapely.buffer(bent[soft], -_ROUND_M), _ROUND_M, quad_segs=3)
    for n, row in enumerate(rows):
        if row.less is not None:
            hole = shapely.transform(shapely.segmentize(row.less, STEP_M), to_metres)
            bent[n] = shapely.difference(bent[n], hole)
    index, cut = _clipped(bent)
    table = pd.DataFrame(
        {
            "kind": [rows[n].kind for n in index],
            "rank": [rows[n].rank for n in index],
            "name": [rows[n].name for n in index],
            "width_m": [rows[n].width_m for n in index],
        }
    )
    return gpd.GeoDataFrame(table, geometry=shapely.transform(cut, to_degrees), crs=4326)


def _clipped(shapes: Geometries) -> tuple[np.ndarray, Geometries]:
    """Return the simple parts inside the district and of which shape each is."""
    district = shapely.polygons(from_degrees(outline.ring()))
    shapely.prepare(district)
    whole = shapely.contains_properly(district, shapes)
    parts = shapes.copy()
    parts[~whole] = shapely.intersection(district, shapes[~whole])
    parts, index = shapely.get_parts(parts, return_index=True)
    solid = np.where(
        shapely.get_dimensions(parts) == 2, shapely.area(parts) > 20.0, shapely.length(parts) > 2.0
    )
    same = shapely.get_dimensions(parts) == shapely.get_dimensions(shapes[index])
    return index[solid & same], parts[solid & same]


def _is_rural(land: Land, site: Site) -> bool:
    """Return whether a village stands in a block wider than itself."""
    north, south, west, east = site.window
    return int((land.block == site.block).sum()) > (south - north) * (east - west)


def _between_streets(grid: Lattice, window: tuple[int, int, int, int]) -> shapely.Polygon:
    f = frame_of(grid, window)
    return shapely.box(
        f.in_west - CLEARANCE_M,
        f.in_south - CLEARANCE_M,
        f.in_east + CLEARANCE_M,
        f.in_north + CLEARANCE_M,
    )


def _fields(
    seed: int, grid: Lattice, window: tuple[int, int, int, int], less: shapely.Geometry | None
) -> list[Drawing]:
    """Return the parcels of a window of fields, without the ground of its village."""
    west, south, east, north = shapely.bounds(_between_streets(grid, window))
    draw = stream(seed, "fields", int(window[0]), int(window[2]))
    size = _PARCEL_M if draw.random() < 0.6 else _PARCEL_M[::-1]
    u = _shares(west, east, size[0], draw)
    v = _shares(south, north, size[1], draw)
    gap = _PARCEL_GAP_M / 2.0
    low, high = np.meshgrid(u[:-1], v[:-1]), np.meshgrid(u[1:], v[1:])
    parcels = shapely.box(low[0] + gap, low[1] + gap, high[0] - gap, high[1] - gap).ravel()
    if less is not None:
        parcels = shapely.difference(parcels, less)
    return [Drawing("field", parcel) for parcel in parcels if not shapely.is_empty(parcel)]


def _shares(start: float, stop: float, size: float, draw: np.random.Generator) -> Floats:
    count = max(1, round((stop - start) / size))
    widths = draw.uniform(0.8, 1.2, count)
    return start + np.concatenate([[0.0], np.cumsum(widths) / widths.sum()]) * (stop - start)


def _odd_blocks(land: Land, known: set[int]) -> list[Drawing]:
    """Return blocks that are no rectangle: at the rim, at rivers and around lakes."""
    grid, zone = land.plan.lattice, land.plan.zone
    rows, columns = np.nonzero((land.block >= 0) & ~np.isin(land.block, sorted(known)))
    green = np.isin(zone[rows, columns], (Zone.RIVER, Zone.LAKE))
    bare = np.isin(zone[rows, columns], (Zone.HILL, Zone.RAIL))
    lots = shapely.box(grid.u[columns], grid.v[rows + 1], grid.u[columns + 1], grid.v[rows])
    found = []
    for label in np.unique(land.block[rows, columns]):
        own = land.block[rows, columns] == label
        if bare[own][0]:
            continue
        shape = shapely.buffer(shapely.union_all(lots[own]), -8.0, join_style="mitre")
        kind = "park" if green[own][0] else "field"
        found += [Drawing(kind, part) for part in shapely.get_parts(shape)]
    return found


def _hill_paths(hills: shapely.Geometry) -> list[shapely.Geometry]:
    """Return winding paths over the hill."""
    west, south, east, north = shapely.bounds(hills)
    draw = stream(0, "landmark", "paths")
    u = np.linspace(west, east, 14)
    paths = [
        smooth(
            np.column_stack([u, south + (north - south) * (at + draw.uniform(-0.12, 0.12, len(u)))])
        )
        for at in (0.34, 0.62)
    ]
    v = np.linspace(south, north, 8)
    for at in (0.27, 0.5, 0.72):
        bend = at + draw.uniform(-0.05, 0.05, len(v))
        paths.append(smooth(np.column_stack([west + (east - west) * bend, v])))
    crossed = shapely.intersection(shapely.union_all(paths), shapely.buffer(hills, -20.0))
    return [part for part in shapely.get_parts(shapely.line_merge(crossed)) if part.length > 60.0]


def _within(land: Land, zone: Zone, shapes: list[shapely.Geometry]) -> shapely.Geometry:
    """Return the union of soft shapes as far as their zone reaches, its corners rounded."""
    grid = land.plan.lattice
    rows, columns = np.nonzero(land.plan.zone == zone)
    lots = shapely.box(grid.u[columns], grid.v[rows + 1], grid.u[columns + 1], grid.v[rows])
    room = shapely.buffer(shapely.union_all(lots), -_SHORE_M, join_style="mitre")
    cut = shapely.intersection(shapely.union_all(shapes), room)
    return shapely.buffer(shapely.buffer(cut, -_SOFT_M), _SOFT_M, quad_segs=6)


@cache
def _landmark(number: int, ellipse: tuple[float, float, float, float]) -> shapely.Polygon:
    u, v, wide, high = (1000.0 * length for length in ellipse)
    return blob(stream(0, "landmark", number), (u, v), (wide * 0.86, high * 0.86), points=90)
