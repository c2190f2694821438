"""Why a batch is refused as a whole; what is wrong with single rows stands in their answers."""

from typing import Any

from geo.errors import Invalid, Unavailable
from geo.texts import Lang, text


class BatchRefused(Invalid):
    """A batch cannot be read, or holds nothing.

    Facts
    -----
    reason : key of the sentence, ``api.batch.<reason>``, filled from the other facts
    """

    code = "batch_refused"

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason=reason, **facts)

    def message(self, lang: Lang) -> str:
        """Return the sentence, with what was wrong in it."""
        reason = text(f"api.batch.{self.facts['reason']}", lang, **self._others())
        return text(f"errors.{self.code}", lang, reason=reason)

    def _others(self) -> dict[str, Any]:
        return {name: value for name, value in self.facts.items() if name != "reason"}


class BatchSwapped(Invalid):
    """No point of a batch lies in a cell, and most would with their numbers swapped."""

    code = "batch_swapped"


class TeamOnlyNow(Invalid):
    """The team of a past moment is recorded where it is told, so a batch does not tell it."""

    code = "team_only_now"


class GridNotHeld(Unavailable):
    """The grid that is asked for is not in memory yet."""

    code = "grid_not_held"
