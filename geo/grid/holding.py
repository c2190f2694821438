"""Holding the grid still while something is written that leans on it.

Whatever writes an assignment was decided by borders that somebody looked at. Between the look and
the commit a publication may run; so the writer takes its turn with publications (the first lock of
all: publication → cells → households → assignments → incidents) and then looks whether the borders
are still the ones it was decided by. From there on nothing is published until its transaction ends.
"""

from sqlalchemy.orm import Session

from geo.db.sql import statement
from geo.db.turns import take_turn
from geo.errors import Refused


class PublicationMoved(Refused):
    """What is to be written was decided by borders that hold no more."""

    code = "publication_moved"


def publication_now(session: Session) -> int:
    """Return the number of the publication in effect at this very moment; 0 before the first."""
    return int(session.scalar(statement("geo.grid", "holding")) or 0)


def hold_publication(session: Session, number: int | None = None) -> int:
    """Let no publication run until the transaction ends; return the number of what holds.

    Takes the lock that publications take, so call it before anything else is locked. The number is
    read after the lock is held, by the clock and not by the beginning of the transaction: a
    publication that ran while this one waited is seen.

    Parameters
    ----------
    number : by which it was decided, as ``version`` of a locate answer; None: whichever holds

    Returns
    -------
    int; 0 before the first publication

    Raises
    ------
    PublicationMoved
        When another publication holds by now.
    """
    take_turn(session)
    current = publication_now(session)
    if number is not None and number != current:
        raise PublicationMoved(value=number, current=current)
    return current
