"""A sealed value opens in its place with its key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crypto.aead import CipherName
from geo.crypto.cipher import Place, Unreadable, key_number, seal, seal_column, unseal
from geo.crypto.keyring import Keyring

RINGS = {name: Keyring.new(name) for name in CipherName}
PLACE = Place("household", "head_name", 42)
each_cipher = pytest.mark.parametrize("ring", RINGS.values(), ids=list(RINGS))


@each_cipher
@given(text=st.text(max_size=80), row=st.integers(0, 2**63 - 1))
def test_every_text_comes_back_as_it_was(ring: Keyring, text: str, row: int) -> None:
    place = PLACE._replace(row=row)

    assert unseal(ring, place, seal(ring, place, text)) == text


@each_cipher
@pytest.mark.parametrize(
    "elsewhere",
    [
        PLACE._replace(row=43),
        PLACE._replace(column="head_phone"),
        PLACE._replace(table="worker"),
        Place("household", "head_name:4", 2),
    ],
)
def test_a_value_moved_elsewhere_is_unreadable(ring: Keyring, elsewhere: Place) -> None:
    sealed = seal(ring, PLACE, "王伟芳")

    with pytest.raises(Unreadable) as refused:
        unseal(ring, elsewhere, sealed)
    assert "王伟芳" not in str(refused.value)
    assert refused.value.facts == {
        "table": elsewhere.table,
        "column": elsewhere.column,
        "row": str(elsewhere.row),
    }


@each_cipher
def test_every_flipped_bit_makes_it_unreadable(ring: Keyring) -> None:
    sealed = seal(ring, PLACE, "王伟芳")

    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Unreadable):
            unseal(ring, PLACE, bytes(changed))


@each_cipher
def test_every_cut_makes_it_unreadable(ring: Keyring) -> None:
    sealed = seal(ring, PLACE, "王伟芳")

    for length in range(len(sealed)):
        with pytest.raises(Unreadable):
            unseal(ring, PLACE, sealed[:length])


@each_cipher
def test_another_key_of_the_same_number_does_not_open_it(ring: Keyring) -> None:
    sealed = seal(ring, PLACE, "王伟芳")

    with pytest.raises(Unreadable):
        unseal(Keyring.new(ring.active.cipher), PLACE, sealed)


def test_a_key_of_another_number_does_not_open_it_even_with_the_same_secret() -> None:
    ring = RINGS[CipherName.AES]
    wider = ring.rotated(CipherName.AES)
    sealed = seal(wider, PLACE, "王伟芳")
    relabelled = sealed[:1] + (1).to_bytes(2, "big") + sealed[3:]

    assert unseal(wider, PLACE, sealed) == "王伟芳"
    with pytest.raises(Unreadable):
        unseal(wider, PLACE, relabelled)
    with pytest.raises(Unreadable):
        unseal(ring, PLACE, sealed)


def test_what_an_old_key_sealed_stays_readable_and_new_values_take_the_active_key() -> None:
    ring = RINGS[CipherName.AES]
    old = seal(ring, PLACE, "王伟芳")
    rotated = ring.rotated(CipherName.SM4)
    new = seal(rotated, PLACE, "王伟芳")

    assert unseal(rotated, PLACE, old) == unseal(rotated, PLACE, new) == "王伟芳"
    assert (key_number(old), key_number(new), key_number(b"\x07\x00\x01")) == (1, 2, 0)


def test_the_layout_is_version_key_nonce_text_and_tag() -> None:
    sealed = seal(RINGS[CipherName.AES], PLACE, "王伟芳")

    assert sealed[:3] == b"\x01\x00\x01"
    assert len(sealed) == 1 + 2 + 12 + 16 + 16  # 9 bytes of UTF-8, padded to a block


def test_the_length_does_not_tell_a_short_name_from_a_long_one() -> None:
    names = ["王", "王伟", "王伟芳", "欧阳伟芳"]

    assert {len(seal(RINGS[CipherName.AES], PLACE, name)) for name in names} == {47}


def test_the_same_text_is_never_sealed_twice_alike() -> None:
    sealed = {seal(RINGS[CipherName.AES], PLACE, "王伟芳") for _ in range(100)}

    assert len(sealed) == 100


@each_cipher
def test_a_column_is_sealed_as_its_values_are(ring: Keyring) -> None:
    texts = ["王伟芳", "", "李"]
    sealed = seal_column(ring, "household", "head_name", [7, 8, 9], texts)

    places = [PLACE._replace(row=row) for row in (7, 8, 9)]
    opened = [unseal(ring, at, value) for at, value in zip(places, sealed, strict=True)]
    assert opened == texts
    assert len({value[3:15] for value in sealed}) == 3


def test_the_drivers_view_of_bytes_is_taken_too() -> None:
    ring = RINGS[CipherName.AES]

    assert unseal(ring, PLACE, memoryview(seal(ring, PLACE, "王"))) == "王"
