"""What is asked of a batch: the query, the format that comes and the one that is wanted."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from api.batches.forms import FORMS, MEDIA, Form
from api.params import AsOf, Words, refused
from api.schemas.locate import Number
from geo.locate.sheets import COLUMNS, GROUPS, chosen_columns

_ANY = ("*/*", "")


def _words_of(known: Iterable[str], value: object) -> str:
    """Return a list of words with commas between, when all are known."""
    words = str(value).split(",")
    if not set(words) <= set(known):
        raise refused("word_of_list", known=", ".join(known))
    return str(value)


Fields = Annotated[
    str,
    PlainValidator(partial(_words_of, COLUMNS)),
    WithJsonSchema({"type": "string", "examples": ["code,border_m"]}),
]
Groups = Annotated[
    str,
    PlainValidator(partial(_words_of, GROUPS)),
    WithJsonSchema({"type": "string", "examples": ["names", "team,version"]}),
]


class BatchQuery(BaseModel):
    """What may be asked of a batch."""

    model_config = ConfigDict(extra="forbid")

    crs: Words = Field("wgs84", description="wgs84, cgcs2000, gcj02, bd09 or an EPSG code")
    as_of: AsOf | None = Field(None, description="By the borders of this day or instant")
    accuracy_m: Number = Field(0.0, description="How far off the points may be, 0 to 10000 m")
    fields: Fields | None = Field(None, description="Columns of the answer, with commas between")
    include: Groups | None = Field(None, description="More columns: names, point, version, team")
    lon_column: Words | None = Field(None, description="Header of the column, guessed when unnamed")
    lat_column: Words | None = Field(None, description="Header of the column, guessed when unnamed")
    id_column: Words | None = Field(None, description="Header of the column, guessed when unnamed")
    accuracy_column: Words | None = Field(None, description="Header of the column of accuracies")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the answer."""
        fields = self.fields.split(",") if self.fields else ()
        return chosen_columns(fields, self.include.split(",") if self.include else ())

    @property
    def named(self) -> dict[str, str | None]:
        """The headers that were named, by field."""
        return {
            "lon": self.lon_column,
            "lat": self.lat_column,
            "id": self.id_column,
            "accuracy_m": self.accuracy_column,
        }


def form_sent(request: Request) -> Form | None:
    """Return the format of a body; None for any other, not UTF-8 or compressed."""
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.replace(" ", "").replace('"', "").lower()
    form = FORMS.get(media.strip().lower())
    encoded = request.headers.get("content-encoding", "identity").strip().lower() != "identity"
    named = charset.startswith("charset=") and charset not in ("charset=utf-8", "charset=utf8")
    return None if encoded or named else form


def form_wanted(request: Request, sent: Form) -> Form | None:
    """Return the format of the answer: the first that is welcome, best the body's, or None."""
    said = request.headers.get("accept", "*/*")
    ranges = [part.partition(";")[0].strip().lower() for part in said.split(",")]
    if MEDIA[sent] in ranges:
        return sent
    named = next((FORMS[media] for media in ranges if media in FORMS), None)
    if named is not None:
        return named
    whole = MEDIA[sent].partition("/")[0] + "/*"
    return sent if any(media in (*_ANY, whole) for media in ranges) else None
