"""Whether something was drawn where the coverage is, and whether its axes were swapped."""

import shapely

from geo.spatial.edits.refusals import CutMisses, DrawingSwapped
from geo.spatial.edits.working import Working


def check_somewhere(working: Working, drawn: shapely.Geometry) -> None:
    """Refuse what lies outside the whole coverage, and say so when swapped axes explain it.

    Raises
    ------
    DrawingSwapped
        When it would lie inside with longitude and latitude swapped.
    CutMisses
        When it lies outside either way.

    Examples
    --------
    >>> working = Working.of(["a"], [shapely.box(116, 33, 117, 34)])
    >>> check_somewhere(working, shapely.LineString([(33.5, 116.2), (33.5, 116.8)]))
    Traceback (most recent call last):
    geo.spatial.edits.refusals.DrawingSwapped: ...
    """
    window = shapely.box(*working.bounds())
    if shapely.intersects(window, drawn):
        return
    swapped = shapely.transform(drawn, lambda points: points[:, ::-1])
    kind = DrawingSwapped if shapely.intersects(window, swapped) else CutMisses
    raise kind(drawn)
