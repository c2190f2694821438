"""What rows are told of their cell: its codes and names up to the root, and who answers there."""

from collections.abc import Sequence

from geo.crypto.fields import HasKeyring
from geo.exchange.located import layout
from geo.exchange.located.grids import Grid
from geo.locate.answer import CellStep
from geo.locate.cells import NO_ROW
from geo.texts import Lang, catalogue, text
from geo.workforce.responsibility import Team, team
from geo.workforce.roster import Place, with_phones

Told = tuple[str | None, ...]


class Leaves:
    """The leaf cells of a grid, each worked out when a row first lies in it.

    Parameters
    ----------
    keys : open duty phones
    phones : duty phones are told
    """

    def __init__(self, keys: HasKeyring, grid: Grid, *, phones: bool, lang: Lang) -> None:
        self._keys, self._grid, self._phones, self._lang = keys, grid, phones, lang
        self._made: dict[int, Told] = {}
        levels = grid.snapshot.cells.levels
        self.depth = int(levels.max()) if len(levels) else 0
        self.names = layout.of_leaf(self.depth, phones=phones)
        # Workers that were named, for who must record that.
        self.told: set[int] = set()

    def of(self, leaf: int) -> Told:
        """Return what is told of a leaf, in the order of ``names``; nothing outside every cell."""
        if leaf not in self._made:
            self._made[leaf] = (None,) * len(self.names) if leaf == NO_ROW else self._of(leaf)
        return self._made[leaf]

    def values(self, steps: Sequence[CellStep], answering: Team) -> Told:
        """Return what is told of a chain of cells and the team there."""
        if not steps:
            cells: dict[str, str] = {}
        else:
            cells = {"cell_code": steps[-1].code, "cell_name": steps[-1].name}
        for step in steps:
            cells[f"level{step.level}_code"] = step.code
            cells[f"level{step.level}_name"] = step.name
        told = cells | self._person(answering)
        return tuple(told.get(name) or None for name in self.names)

    def _of(self, leaf: int) -> Told:
        cells = self._grid.snapshot.cells
        chain = [leaf]
        while (parent := int(cells.parents[chain[0]])) != NO_ROW:
            chain.insert(0, parent)
        steps = [cells.step(row) for row in chain]
        place = Place({int(step.id): (step.code, step.level) for step in steps})
        found = team(self._grid.roster.duties(place, self._grid.moment))
        return self.values(steps, with_phones(self._keys, found) if self._phones else found)

    def _person(self, answering: Team) -> dict[str, str]:
        """Return who answers first, and who besides; nothing where nobody does."""
        if not answering.members:
            return {}
        duty, *others = answering.members
        self.told.update(int(member.worker_id) for member in answering.members)
        told = [
            text("located.other", self._lang, name=member.name, post=self._post(member.post))
            for member in others
        ]
        return {
            "worker": duty.name,
            "post": self._post(duty.post),
            "others": text("located.between", self._lang).join(told),
            layout.PHONE: duty.duty_phone,
        }

    def _post(self, post: str) -> str:
        """Return what pages call a post; an office's own stays as it is."""
        key = f"pages.post_{post}"
        return text(key, self._lang) if key in catalogue() else post


def neighbours(found: Sequence[tuple[str, str, float]], lang: Lang) -> str | None:
    """Return cells that may be meant as well, as one text: code, name, metres."""
    told = [
        text("located.neighbour", lang, code=code, name=name, metres=f"{metres:.1f}")
        for code, name, metres in found
    ]
    return text("located.between", lang).join(told) or None
