"""Random secrets pass, guessable ones do not."""

import os

import pytest

from geo.crypto.weakness import weakness


@pytest.mark.parametrize("length", [16, 32])
def test_random_secrets_are_fit(length: int) -> None:
    assert [weakness(os.urandom(length), length) for _ in range(5_000)] == [None] * 5_000


@pytest.mark.parametrize("length", [16, 32])
def test_every_constant_and_every_even_step_is_a_pattern(length: int) -> None:
    for first in range(256):
        for step in range(256):
            secret = bytes((first + step * place) % 256 for place in range(length))
            assert weakness(secret, length) == "pattern"
