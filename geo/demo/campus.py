"""Blocks with something other than dwellings: schools, works and parks, often with a few slabs.

The ground of a school or works takes the north of its block and belongs to the level-5 cell of
the first building below; a park or yard takes a whole block and has no cell of its own.
"""

import numpy as np
import shapely

from geo.demo.blocks import Drawing, Fabric, Frame, Layout
from geo.demo.rows import slabs
from geo.demo.shapes import blob, smooth

_TRACK_M = (84.0, 46.0)
_PATH_M = 3.0
# Paths of a park, in half its width and height; each park turns them its own way.
_PATHS = (
    np.array([(-1.3, -1.3), (-0.75, -0.4), (-0.5, 0.4), (0.1, 0.6), (0.6, 0.5), (1.3, 1.3)]),
    np.array([(-0.5, 0.4), (-0.75, 0.8), (-1.3, 0.9)]),
)

Box = tuple[float, float, float, float]  # west, south, east, north
_SHARE = {Fabric.SCHOOL: 0.56, Fabric.WORKS: 0.52}


def with_slabs(frame: Frame, draw: np.random.Generator, fabric: Fabric, name: str) -> Layout:
    """Return a school or works in the north of a block and three slabs in its south.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    fabric : SCHOOL or WORKS
    name : its name on the map

    Returns
    -------
    Layout
    """
    line = frame.in_north - frame.high * _SHARE[fabric]
    layout = slabs(frame.below(line), draw, 2)
    across = layout.leaves // 2
    kept = layout.slots[: across + 1] if across == 2 else layout.slots
    layout.slots = kept.copy()
    layout.rects = [rect for rect in layout.rects if rect[0] < len(kept)]
    if across == 2:
        _widen_last(layout, frame.east)
    layout.rects.append((0, frame.west, line, frame.east, frame.north))
    layout.drawings = [d for d in layout.drawings if d.kind != "street"]
    site = (frame.in_west - 6.0, line, frame.in_east + 6.0, frame.in_north + 6.0)
    layout.drawings += (
        school(site, draw, name) if fabric is Fabric.SCHOOL else works(site, draw, name)
    )
    return layout


def park(frame: Frame, draw: np.random.Generator, name: str) -> Layout:
    """Return a park with pond and paths over a whole block.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    name : its name on the map

    Returns
    -------
    Layout without slots
    """
    half = np.array([frame.wide, frame.high]) / 2.0 * np.where(draw.random(2) < 0.5, -1.0, 1.0)
    off = half * draw.uniform(0.15, 0.4, 2) * (1.0, -1.0)
    size = np.abs(half) * (draw.uniform(0.36, 0.46), draw.uniform(0.3, 0.4))
    pond = blob(draw, tuple(frame.middle + off), tuple(size))
    green = _inside(frame, 6.0)
    paths = shapely.union_all([smooth(np.array(frame.middle) + path * half) for path in _PATHS])
    dry = shapely.difference(shapely.intersection(paths, green), shapely.buffer(pond, 4.0))
    return Layout(
        drawings=[
            Drawing("park", green, name, less=pond),
            Drawing("water", pond),
            *(Drawing("street", p, rank=3, width_m=_PATH_M) for p in shapely.get_parts(dry)),
        ]
    )


def yard(frame: Frame, draw: np.random.Generator, name: str) -> Layout:
    """Return works over a whole block.

    Parameters
    ----------
    frame : Frame
    draw : the block's random stream
    name : its name on the map

    Returns
    -------
    Layout without slots
    """
    site = (frame.in_west - 5.0, frame.in_south - 5.0, frame.in_east + 5.0, frame.in_north + 5.0)
    return Layout(drawings=works(site, draw, name))


def school(site: Box, draw: np.random.Generator, name: str) -> list[Drawing]:
    """Return the ground of a school: site, sports track, teaching buildings.

    Parameters
    ----------
    site : its box on the plan
    draw : the block's random stream
    name : its name on the map

    Returns
    -------
    list of Drawing
    """
    west, south, east, north = site
    wide, high = min(_TRACK_M[0], (east - west) * 0.58), min(_TRACK_M[1], north - south - 16.0)
    side = -1.0 if draw.random() < 0.4 else 1.0
    middle = (west + east) / 2.0 + side * ((east - west - wide) / 2.0 - 9.0)
    v, half = (south + north) / 2.0, (wide - high) / 2.0
    core = shapely.LineString([(middle - half, v), (middle + half, v)])
    track = shapely.buffer(core, high / 2.0, quad_segs=6)
    room = (west + 8.0, middle - wide / 2.0 - 9.0)
    if side < 0:
        room = (middle + wide / 2.0 + 9.0, east - 8.0)
    rows = np.linspace(north - 13.0, south + 13.0, 3)
    halls = shapely.box(room[0], rows - 5.5, room[1], rows + 5.5)
    ground = Drawing("school", shapely.box(*site), name, less=shapely.union_all([track, *halls]))
    return [ground, Drawing("park", track), *(Drawing("other_building", h) for h in halls)]


def works(site: Box, draw: np.random.Generator, name: str) -> list[Drawing]:
    """Return the ground of works: site and sheds.

    Parameters
    ----------
    site : its box on the plan
    draw : the block's random stream
    name : its name on the map

    Returns
    -------
    list of Drawing
    """
    west, south, east, north = site
    split = draw.uniform(0.5, 0.62)
    shares = np.array(
        [
            (0.05, 0.54, split - 0.04, 0.92),
            (0.05, 0.1, split * 0.55, 0.42),
            (split * 0.55 + 0.06, 0.1, split - 0.04, 0.42),
            (split + 0.04, 0.1, 0.95, draw.uniform(0.6, 0.72)),
            (split + 0.04, 0.8, 0.86, 0.93),
        ]
    )
    size = np.array([east - west, north - south])
    sheds = shapely.box(*(shares * np.tile(size, 2) + (west, south, west, south)).T)
    ground = Drawing("works", shapely.box(*site), name, less=shapely.union_all(sheds))
    return [ground, *(Drawing("other_building", shed) for shed in sheds)]


def _inside(frame: Frame, inset: float) -> shapely.Polygon:
    return shapely.box(
        frame.in_west - inset, frame.in_south - inset, frame.in_east + inset, frame.in_north + inset
    )


def _widen_last(layout: Layout, east: float) -> None:
    """Give the single building of the second row the whole width."""
    leaf, west, south, _, north = layout.rects[-1]
    layout.rects[-1] = (leaf, west, south, east, north)
