"""What a person wishes, as it is kept: words and values to correct, sealed; masked beside."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.crypto.cipher import Place, seal, unseal
from geo.crypto.keyring import Keyring
from geo.people.fields import FIELDS, HeadField
from geo.people.model import DataRequest


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked.

    Parameters
    ----------
    words : in the person's own words; may be empty
    corrections : the right value of each field that is wrong; an empty one empties the field
    """

    words: str = ""
    corrections: Mapping[HeadField, str] = field(default_factory=dict)

    @property
    def masked(self) -> dict[str, str]:
        """The corrections, each masked."""
        return {name.value: FIELDS[name].mask(value) for name, value in self.corrections.items()}


def keep(keyring: Keyring, request: DataRequest, wish: Wish) -> None:
    """Seal a wish into a request that has its id; its masked form beside."""
    text = json.dumps({"words": wish.words, "corrections": dict(wish.corrections)})
    request.wish_cipher = seal(keyring, _place(request), text)
    request.wish_masked = wish.masked


def wish_of(keyring: Keyring, request: DataRequest) -> Wish:
    """Return the wish of a request in clear; an empty one after an erasure."""
    if request.wish_cipher is None:
        return Wish()
    kept = json.loads(unseal(keyring, _place(request), request.wish_cipher))
    corrections = {HeadField(name): value for name, value in kept["corrections"].items()}
    return Wish(kept["words"], corrections)


def _place(request: DataRequest) -> Place:
    return Place("data_request", "wish", request.id)
