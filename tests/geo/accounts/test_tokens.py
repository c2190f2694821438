"""Tokens: random, told apart by their prefix, stored as a digest."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.accounts.tokens import (
    TokenKind,
    csrf_of,
    digest,
    kind_of,
    masked,
    new_token,
    shown_of,
    unmasked,
)


@pytest.mark.parametrize("kind", TokenKind)
def test_a_token_says_what_it_opens_and_has_256_random_bits(kind: TokenKind) -> None:
    made = {new_token(kind) for _ in range(100)}

    assert len(made) == 100
    assert {kind_of(token) for token in made} == {kind}
    # 32 bytes in base64 without padding are 43 characters.
    assert {len(token) for token in made} == {4 + 43}


@pytest.mark.parametrize(
    "token",
    ["", "wgt_", "wgx_" + "a" * 43, "wgt_" + "a" * 42, "wgt_" + "a" * 44, "wgt_" + "a" * 42 + "é",
     "wgt_" + "a" * 42 + "\n", " wgt_" + "a" * 43, "WGT_" + "a" * 43, "wgt_" + "a" * 42 + "="],
)  # fmt: skip
def test_what_cannot_be_a_token_is_none(token: str) -> None:
    assert kind_of(token) is None


@given(st.text())
def test_any_text_may_be_asked_about(token: str) -> None:
    assert kind_of(token) in (None, *TokenKind)


def test_what_is_stored_is_sha_256() -> None:
    assert digest("abc").hex() == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1
    )


def test_what_a_page_sends_along_follows_from_its_token_and_does_not_tell_it() -> None:
    token = new_token(TokenKind.PAGE)

    assert csrf_of(token) == hashlib.sha256(b"csrf:" + token.encode()).hexdigest()
    assert csrf_of(token) != digest(token).hex()


@given(st.binary(min_size=32, max_size=32))
def test_what_is_masked_can_be_read_again_and_is_never_written_twice_alike(token: bytes) -> None:
    once, again = masked(token.hex()), masked(token.hex())

    assert unmasked(once) == unmasked(again) == token.hex()
    assert len(once) == 128
    # Neither half of one stands in the other: 32 random bytes.
    assert not {once[:64], once[64:]} & {again[:64], again[64:], token.hex()}


@pytest.mark.parametrize("given", ["", "0", "zz", "é" * 64, "0x" * 64])
def test_what_was_never_masked_is_nobodys(given: str) -> None:
    assert unmasked(given) == ""


def test_a_key_is_shown_by_eight_of_its_43_characters() -> None:
    assert shown_of("wgk_" + "abcdefgh" + "x" * 35) == "wgk_abcdefgh"
