"""What all lists share: how a page is asked for, and the frame it comes in."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, PlainSerializer, WithJsonSchema

from api.cursors import After
from api.params import Limit

Item = TypeVar("Item")

# JavaScript rounds integers above 2^53, so an id is text outside the database.
IdText = Annotated[int, PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})]


class PageQuery(BaseModel):
    """Which page of a list."""

    limit: Limit | None = None
    after: After | None = None


class ListBody(BaseModel, Generic[Item]):
    """A page of a list; ``next`` is the address of the following one, None on the last."""

    items: list[Item]
    next: str | None
