"""Other names of places and what they mean, on top of a gazetteer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from geo.places.addresses.gazetteer import Gazetteer
from geo.places.addresses.names import NameIndex
from geo.places.addresses.places import Place, PlaceKind
from geo.places.addresses.rows import AliasRow, Bearer
from geo.places.addresses.script import fold


@dataclass(frozen=True)
class Aliases:
    """Other names of places, which change more often than places do."""

    gazetteer: Gazetteer
    rows: Sequence[AliasRow] = ()

    @cached_property
    def _named(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            found[fold(row.name)].append(number)
        return {name: numbers for name, numbers in found.items() if len(name) > 1}

    @cached_property
    def index(self) -> NameIndex:
        """The aliases."""
        return NameIndex(tuple(self._named))

    @cached_property
    def bearing(self) -> Sequence[Sequence[int]]:
        """Which aliases each name of the index is."""
        return tuple(self._named.values())

    def ready(self) -> "Aliases":
        """Return itself with everything worked out, so that the first question waits no longer."""
        _ = (self.index, self.bearing)
        return self

    def bearer(self, number: int) -> Bearer | None:
        """Return what an alias means; None for a building or an estate that is there no more."""
        row = self.rows[number]
        if row.building_id is not None:
            found = self.gazetteer.rows.get(row.building_id)
            return None if found is None else Bearer(PlaceKind.BUILDING, found, row.stairwell)
        if row.estate_id is not None:
            estate = self.gazetteer.estate_numbers.get(row.estate_id)
            return None if estate is None else Bearer(PlaceKind.ESTATE, estate)
        return Bearer(PlaceKind.SITE, -1 - number)

    def place(self, bearer: Bearer) -> Place:
        """Return a place as it is answered, points of aliases among them."""
        if bearer.kind is not PlaceKind.SITE or bearer.key >= 0:
            return self.gazetteer.place(bearer)
        row = self.rows[-1 - bearer.key]
        assert row.lon is not None and row.lat is not None  # neither building nor estate
        return Place(PlaceKind.SITE, row.id, "", row.name, row.name, "", row.lon, row.lat)
