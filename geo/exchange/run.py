"""One import while it runs: what was asked, the work it writes in, what it found so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd

from geo.crs.control import Fit
from geo.exchange.report import Report
from geo.grid import frames as grid_frames
from geo.grid import store as grid_store
from geo.grid.holding import publication_now
from geo.grid.tree import leaves
from geo.spatial.storage import Geometries
from geo.work import Work

# Called with the step (``read``, ``check``, ``write``), how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Take progress and show nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks for.

    Parameters
    ----------
    path, layer : the file, and the layer or sheet when one is named
    kind : ``cells``, ``buildings``, ``households``, ``workers``, ``streets`` or ``town``
    crs : name of the coordinate system, needed when the file names none
    force_crs : ``crs`` counts even against the file's own, and outside every cell
    encoding : of a text; the likely one when None
    code : of the root cell a town makes, and before codes that only number the rows of the file;
        a slug of the cell's or the file's name when None
    control : table of control points, when the places are in a city's own grid; then ``crs`` is the
        system in which those points are known
    """

    path: Path
    kind: str
    layer: str | None = None
    crs: str | None = None
    force_crs: bool = False
    encoding: str | None = None
    code: str | None = None
    control: Path | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What happened to the things of one kind."""

    thing: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    @property
    def changes(self) -> int:
        """How many things are not what they were."""
        return self.new + self.changed + self.ended


@dataclass
class Run:
    """A running import.

    Parameters
    ----------
    zone : in which today is a day
    promised : codes that earlier layers of the same file bring, by thing
    stairwells : of the buildings that an earlier layer brings, by code
    prefix : put before codes that only number the rows of one file
    local : the city's own grid that the places are in, when control points were given
    version : the publication that held when the grid was read for checking rows; None before that,
        and once this import has published itself
    """

    work: Work
    request: Request
    zone: str
    report: Report = field(default_factory=Report)
    promised: dict[str, set[str]] = field(default_factory=dict)
    stairwells: dict[str, int] = field(default_factory=dict)
    prefix: str = ""
    local: Fit | None = None
    version: int | None = None
    _grid: gpd.GeoDataFrame | None = None

    @property
    def file(self) -> str:
        """Name of the file, for sentences."""
        return self.request.path.name

    def grid(self) -> gpd.GeoDataFrame:
        """Return the newest grid, indexed by code; empty before the first publication."""
        if self._grid is None:
            self.version = publication_now(self.work.session)
            latest = grid_store.latest_publication(self.work.session)
            number = latest.number if latest else 0
            self._grid = grid_frames.tree(self.work.session, number)
        return self._grid

    def leaf_shapes(self) -> Geometries:
        """Return the shapes of the leaf cells, in the order of the border rule."""
        shapes: Geometries = leaves(self.grid()).geometry.to_numpy()
        return shapes

    def forget_grid(self) -> None:
        """Read the grid again when it is next asked for: it was just published."""
        self._grid = self.version = None

    def promise(self, thing: str, codes: set[str]) -> None:
        """Note codes that will exist once this file is in."""
        self.promised.setdefault(thing, set()).update(codes)
