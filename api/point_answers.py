"""The body of an answer about a point from memory, as bytes; the same as the route's."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import orjson

from api.schemas.locate import CellBody, LocatedBody, MemberBody
from geo.crypto.fields import HasKeyring
from geo.locate.answer import Point
from geo.locate.live import Held, Sight
from geo.locate.memory import located, team_at
from geo.locate.snapshot import Snapshot
from geo.workforce.responsibility import WITHHELD
from geo.workforce.standing import Roster

# Leaves of which the answer is kept: as many as a city has.
_KEPT = 50_000


class Wish(NamedTuple):
    """A question about a point whose values are right.

    Parameters
    ----------
    lon, lat : degrees, on the storage grid
    source_crs : the system they came in
    as_of : None for now
    """

    lon: float
    lat: float
    source_crs: str = "wgs84"
    accuracy_m: float = 0.0
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What may be told of those who answer: whether anything, and whether their duty phones."""

    team: bool
    phones: bool


class Answers:
    """Makes answers; what is told of a leaf is kept while the same grid and assignments hold.

    Parameters
    ----------
    keys : opens duty phones
    zone : in which instants are told
    """

    def __init__(self, keys: HasKeyring, zone: str) -> None:
        self._keys, self._zone = keys, ZoneInfo(zone)
        self._grid: Snapshot | None = None
        self._roster: Roster | None = None
        self._good_from, self._good_until = math.inf, 0.0
        self._leaves: dict[tuple[int, bool], bytes] = {}
        self._second = (-1, "", "")

    def present(self, wish: Wish, cell: int, held: Held, instant: float, telling: Telling) -> bytes:
        """Return the answer to a question about now.

        Parameters
        ----------
        cell : of the index, that of the point
        instant : seconds since 1970
        """
        grid = held.snapshot
        distance_m = grid.index.border_at(cell, wish.lon, wish.lat) if cell >= 0 else 0.0
        if distance_m == 0.0 or distance_m < wish.accuracy_m:
            moment = datetime.fromtimestamp(instant, self._zone)
            return self.body(wish, Sight(moment, grid, held.roster), telling)
        # A point well inside its cell; the members in the order of ``LocatedBody``.
        begin = (
            f'{{"matched":true,"version":{grid.number},"as_of":"{self._text(instant)}",'
            f'"point":{{"lon":{_short(f"{wish.lon:.7f}")},"lat":{_short(f"{wish.lat:.7f}")},'
            f'"source_crs":"{wish.source_crs}"}},'
        )
        end = (
            f',"boundary":{{"on_boundary":false,"distance_m":{_short(f"{distance_m:.2f}")},'
            '"ambiguous":false,"candidates":[]},"nearest":null}'
        )
        leaf = self._leaf(grid, held.roster, instant, cell, telling)
        return b"".join((begin.encode(), leaf, end.encode()))

    def body(self, wish: Wish, sight: Sight, telling: Telling) -> bytes:
        """Return the answer to any question about a point."""
        point = Point(wish.lon, wish.lat, wish.source_crs)
        found = located(self._keys, sight, point, wish.accuracy_m)
        body = LocatedBody.of(found, phones=telling.phones, team=telling.team)
        return body.model_dump_json().encode()

    def _leaf(
        self, grid: Snapshot, roster: Roster, instant: float, cell: int, telling: Telling
    ) -> bytes:
        """Return the members ``cells``, ``team``, ``reason`` and ``overlays``."""
        same = grid is self._grid and roster is self._roster
        if not (same and self._good_from <= instant < self._good_until):
            until = roster.same_until(datetime.fromtimestamp(instant, self._zone))
            self._grid, self._roster, self._leaves = grid, roster, {}
            self._good_from = instant
            self._good_until = math.inf if until is None else until.timestamp()
        kept = self._leaves.get((cell, telling.team))
        if kept is None:
            if len(self._leaves) >= _KEPT:
                self._leaves = {}
            moment = datetime.fromtimestamp(instant, self._zone)
            kept = _leaf_members(self._keys, grid, roster, moment, cell, telling)
            self._leaves[cell, telling.team] = kept
        return kept

    def _text(self, instant: float) -> str:
        """Return an instant as ISO 8601 to the microsecond; its second is spelt once."""
        second = int(instant)
        if second != self._second[0]:
            whole = datetime.fromtimestamp(second, self._zone).isoformat()
            self._second = (second, whole[:19], "Z" if whole.endswith("+00:00") else whole[19:])
        _, spelt, offset = self._second
        return f"{spelt}.{int((instant - second) * 1_000_000):06d}{offset}"


def _short(number: str) -> str:
    """Return a number of some digits without those that say nothing, as the route's JSON has it."""
    shortest = number.rstrip("0")
    return f"{shortest}0" if shortest[-1] == "." else shortest


def _leaf_members(
    keys: HasKeyring, grid: Snapshot, roster: Roster, moment: datetime, cell: int, telling: Telling
) -> bytes:
    chain = grid.chain(cell)
    team = team_at(keys, grid, chain, roster, moment) if telling.team else None
    members, beside = ((), ()) if team is None else (team.members, team.overlays)
    steps = [CellBody(level=c.level, id=c.id, code=c.code, name=c.name) for c in grid.steps(chain)]
    found = {
        "cells": [step.model_dump() for step in steps],
        "team": [MemberBody.of(duty, phone=telling.phones).model_dump() for duty in members],
        "reason": WITHHELD if team is None else team.reason,
        "overlays": [MemberBody.of(duty, phone=telling.phones).model_dump() for duty in beside],
    }
    return orjson.dumps(found)[1:-1]
