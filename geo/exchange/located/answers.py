"""What a file is told of each row: the columns that are added, and the counts at the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from geo.crs.systems import System
from geo.exchange.located import layout
from geo.exchange.located.chunks import Chunk, Column
from geo.exchange.located.columns import Choice
from geo.exchange.located.leaves import Leaves, neighbours
from geo.exchange.located.named import Named, Wanted
from geo.exchange.located.places import asked
from geo.exchange.located.questions import Asked, By, Wrong, sentence
from geo.locate.batch import Batch, Flaw, locate_points, turned_matches
from geo.locate.snapshot import Snapshot
from geo.spatial.storage import Points
from geo.texts import Lang, text

_FAULTS_KEPT = 20
# For a row that goes by its point, what is wrong with it stands in these columns.
_POINT_ROLES = ("lon", "lat", "point", "wkt")
Added = dict[str, list[Any]]


@dataclass
class Tally:
    """How the rows came out; a blank row is none.

    Parameters
    ----------
    matched : have a cell, the ambiguous ones too
    faults : the first rows with an error: number and sentence
    """

    rows: int = 0
    matched: int = 0
    ambiguous: int = 0
    outside: int = 0
    needs_person: int = 0
    errors: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


class Answers:
    """Answers the rows of one file.

    Parameters
    ----------
    known : the system of the file's points
    accuracy_m : how far off a point may be, where its row does not say
    leaves : say what is told of a cell
    named : answers buildings and addresses
    """

    def __init__(
        self,
        snapshot: Snapshot,
        choice: Choice,
        *,
        known: System,
        accuracy_m: float,
        leaves: Leaves,
        named: Named,
        lang: Lang,
    ) -> None:
        self._snapshot, self._choice, self._known = snapshot, choice, known
        self._accuracy_m, self._leaves, self._named, self._lang = accuracy_m, leaves, named, lang
        self.names = layout.names(
            leaves.depth,
            phones=layout.PHONE in leaves.names,
            addresses="address" in choice.places,
        )
        # Whether rows may ask the database.
        self.asks = not {"building", "address"}.isdisjoint(choice.places)
        self.tally = Tally()

    def columns(self, taken: Iterable[str]) -> tuple[Column, ...]:
        """Return the columns that are added to a file with the given headers."""
        return layout.columns(self.names, taken, self._lang)

    def of(self, chunk: Chunk) -> tuple[list[list[Any]], Points]:
        """Return what is added to the rows of a chunk, column by column, and where they lie.

        Returns
        -------
        the columns of ``names``, and (n, 2) float64 degrees, storage CRS, NaN for nowhere
        """
        wanted = asked(chunk, self._choice)
        accuracy_m = np.where(np.isnan(wanted.accuracy_m), self._accuracy_m, wanted.accuracy_m)
        batch = self._found(wanted, accuracy_m)
        wrong = wanted.wrong | self._turned(wanted, batch)
        added = self._of_points(batch, wrong)
        points = batch.points.copy()
        self._add_named(wanted, accuracy_m, added, points, wrong)
        points[list(wrong)] = np.nan
        known = np.asarray(np.isfinite(points).all(axis=1))
        for at, name in enumerate(layout.POINT):
            added[name] = _where(known, points[:, at])
        added["by"] = [text(f"located.by_{by}", self._lang) if by else None for by in wanted.by]
        for row, what in wrong.items():
            added["error"][row] = what.message(self._lang)
        self._count(chunk, added)
        return [added[name] for name in self.names], points

    def _found(self, wanted: Asked, accuracy_m: np.ndarray) -> Batch:
        """Return what the points resolve to; a row that is wrong already is not looked at."""
        flaws = wanted.flaws.copy()
        flaws[[row for row in wanted.wrong if flaws[row] == Flaw.NONE]] = Flaw.NOT_POINT
        return locate_points(
            self._snapshot,
            wanted.lon,
            wanted.lat,
            crs=self._known,
            accuracy_m=accuracy_m,
            flaws=flaws,
        )

    def _turned(self, wanted: Asked, batch: Batch) -> dict[int, Wrong]:
        """Return what is wrong with points: they cannot be right, or only the other way round."""
        pairs = (wanted.lon, wanted.lat)
        turned = turned_matches(self._snapshot, batch, *pairs, self._known.name)
        bad = (batch.flaws != Flaw.NONE) & (batch.flaws != Flaw.MISSING)
        return {
            row: self._wrong(
                "exchange.axes_swapped" if turned[row] else sentence(int(batch.flaws[row])),
                *(float(values[row]) for values in pairs),
            )
            for row in np.flatnonzero(bad | turned).tolist()
            if row not in wanted.wrong
        }

    def _wrong(self, key: str, lon: float, lat: float) -> Wrong:
        roles = [role for role in _POINT_ROLES if role in self._choice.places]
        column = ", ".join(self._choice.header(role) for role in roles)
        return Wrong(key, column, f"{lon:.10g}, {lat:.10g}")

    def _of_points(self, batch: Batch, wrong: Mapping[int, Wrong]) -> Added:
        """Return the columns of the rows that go by a point."""
        added: Added = {name: [None] * len(batch) for name in self.names}
        found, place = np.unique(batch.leaves, return_inverse=True)
        table = np.array([self._leaves.of(row) for row in found.tolist()], dtype=object)
        for at, name in enumerate(self._leaves.names):
            added[name] = table[:, at][place].tolist() if len(batch) else []
        inside = batch.leaves >= 0
        added["border_m"] = _where(inside, batch.border_m)
        added["ambiguous"] = _where(inside, batch.ambiguous)
        cells, doubts = self._snapshot.cells, batch.doubts
        for row, near, metres in zip(doubts.places, doubts.cells, doubts.metres, strict=True):
            pairs = [(c, m) for c, m in zip(near.tolist(), metres.tolist(), strict=True) if c >= 0]
            told = [(cells.code(cell), cells.name(cell), away) for cell, away in pairs]
            added["may_be"][row] = neighbours(told, self._lang)
        for row in np.flatnonzero(batch.nearest >= 0).tolist():
            if row not in wrong:
                added["nearest_code"][row] = cells.code(int(batch.nearest[row]))
                added["nearest_m"][row] = float(batch.nearest_m[row])
        return added

    def _add_named(
        self,
        wanted: Asked,
        accuracy_m: np.ndarray,
        added: Added,
        points: Points,
        wrong: dict[int, Wrong],
    ) -> None:
        """Put in what rows are told that go by a building or an address."""
        rows = {
            row: Wanted(by, line, wanted.stairwells.get(row), float(accuracy_m[row]))
            for row, line in wanted.texts.items()
            if row not in wrong and (by := wanted.by[row])
        }
        given = self._named.of(set(rows.values()))
        for row, one in rows.items():
            found = given[one]
            for name, value in found.values.items():
                added[name][row] = value
            if found.point is not None:
                points[row] = found.point
            if found.wrong is not None:
                role = "building" if one.by is By.BUILDING else "address"
                wrong[row] = replace(found.wrong, column=self._choice.header(role))

    def _count(self, chunk: Chunk, added: Added) -> None:
        tally = self.tally
        tally.rows += len(chunk) - sum(chunk.blank())
        tally.matched += sum(code is not None for code in added["cell_code"])
        tally.ambiguous += sum(flag is True for flag in added["ambiguous"])
        tally.outside += sum(code is not None for code in added["nearest_code"])
        tally.needs_person += sum(why is not None for why in added.get("needs_person", ()))
        for row, what in enumerate(added["error"]):
            if what is not None:
                tally.errors += 1
                if len(tally.faults) < _FAULTS_KEPT:
                    tally.faults.append((chunk.first + row, what))


def _where(marks: np.ndarray, values: np.ndarray) -> list[Any]:
    """Return the values of a mask, None elsewhere."""
    pairs = zip(marks.tolist(), values.tolist(), strict=True)
    return [value if mark else None for mark, value in pairs]
