"""The gazetteer of a server process, for the routes that read addresses."""

from typing import Annotated

from fastapi import Depends, Request

from api.deps import ReadWork
from geo.access.roles import Permission
from geo.places.addresses.aliases import Aliases
from geo.places.addresses.kept import KeptGazetteer
from geo.work import Work


def kept_of(request: Request) -> KeptGazetteer:
    """Give a route what keeps the gazetteer."""
    kept: KeptGazetteer = request.app.state.gazetteer
    return kept


def gazetteer_of(kept: Annotated[KeptGazetteer, Depends(kept_of)], work: ReadWork) -> Aliases:
    """Give a route the gazetteer, at most two seconds old."""
    return kept.of(work.session)


def told_nicknames(work: Work) -> bool:
    """Return whether somebody may be told what people on the spot call places: staff alone."""
    return work.actor.may(Permission.TEAM_READ)


KeptOf = Annotated[KeptGazetteer, Depends(kept_of)]
GazetteerOf = Annotated[Aliases, Depends(gazetteer_of)]
