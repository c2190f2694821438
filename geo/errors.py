"""Everything Wangge refuses, as a tree of eight kinds; each concrete class sits by its rule.

::

    GeoError
    ├── Invalid           what was given cannot be right (422)
    ├── NotFound          nothing there, or not yours to see (404)
    ├── Refused           right in itself, but the state says no (409)
    ├── Outdated          meant for a state that somebody has changed since (412)
    ├── Forbidden         known who asks, and may not (403)
    ├── Unauthenticated   not known who asks (401)
    ├── Limited           asked too often, or for too much of it today (429)
    └── Unavailable       a part is down or not set up (503)

A concrete class carries a stable ``code``; its sentence stands in ``geo/texts`` under
``errors.<code>`` and says what was wrong, with the value, and what to do. The HTTP status is
decided in ``api/errors.py`` alone.
"""

from typing import Any, ClassVar

from geo.texts import Lang, text


class GeoError(Exception):
    """Base of what Wangge refuses; ``facts`` fill its sentence and go to the caller.

    Parameters
    ----------
    **facts
        The values the sentence names, JSON-serialisable.
    """

    code: ClassVar[str] = "error"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def message(self, lang: Lang) -> str:
        """Return the sentence for the user in the given language."""
        return text(f"errors.{self.code}", lang, **self.facts)

    def details(self, lang: Lang) -> list[dict[str, Any]]:
        """Return each place that is wrong, when the facts name one by ``pointer``: for who asks."""
        if "pointer" not in self.facts:
            return []
        places = ("lon", "lat")
        where: dict[str, Any] = {name: self.facts[name] for name in places if name in self.facts}
        return [{"pointer": f"#{self.facts['pointer']}", **where, "detail": self.message(lang)}]

    def __str__(self) -> str:
        return self.message("en")


class Invalid(GeoError):
    """What was given cannot be right."""


class NotFound(GeoError):
    """Nothing there, or not the asker's to see.

    A class whose rows lie under an area names their kind in ``scoped``: whoever asks for one that
    is not theirs leaves a record.
    """

    scoped: ClassVar[str] = ""


class Refused(GeoError):
    """Right in itself, but the state of things says no."""


class Outdated(GeoError):
    """Meant for a state of things that somebody has changed since."""


class Forbidden(GeoError):
    """The asker is known and may not."""


class Unauthenticated(GeoError):
    """The asker is not known."""


class Limited(GeoError):
    """Asked more often than may be, or for more than a day's share.

    Parameters
    ----------
    limit : how much may be asked for at once, or in a day
    wait_s : whole seconds until it is worth asking again

    A class whose refusals are recorded names the action of the record in ``recorded``.
    """

    recorded: ClassVar[str] = ""

    def __init__(self, *, limit: int, wait_s: int, **facts: Any) -> None:
        super().__init__(limit=limit, wait_s=wait_s, **facts)
        self.limit = limit
        self.wait_s = wait_s


class Unavailable(GeoError):
    """A part the answer needs is down or not set up."""
