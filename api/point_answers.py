"""The body of an answer about a point from memory, as bytes; the same as the route's."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from api.schemas.locate import CellBody, LocatedBody, MemberBody
from geo.crypto.fields import HasKeyring
from geo.locate.answer import Point
from geo.locate.live import Sight
from geo.locate.memory import located, team_at
from geo.locate.snapshot import Snapshot
from geo.workforce.responsibility import WITHHELD
from geo.workforce.standing import Roster

# Leaves of which the answer is kept: as many as a city has.
_KEPT = 50_000
# A point well inside its cell; the members in the order of ``LocatedBody``.
_INSIDE = (
    b'{"matched":true,"version":%d,"as_of":"%b",'
    b'"point":{"lon":%b,"lat":%b,"source_crs":"%b"},%b,'
    b'"boundary":{"on_boundary":false,"distance_m":%b,"ambiguous":false,"candidates":[]},'
    b'"nearest":null}'
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A question about a point whose values are right.

    Parameters
    ----------
    point : on the storage grid
    as_of : None for now
    """

    point: Point
    as_of: datetime | None
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Telling:
    """What may be told of those who answer: whether anything, and whether their duty phones."""

    team: bool
    phones: bool


class Answers:
    """Makes answers; what is told of a leaf is kept while the same grid and roster hold.

    Parameters
    ----------
    keys : opens duty phones
    """

    def __init__(self, keys: HasKeyring) -> None:
        self._keys = keys
        self._state: tuple[Snapshot | None, Roster | None, int] = (None, None, -1)
        self._leaves: dict[tuple[int, bool], bytes] = {}

    def body(self, wish: Wish, sight: Sight, cell: int, telling: Telling) -> bytes:
        """Return the answer to a question.

        Parameters
        ----------
        cell : of the index, that of the point
        """
        grid, roster, point = sight.snapshot, sight.roster, wish.point
        if cell >= 0 and roster is not None:
            distance_m = grid.index.border_at(cell, point.lon, point.lat)
            if distance_m > 0.0 and distance_m >= wish.accuracy_m:
                return _INSIDE % (
                    grid.number,
                    sight.moment.isoformat().encode(),
                    _number(point.lon, 7),
                    _number(point.lat, 7),
                    point.source_crs.encode(),
                    self._leaf(grid, roster, sight.moment, cell, telling),
                    _number(distance_m, 2),
                )
        found = located(self._keys, sight, point, wish.accuracy_m)
        body = LocatedBody.of(found, phones=telling.phones, team=telling.team)
        return body.model_dump_json().encode()

    def _leaf(
        self, grid: Snapshot, roster: Roster, moment: datetime, cell: int, telling: Telling
    ) -> bytes:
        """Return the members ``cells``, ``team`` and ``reason``."""
        turn, (last_grid, last_roster, last_turn) = roster.turn(moment), self._state
        if grid is not last_grid or roster is not last_roster or turn != last_turn:
            self._state, self._leaves = (grid, roster, turn), {}
        kept = self._leaves.get((cell, telling.team))
        if kept is None:
            if len(self._leaves) >= _KEPT:
                self._leaves = {}
            kept = _leaf_members(self._keys, grid, roster, moment, cell, telling)
            self._leaves[cell, telling.team] = kept
        return kept


def _leaf_members(
    keys: HasKeyring, grid: Snapshot, roster: Roster, moment: datetime, cell: int, telling: Telling
) -> bytes:
    chain = grid.chain(cell)
    team = team_at(keys, grid, chain, roster, moment) if telling.team else None
    members = () if team is None else team.members
    steps = [CellBody(level=c.level, id=c.id, code=c.code, name=c.name) for c in grid.steps(chain)]
    found = {
        "cells": [step.model_dump() for step in steps],
        "team": [MemberBody.of(duty, phone=telling.phones).model_dump() for duty in members],
        "reason": WITHHELD if team is None else team.reason,
    }
    return orjson.dumps(found)[1:-1]


def _number(value: float, digits: int) -> bytes:
    return repr(round(value, digits)).encode()
