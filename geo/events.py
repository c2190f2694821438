"""The base of everything that has happened: named in the past tense, carried by ``Work``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a use case, for others to act on.

    A lower slice never calls a higher one: it records an event, and ``geo/handlers.py`` says who
    acts on it, before the commit (in the same transaction) or after it (may be repeated).
    """
