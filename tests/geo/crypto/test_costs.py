"""The counted bar: what protecting a value costs."""

import pytest

from bench.crypto import BARS_US, costs
from geo.crypto.aead import CipherName


@pytest.mark.long
@pytest.mark.parametrize("cipher", list(CipherName))
def test_a_value_is_sealed_and_opened_within_its_bar(cipher: CipherName) -> None:
    found = costs(cipher)

    assert found["seal"] <= BARS_US[cipher]
    assert found["unseal"] <= BARS_US[cipher]
