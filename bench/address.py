"""How well and how fast addresses are understood: ``python -m bench.address``.

Reads the written variants of ``tests/data/addresses`` and answers them by the district beside
them; then asks a made-up city of 200,000 buildings. No database. Prints shares of answers that were
right, shares that were wrong and sure, milliseconds a question; rows of JSON with ``--json``.
``--quick`` asks a city of 20,000.
"""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.addresses import city, written
from bench.arguments import parser
from bench.shown import show, step
from geo.places.addresses.aliases import Aliases
from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.matching import resolve
from geo.places.addresses.places import Match, PlaceKind
from geo.places.addresses.rows import AliasRow, AreaRow, BuildingTable, EstateRow, SiteRow

DATA = Path(__file__).parents[1] / "tests" / "data" / "addresses"
BARS = {"top_1": 0.97, "wrong_but_sure": 0.005, "p95_ms": 20.0}
CITY, QUICK_CITY = 200_000, 20_000


@dataclass(frozen=True)
class District:
    """The district of the measured set.

    Parameters
    ----------
    answers : key of the set, such as ``E3#3``, for each kind and id of a place
    """

    gazetteer: Gazetteer
    aliases: Aliases
    answers: dict[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Variant:
    """One written address and what it means; ``?`` and ``-``: somebody has to look."""

    group: str
    text: str
    answer: str

    @property
    def has_answer(self) -> bool:
        """Whether it means one place."""
        return self.answer not in "?-"


def district() -> District:
    """Return the district."""
    told = json.loads((DATA / "district.json").read_text(encoding="utf-8"))
    areas, paths = _areas(told["areas"])
    columns: dict[str, list[Any]] = {name: [] for name in BuildingTable.__dataclass_fields__}
    answers: dict[tuple[str, int], str] = {}
    estates = [EstateRow(n, row[0], row[1]) for n, row in enumerate(_estates(told), 1)]
    for key, building in _buildings(told, {estate.code: estate.id for estate in estates}, paths):
        building["id"] = len(columns["id"]) + 1
        answers["building", building["id"]] = key
        for name, values in columns.items():
            values.append(building[name])
    sites = [SiteRow(n, name, 0.0, 0.0) for n, (name, _) in enumerate(told["sites"], 1)]
    answers |= {("estate", estate.id): estate.code for estate in estates}
    answers |= {("area", area.id): area.code for area in areas}
    answers |= {("site", site.id): f"P:{site.name}" for site in sites}
    made = Gazetteer(BuildingTable(**columns), estates, areas, sites, told["streets"])
    ids = {key: place for place, key in answers.items()}
    rows = [_alias(n, row, ids) for n, row in enumerate(told["aliases"], 1)]
    return District(made.ready(), Aliases(made, rows), answers)


def variants(name: str = "variants") -> list[Variant]:
    """Return the measured set, or another one beside it."""
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return [Variant(*row) for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def answered(district: District, match: Match) -> str:
    """Return the key of the first candidate, as the set writes it; ``-`` for none."""
    best = match.best
    if best is None:
        return "-"
    if best.place.kind is PlaceKind.STREET:
        return f"S:{best.place.name}"
    key = district.answers.get((best.place.kind.value, best.place.id), "-")
    return f"{key}/{best.stairwell}" if best.stairwell else key


def is_right(answer: str, wanted: str) -> bool:
    """Return whether an answer is the wanted one; a stairwell not asked for is none too many."""
    return answer == wanted or ("/" not in wanted and answer.partition("/")[0] == wanted)


def faults(found: District) -> Iterator[tuple[str, Variant, str, Match]]:
    """Yield what was answered wrong (``top_1``) and what was wrong and sure."""
    for variant in variants():
        match = resolve(found.gazetteer, variant.text, aliases=found.aliases)
        answer = answered(found, match)
        wrong = not is_right(answer, variant.answer)
        if wrong and variant.has_answer:
            yield "top_1", variant, answer, match
        if wrong and not match.needs_person:
            yield "wrong_but_sure", variant, answer, match


def understood() -> dict[str, float]:
    """Return the shares of right first answers, of wrong and sure ones, and of sure ones."""
    found, all_ = district(), variants()
    kinds = [kind for kind, *_ in faults(found)]
    meant = [variant for variant in all_ if variant.has_answer]
    sure = [
        v for v in meant if not resolve(found.gazetteer, v.text, aliases=found.aliases).needs_person
    ]
    return {
        "variants": len(all_),
        "top_1": round(1 - kinds.count("top_1") / len(meant), 4),
        "wrong_but_sure": round(kinds.count("wrong_but_sure") / len(all_), 4),
        "sure": round(len(sure) / len(meant), 4),
    }


def main() -> None:
    given = parser("address").parse_args()
    step("the written addresses are answered")
    told = understood()
    step("a city of 200,000 buildings is asked" if not given.quick else "a small city is asked")
    timed = quick(QUICK_CITY, questions=200) if given.quick else quick()
    show([{**told, **timed}], as_json=given.json)


def quick(buildings: int = CITY, *, questions: int = 600) -> dict[str, float]:
    """Return how long a city takes to be read in and a question to be answered."""
    started = time.perf_counter()
    made = city(buildings).ready()
    built = time.perf_counter() - started
    times = []
    for text in written(made, questions):
        started = time.perf_counter()
        resolve(made, text)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95, p99 = np.percentile(times, [50, 95, 99]).round(2).tolist()
    return {
        "buildings": len(made.buildings.id),
        "names": len(made.index.texts),
        "built_s": round(built, 2),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
    }


def _areas(rows: list[list[Any]]) -> tuple[list[AreaRow], dict[str, str]]:
    paths: dict[str, str] = {}
    areas = []
    for number, (key, name, level, parent) in enumerate(rows, 1):
        paths[key] = f"{paths.get(parent, '')}{number}."
        areas.append(AreaRow(number, key, name, level, paths[key]))
    return areas, paths


def _estates(told: dict[str, Any]) -> list[list[Any]]:
    return [*told["estates"], *told["villages"]]


def _buildings(
    told: dict[str, Any], estates: dict[str, int], paths: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each building with its key."""
    places = {row[0]: row for row in told["estates"]}
    for key, name, area, road, door, numbers, wells in told["estates"]:
        for number in _counted(numbers):
            label = f"{number}座".upper() if number.isalpha() else f"{number}号楼"
            made = _building(name + label, estates[key], paths[area], road, door, label, wells)
            yield f"{key}#{number}", made
    for key, label, wells in told["odd"]:
        _, name, area, road, door, *_ = places[key]
        made = _building(name + label, estates[key], paths[area], road, door, label, wells)
        yield f"{key}#{label.removesuffix('号楼').removesuffix('楼')}", made
    for key, name, area, count in told["villages"]:
        for n in range(1, count + 1):
            made = _building(f"{name}{n}号", estates[key], paths[area], "", f"{n}号", "", 0)
            yield f"{key}#{n}", made
    for road, area, doors in told["lanes"]:
        for n in doors:
            yield f"L:{road}#{n}", _building(f"{road}{n}号", 0, paths[area], road, f"{n}号", "", 0)
    for key, name, area, road, door, wells in told["singles"]:
        yield key, _building(name, 0, paths[area], road, door, "", wells)


def _building(
    name: str, estate: int, path: str, road: str, door: str, number: str, wells: int
) -> dict[str, Any]:
    return {
        "code": name,
        "name": name,
        "estate_id": estate,
        "road": road,
        "door_no": door,
        "building_no": number,
        "stairwells": wells,
        "path": path,
        "lon": 116.8,
        "lat": 33.9,
    }


def _counted(numbers: str) -> list[str]:
    if "," in numbers:
        return numbers.split(",")
    first, _, last = numbers.partition("-")
    return [str(n) for n in range(int(first), int(last) + 1)]


def _alias(number: int, row: list[Any], ids: dict[str, tuple[str, int]]) -> AliasRow:
    name, target, nickname = row
    key, _, stairwell = target.partition("/")
    kind, place = ids[key]
    meant = {"building_id": place} if kind == "building" else {"estate_id": place}
    return AliasRow(number, name, stairwell=int(stairwell or 0), is_nickname=nickname, **meant)


if __name__ == "__main__":
    main()
