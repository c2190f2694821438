"""All places that have a name or a number, ready to be searched: built once, then only read."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from geo.access.scope import Scope
from geo.places.addresses.names import NameIndex
from geo.places.addresses.parts import plate
from geo.places.addresses.places import Place, PlaceKind
from geo.places.addresses.rows import AreaRow, Bearer, BuildingTable, EstateRow, SiteRow
from geo.places.addresses.script import fold

Rows = Mapping[str, Sequence[int]]

_ONLY_NUMBER = re.compile(
    r"[a-z甲乙丙丁东西南北中主副]?[0-9\-]*[a-z甲乙丙丁]?(?:号|号?[楼栋幢座]|号楼)?"
)

_TOWN, _TOWN_TAIL = 2, "区县市镇乡街道"
_PHASE = re.compile(r"(?:[0-9]+期|[0-9a-z东西南北中]区|[东西南北]院)$")
_ONLY_TAIL = re.compile(r"(?:小区|新村|花园|家园|社区|街道|大院|大街|家属院|公寓)")
_SHORTENED = (PlaceKind.ESTATE, PlaceKind.SITE, PlaceKind.BUILDING)


@dataclass(frozen=True)
class Gazetteer:
    """Places of a deployment; see ``matching`` and ``completion`` for how it is asked.

    Parameters
    ----------
    buildings, estates, areas, sites : what there is
    streets : names of streets that the map has; those of addresses are added
    """

    buildings: BuildingTable = field(default_factory=BuildingTable)
    estates: Sequence[EstateRow] = ()
    areas: Sequence[AreaRow] = ()
    sites: Sequence[SiteRow] = ()
    streets: Sequence[str] = ()

    @cached_property
    def estate_numbers(self) -> Mapping[int, int]:
        """Place of each estate in ``estates``, by its id."""
        return {estate.id: number for number, estate in enumerate(self.estates)}

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """Row of each building, by its id."""
        return {building: row for row, building in enumerate(self.buildings.id)}

    @cached_property
    def _streets(self) -> Mapping[str, str]:
        """Names of the streets as they are written, by their folded form."""
        written = dict.fromkeys([*self.buildings.road, *self.streets])
        found: dict[str, str] = {}
        for name in written:
            found.setdefault(fold(name), name)
        found.pop("", None)
        return found

    @cached_property
    def street_names(self) -> Sequence[str]:
        """Names of the streets, folded, each once."""
        return list(self._streets)

    @cached_property
    def street_of(self) -> npt.NDArray[np.int32]:
        """Number of each building's street; -1 for none."""
        numbers = {name: number for number, name in enumerate(self.street_names)}
        return np.array([numbers.get(n, -1) for n in _each(fold, self.buildings.road)], np.int32)

    @cached_property
    def estate_of(self) -> npt.NDArray[np.int32]:
        """Number of each building's estate; -1 for none."""
        numbers = self.estate_numbers
        return np.array([numbers.get(e, -1) for e in self.buildings.estate_id], np.int32)

    @cached_property
    def doors(self) -> Sequence[str]:
        """What tells each building's door number from others."""
        return _each(_plate, self.buildings.door_no)

    @cached_property
    def numbers(self) -> Sequence[str]:
        """What tells each building from others in its estate: its number, else its door's."""
        own, given = _each(_plate, self.buildings.building_no), self.buildings.building_no
        rows = zip(own, given, self.doors, strict=True)
        return [number if text else door for number, text, door in rows]

    @cached_property
    def in_estate(self) -> Sequence[Rows]:
        """For each estate the rows of its buildings by their number."""
        return _grouped(len(self.estates), self.estate_of, self.numbers)

    @cached_property
    def on_street(self) -> Sequence[Rows]:
        """For each street the rows of its buildings by their door."""
        return _grouped(len(self.street_names), self.street_of, self.doors)

    @cached_property
    def _named(self) -> Mapping[str, Sequence[Bearer]]:
        found: dict[str, dict[Bearer, None]] = defaultdict(dict)
        for number, name in enumerate(self.street_names):
            found[name][Bearer(PlaceKind.STREET, number)] = None
        kinds = (PlaceKind.ESTATE, PlaceKind.AREA, PlaceKind.SITE)
        for kind, names in zip(kinds, self._names_by_kind(), strict=True):
            for number, name in enumerate(names):
                found[fold(name)][Bearer(kind, number)] = None
        for number, name in self._own_names():
            found[name][Bearer(PlaceKind.BUILDING, number)] = None
        for short, bearer in [*self._shorter(found), *self._short_areas()]:
            found[short][bearer] = None
        return {name: tuple(bearers) for name, bearers in found.items() if len(name) > 1}

    @cached_property
    def index(self) -> NameIndex:
        """The names of all but aliases."""
        return NameIndex(tuple(self._named))

    @cached_property
    def bearers(self) -> Sequence[Sequence[Bearer]]:
        """Who bears each name of the index."""
        return tuple(self._named.values())

    def ready(self) -> "Gazetteer":
        """Return itself with everything worked out, so that the first question waits no longer."""
        _ = (self.rows, self.in_estate, self.on_street, self.index, self.bearers)
        _ = (self.streets_of_estates, self.paths_of_estates)
        return self

    def rows_of_estate(self, number: int) -> list[int]:
        """Return the rows of an estate's buildings."""
        return [row for rows in self.in_estate[number].values() for row in rows]

    @cached_property
    def streets_of_estates(self) -> Sequence[frozenset[int]]:
        """On which streets each estate has doors."""
        found: list[set[int]] = [set() for _ in self.estates]
        pairs = zip(self.estate_of.tolist(), self.street_of.tolist(), strict=True)
        for estate, street in set(pairs):
            if estate >= 0 and street >= 0:
                found[estate].add(street)
        return [frozenset(streets) for streets in found]

    @cached_property
    def paths_of_estates(self) -> Sequence[frozenset[str]]:
        """In which cells each estate has buildings."""
        found: list[set[str]] = [set() for _ in self.estates]
        for estate, path in zip(self.estate_of.tolist(), self.buildings.path, strict=True):
            if estate >= 0 and path:
                found[estate].add(path)
        return [frozenset(paths) for paths in found]

    def rows_of_street(self, number: int) -> list[int]:
        """Return the rows of the buildings that have a door on a street."""
        return [row for rows in self.on_street[number].values() for row in rows]

    def address(self, row: int) -> str:
        """Return the standard address of a building as one line."""
        table = self.buildings
        estate = self.estate_of[row]
        inside = self.estates[estate].name if estate >= 0 else ""
        number = table.building_no[row]
        if inside and not table.road[row]:
            return inside + (number or table.door_no[row])
        return "".join((table.road[row], table.door_no[row], inside, number)) or table.name[row]

    def place(self, bearer: Bearer) -> Place:
        """Return a place as it is answered."""
        if bearer.kind is PlaceKind.BUILDING:
            return self._building(bearer.key)
        if bearer.kind is PlaceKind.ESTATE:
            estate = self.estates[bearer.key]
            rows = self.rows_of_estate(bearer.key)
            return self.group(bearer.kind, estate.id, estate.code, estate.name, rows)
        if bearer.kind is PlaceKind.STREET:
            return self.stretch(bearer.key, self.rows_of_street(bearer.key))
        if bearer.kind is PlaceKind.AREA:
            area = self.areas[bearer.key]
            return Place(
                bearer.kind, area.id, area.code, area.name, area.name, area.path, area.lon, area.lat
            )
        site = self.sites[bearer.key]
        return Place(bearer.kind, site.id, "", site.name, site.name, "", site.lon, site.lat)

    def group(self, kind: PlaceKind, key: int, code: str, name: str, rows: Sequence[int]) -> Place:
        """Return the place that some buildings make up: it is where its middle building is."""
        table = self.buildings
        if not rows:
            return Place(kind, key, code, name, name, "", float("nan"), float("nan"))
        points = np.array([(table.lon[row], table.lat[row]) for row in rows])
        middle = int(((points - points.mean(axis=0)) ** 2).sum(axis=1).argmin())
        path = Scope.of_areas(table.path[row] for row in rows if table.path[row]).root
        return Place(kind, key, code, name, name, path, *points[middle].tolist())

    def stretch(self, street: int, rows: Sequence[int]) -> Place:
        """Return a street where it has some doors."""
        name = self._streets[self.street_names[street]]
        return self.group(PlaceKind.STREET, street, "", name, rows)

    def _building(self, row: int) -> Place:
        table = self.buildings
        return Place(
            PlaceKind.BUILDING,
            int(table.id[row]),
            table.code[row],
            table.name[row],
            self.address(row),
            table.path[row],
            float(table.lon[row]),
            float(table.lat[row]),
            building_id=int(table.id[row]),
        )

    @cached_property
    def towns(self) -> Mapping[str, int]:
        """Districts and towns as people say them, 东关 for 东关街道: number of each area."""
        cut = {n: fold(a.name).rstrip(_TOWN_TAIL) for n, a in enumerate(self.areas)}
        return {
            short: number
            for number, short in cut.items()
            if self.areas[number].level <= _TOWN and len(short) > 1
        }

    def _short_areas(self) -> Iterator[tuple[str, Bearer]]:
        for short, number in self.towns.items():
            yield short, Bearer(PlaceKind.AREA, number)

    def _shorter(self, found: Mapping[str, Iterable[Bearer]]) -> Iterator[tuple[str, Bearer]]:
        """Yield what people leave away: the town before a name, the phase behind it."""
        towns = {fold(self.areas[number].name) for number in self.towns.values()} | {*self.towns}
        before = re.compile("|".join(sorted(map(re.escape, towns), key=len, reverse=True)) or "$^")
        for name, bearers in found.items():
            town = before.match(name)
            shorter = {name[town.end() :]} if town else set()
            shorter.add(_PHASE.sub("", name))
            for short in shorter - {name}:
                if len(short) > 2 and not _ONLY_TAIL.fullmatch(short):
                    yield from ((short, b) for b in bearers if b.kind in _SHORTENED)

    def _names_by_kind(self) -> tuple[list[str], list[str], list[str]]:
        estates = [estate.name for estate in self.estates]
        return estates, [area.name for area in self.areas], [site.name for site in self.sites]

    def _only_numbered(self) -> Iterator[str]:
        """Yield for each building the name that says no more than its estate and number."""
        table = self.buildings
        for row, estate in enumerate(self.estate_of.tolist()):
            counted = estate >= 0 and self.numbers[row]
            yield self.estates[estate].name + table.building_no[row] if counted else ""

    def _own_names(self) -> Iterable[tuple[int, str]]:
        """Yield the buildings whose name is more than estate or street and number."""
        estates = [fold(estate.name) for estate in self.estates]
        told = list(self._only_numbered())
        for row, name in enumerate(self.buildings.name):
            if name == told[row]:
                continue
            name = fold(name)
            estate, street = self.estate_of[row], self.street_of[row]
            rest = name.removeprefix(estates[estate]) if estate >= 0 else name
            rest = rest.removeprefix(self.street_names[street]) if street >= 0 else rest
            if not rest or _ONLY_NUMBER.fullmatch(rest):
                continue
            yield row, name
            if rest != name and len(rest) > 2:
                yield row, rest


def _plate(text: str) -> str:
    return plate(fold(text))


def _each(of: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """Return a function's value of each text; equal texts are worked out once."""
    known = {text: of(text) for text in set(texts)}
    return [known[text] for text in texts]


def _grouped(
    number: int, groups: npt.NDArray[np.int32], keys: Sequence[str]
) -> Sequence[dict[str, list[int]]]:
    found: list[dict[str, list[int]]] = [{} for _ in range(number)]
    for row, (group, key) in enumerate(zip(groups.tolist(), keys, strict=True)):
        if group >= 0:
            found[group].setdefault(key, []).append(row)
    return found
