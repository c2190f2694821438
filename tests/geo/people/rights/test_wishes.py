"""A wish is sealed into its request: readable there and nowhere else."""

from datetime import date

import pytest

from geo.crypto.cipher import Unreadable
from geo.crypto.keyring import Keyring
from geo.people.fields import HeadField
from geo.people.model import DataRequest
from geo.people.rights.wishes import Wish, keep, wish_of

WISH = Wish("请更正", {HeadField.PHONE: "13900001111", HeadField.NAME: ""})


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    return Keyring.new()


def kept(keyring: Keyring, wish: Wish, number: int = 1) -> DataRequest:
    request = DataRequest(id=number, kind="correction", due_on=date(2026, 12, 21))
    keep(keyring, request, wish)
    return request


def test_what_was_kept_is_read_again(keyring: Keyring) -> None:
    assert wish_of(keyring, kept(keyring, WISH)) == WISH


def test_only_masks_stand_beside_it(keyring: Keyring) -> None:
    request = kept(keyring, WISH)

    assert request.wish_masked == {"head_phone": "139****1111", "head_name": ""}
    assert request.wish_cipher is not None
    for clear in ("13900001111", "请更正"):
        assert clear.encode() not in request.wish_cipher


def test_one_moved_to_another_request_is_not_read(keyring: Keyring) -> None:
    other = DataRequest(id=2, wish_cipher=kept(keyring, WISH).wish_cipher)

    with pytest.raises(Unreadable):
        wish_of(keyring, other)


def test_after_an_erasure_it_is_empty(keyring: Keyring) -> None:
    assert wish_of(keyring, DataRequest(id=1, wish_cipher=None)) == Wish()
