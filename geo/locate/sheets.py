"""What a batch of points resolves to as Arrow columns: codes as dictionaries, nulls where nothing.

The columns are the same in every format; ``COLUMNS`` is the one list of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.locate.batch import CODES, Batch, Flaw
from geo.locate.cells import NO_ROW
from geo.locate.labels import Texts
from geo.locate.live import Sight
from geo.locate.snapshot import Snapshot
from geo.texts import Lang, text
from geo.workforce.responsibility import WITHHELD, Team, team
from geo.workforce.roster import Place

# Between the codes of neighbours that may be meant as well.
BETWEEN = ";"
# A centimetre is what a point is known to; so are the distances of a single answer.
_DECIMALS = 2
_ALWAYS = ("error", "detail")


class Teams:
    """Who answers first in each cell, looked up once a cell.

    Parameters
    ----------
    sight : with the roster that stands now
    told : whether the asker may be told
    """

    def __init__(self, sight: Sight, *, told: bool) -> None:
        self._sight, self._told = sight, told
        self._known: dict[int, tuple[str | None, str]] = {}

    def of(self, leaves: npt.NDArray[np.int32]) -> tuple[list[str | None], list[str | None]]:
        """Return the name of who answers first in each leaf, and through what; None outside."""
        if not self._told:
            return [None] * len(leaves), [WITHHELD if leaf >= 0 else None for leaf in leaves]
        for leaf in np.unique(leaves[leaves >= 0]).tolist():
            if leaf not in self._known:
                self._known[leaf] = self._first(leaf)
        found = [self._known.get(leaf, (None, None)) for leaf in leaves.tolist()]
        return [name for name, _ in found], [reason for _, reason in found]

    def _first(self, leaf: int) -> tuple[str | None, str]:
        found = self._team(leaf)
        return found.members[0].name if found.members else None, found.reason

    def _team(self, leaf: int) -> Team:
        cells, roster = self._sight.snapshot.cells, self._sight.roster
        assert roster is not None
        place, row = {}, leaf
        while row >= 0:
            place[int(cells.ids[row])] = (cells.code(row), int(cells.levels[row]))
            row = int(cells.parents[row])
        # As a chain is told: the root first.
        chain = dict(reversed(place.items()))
        return team(roster.duties(Place(cells=chain), self._sight.moment))


@dataclass(frozen=True)
class Sheet:
    """Makes the columns of answers from one grid.

    Parameters
    ----------
    grid : that was asked
    columns : names of ``COLUMNS``, in order
    lang : of the sentences of rows that cannot be used
    teams : None where nobody asked for them
    """

    grid: Snapshot
    columns: Sequence[str]
    lang: Lang
    teams: Teams | None = None
    _dictionaries: dict[str, pa.DictionaryArray] = field(default_factory=dict)

    def answer(self, batch: Batch, first: int, ids: pa.Array | None) -> pa.RecordBatch:
        """Return the rows of a batch.

        Parameters
        ----------
        first : number of its first row, counted from 1
        ids : as the rows brought them, or None
        """
        told = {} if self.teams is None else self._told(batch)
        arrays = {"row": pa.array(np.arange(first, first + len(batch), dtype=np.int64))}
        if ids is not None:
            arrays["id"] = ids
        for name in self.columns:
            arrays[name] = told[name] if name in told else COLUMNS[name](self, batch)
        # What comes first and has fewer rows than the grid has cells is mostly all that comes: it
        # brings the texts it uses. Later parts bring whole dictionaries, which are sent once.
        if first == 1 and len(batch) < len(self.grid.cells):
            arrays = {name: _used(array) for name, array in arrays.items()}
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    def wants(self, columns: frozenset[str]) -> bool:
        """Return whether one of some columns is wanted."""
        return not columns.isdisjoint(self.columns)

    def labelled(self, name: str, rows: npt.NDArray[np.int32], texts: Texts) -> pa.Array:
        """Return the text of each row of the grid, null for -1."""
        if name not in self._dictionaries:
            self._dictionaries[name] = _distinct(texts)
        return _of(self._dictionaries[name], rows)

    def sentences(self, name: str, batch: Batch, of: Callable[[str], str]) -> pa.Array:
        """Return what is wrong with each row, null for nothing."""
        if name not in self._dictionaries:
            told = [of(CODES[flaw]) if flaw in CODES else "" for flaw in Flaw]
            self._dictionaries[name] = _distinct(told)
        flaws = batch.flaws.astype(np.int32)
        return _of(self._dictionaries[name], np.where(flaws == Flaw.NONE, NO_ROW, flaws))

    def candidates(self, batch: Batch) -> pa.Array:
        """Return the codes of each point's neighbours in one text."""
        codes, doubts = self.grid.labels.codes, batch.doubts
        # Few rows have any, and many the same.
        found = [
            BETWEEN.join(codes[cell] for cell in cells if cell >= 0)
            for cells in doubts.cells.tolist()
        ]
        places = np.zeros(len(batch), dtype=np.int32)
        places[doubts.places] = np.arange(1, len(found) + 1)
        return pa.array(["", *found], type=pa.string()).take(pa.array(places, mask=places == 0))

    def _told(self, batch: Batch) -> Mapping[str, pa.Array]:
        assert self.teams is not None
        names, reasons = self.teams.of(batch.leaves)
        return {"team": pa.array(names, pa.string()), "reason": pa.array(reasons, pa.string())}


def _distinct(texts: Texts | list[str]) -> pa.DictionaryArray:
    """Return texts with each different one once in the dictionary, as pandas wants categories."""
    return pa.array(texts, type=pa.string()).dictionary_encode()


def _of(texts: pa.DictionaryArray, rows: npt.NDArray[np.int32]) -> pa.DictionaryArray:
    """Return the text of each row, null for -1."""
    missing = rows < 0
    if len(texts) == len(texts.dictionary):
        return pa.DictionaryArray.from_arrays(pa.array(rows, mask=missing), texts.dictionary)
    places = np.take(texts.indices.to_numpy(), rows, mode="clip")
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=missing), texts.dictionary)


def _used(array: pa.Array) -> pa.Array:
    """Return a column whose dictionary has only what its rows say."""
    is_dictionary = pa.types.is_dictionary(array.type)
    return array.dictionary_decode().dictionary_encode() if is_dictionary else array


def _metres(metres: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(np.round(metres, _DECIMALS), mask=np.isnan(metres))


def _degrees(degrees: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(np.round(degrees, 7), mask=np.isnan(degrees))


def _found(batch: Batch) -> npt.NDArray[np.bool_]:
    return batch.leaves >= 0


# Column → how it is made; ``row`` and, where rows bring one, ``id`` stand before them.
COLUMNS: Mapping[str, Callable[[Sheet, Batch], pa.Array]] = {
    "code": lambda s, b: s.labelled("code", b.leaves, s.grid.labels.codes),
    "name": lambda s, b: s.labelled("name", b.leaves, s.grid.labels.names),
    "codes": lambda s, b: s.labelled("codes", b.leaves, s.grid.labels.chains),
    "names": lambda s, b: s.labelled("names", b.leaves, s.grid.labels.name_chains),
    "border_m": lambda _, b: _metres(b.border_m),
    "ambiguous": lambda _, b: pa.array(b.ambiguous, mask=~_found(b)),
    "candidates": lambda s, b: s.candidates(b),
    "nearest_code": lambda s, b: s.labelled("code", b.nearest, s.grid.labels.codes),
    "nearest_m": lambda _, b: _metres(b.nearest_m),
    "lon": lambda _, b: _degrees(b.points[:, 0]),
    "lat": lambda _, b: _degrees(b.points[:, 1]),
    "version": lambda s, b: pa.array(np.full(len(b), s.grid.number, dtype=np.int32)),
    "team": lambda _, b: pa.nulls(len(b), pa.string()),
    "reason": lambda _, b: pa.nulls(len(b), pa.string()),
    "error": lambda s, b: s.sentences("error", b, lambda code: code),
    "detail": lambda s, b: s.sentences(
        "detail", b, lambda code: text(f"locate.flaw.{code}", s.lang)
    ),
}
# More columns, by what they are asked for as.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "names": ("name", "names"),
    "point": ("lon", "lat"),
    "version": ("version",),
    "team": ("team", "reason"),
}
TEAM = GROUPS["team"]
# What nobody asks for is not measured.
BORDERS = frozenset({"border_m", "ambiguous", "candidates"})
NEIGHBOURS = frozenset({"nearest_code", "nearest_m"})
USUAL = ("code", "codes", "border_m", "ambiguous", "candidates", "nearest_code", "nearest_m")


def chosen_columns(fields: Sequence[str], include: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of an answer in their order; ``error`` and ``detail`` always.

    Examples
    --------
    >>> chosen_columns(["code"], ["team"])
    ('code', 'team', 'reason', 'error', 'detail')
    """
    wanted = {*(fields or USUAL), *_ALWAYS}
    for name in include:
        wanted.update(GROUPS[name])
    return tuple(name for name in COLUMNS if name in wanted)
