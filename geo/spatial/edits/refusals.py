"""What an edit refuses: stable codes, facts, and the place to look at."""

from typing import Any, ClassVar

import shapely

from geo.errors import Invalid, NotFound, Refused
from geo.texts import Lang, text

_DIGITS = 7


class EditRefused(Refused):
    """An edit that the coverage does not allow.

    Parameters
    ----------
    place : geometry whose inside shows where to look; None when there is no place
    **facts : fill the sentence

    ``facts`` hold the place as ``lon`` and ``lat``, degrees, storage CRS, 7 decimals.
    """

    code: ClassVar[str] = "edit_refused"

    def __init__(self, place: shapely.Geometry | None = None, **facts: Any) -> None:
        super().__init__(**_spot(place), **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, and the place when there is one."""
        sentence = super().message(lang)
        if "lon" not in self.facts:
            return sentence
        lon, lat = self.facts["lon"], self.facts["lat"]
        return text("edits.at", lang, sentence=sentence, lon=lon, lat=lat)


class DrawingInvalid(Invalid, EditRefused):
    """What was drawn cannot be right, whatever the coverage."""

    code = "drawing_invalid"


class CellMissing(NotFound):
    """No cell of the coverage being edited has this code."""

    code = "edit_cell_missing"


class CodeTaken(EditRefused):
    """The code of a new cell is that of a cell there, or is given twice."""

    code = "edit_code_taken"


class DrawingEmpty(DrawingInvalid):
    """Nothing is left of what was drawn on the storage grid."""

    code = "drawing_empty"


class DrawingKindRefused(DrawingInvalid):
    """Neither a line nor a polygon where one is needed."""

    code = "drawing_kind_refused"


class DrawingNotFinite(DrawingInvalid):
    """A coordinate is not a number, or no longitude or latitude."""

    code = "drawing_not_finite"


class DrawingSwapped(DrawingInvalid):
    """Nothing lies where it was drawn, but would with longitude and latitude swapped."""

    code = "drawing_swapped"


class DrawingTooLarge(DrawingInvalid):
    """More vertices than anybody draws."""

    code = "drawing_too_large"


class DrawingCrossesItself(DrawingInvalid):
    """A line crosses itself, or a polygon's ring does."""

    code = "drawing_crosses_itself"


class CutMisses(EditRefused):
    """What was drawn does not meet the cell."""

    code = "cut_misses"


class CutCovers(EditRefused):
    """The whole cell lies inside what was drawn."""

    code = "cut_covers"


class CutTouches(EditRefused):
    """What was drawn meets only the border of the cell."""

    code = "cut_touches"


class CutEndsInside(EditRefused):
    """A line ends inside the cell and parts nothing there."""

    code = "cut_ends_inside"


class PiecesDiffer(EditRefused):
    """A cut makes more or fewer pieces than there are codes for."""

    code = "cut_pieces_differ"


class KeepMisses(EditRefused):
    """The point whose piece keeps the code lies in no piece."""

    code = "cut_keep_misses"


class CellVanishes(EditRefused):
    """Nothing, or nothing wider than the grid, would be left of a cell."""

    code = "edit_cell_vanishes"


class CellFallsApart(EditRefused):
    """A cell would consist of pieces that do not share a border."""

    code = "edit_cell_falls_apart"


class NotNeighbours(EditRefused):
    """Cells that are to become one share no border."""

    code = "edit_not_neighbours"


class NotBeside(EditRefused):
    """Two cells share no border that could be moved."""

    code = "edit_not_beside"


class TooFewCells(EditRefused):
    """One cell alone cannot be merged."""

    code = "edit_too_few_cells"


class VertexMissing(EditRefused):
    """No vertex of a cell lies where one is to be moved."""

    code = "edit_vertex_missing"


class VertexStays(EditRefused):
    """A vertex is to be moved to where it is."""

    code = "edit_vertex_stays"


class VertexOnOutline(EditRefused):
    """A vertex on the outer border of the coverage stays where it is."""

    code = "edit_vertex_on_outline"


class LineOffBorder(EditRefused):
    """A new border does not begin and end on one stretch of the border it is to replace."""

    code = "edit_line_off_border"


class LineLeaves(EditRefused):
    """A new border leaves the two cells it is to part."""

    code = "edit_line_leaves"


class NothingMoves(EditRefused):
    """What was drawn gives no cell other land than it has."""

    code = "edit_nothing_moves"


class NothingUncovered(EditRefused):
    """Cells cover all of the land that was to become a new one."""

    code = "edit_nothing_uncovered"


class PartsLeaveGap(EditRefused):
    """The new shapes do not cover the cells they are to replace."""

    code = "edit_parts_leave_gap"


class PartsOverlap(EditRefused):
    """Two of the new shapes overlap."""

    code = "edit_parts_overlap"


class PartsReachOut(EditRefused):
    """A new shape reaches beyond the cells it is to replace."""

    code = "edit_parts_reach_out"


class BuildingsCut(EditRefused):
    """A border would run through buildings."""

    code = "edit_buildings_cut"


class BuildingsElsewhere(EditRefused):
    """None of the buildings to be handed over stands in another cell."""

    code = "edit_buildings_elsewhere"


class CoverageWouldBreak(EditRefused):
    """Borders would cross or come closer than the grid can tell apart."""

    code = "edit_coverage_breaks"


class OutlineWouldMove(EditRefused):
    """The outer border of the coverage would move by more than the grid's step."""

    code = "edit_outline_moves"


def _spot(place: shapely.Geometry | None) -> dict[str, float]:
    if place is None or shapely.is_empty(place):
        return {}
    inside = shapely.point_on_surface(place)
    return {"lon": round(inside.x, _DIGITS), "lat": round(inside.y, _DIGITS)}
