"""What protecting a field costs: ``python -m bench.crypto``.

Prints one line of JSON: µs a value for sealing, opening, indexing, masking and all three forms at
once, by cipher, each the best of several rounds; and, with ``WANGGE_DATABASE_URL`` set, rows a
second when the stored values are encrypted anew. That run makes a new key active in the keyring of
the settings and encrypts everything with it, as ``./wangge keys rotate`` does.
"""

import json
import os
import time
from collections.abc import Callable

from geo.access.actors import Actor
from geo.crypto.aead import CipherName
from geo.crypto.cipher import Place, seal, unseal
from geo.crypto.fields import (
    HEAD_ID_NUMBER,
    HEAD_NAME,
    HEAD_PHONE,
    blind,
    protect,
    protect_column,
)
from geo.crypto.keyring import Keyring
from geo.jobs.service import running
from geo.rotation.service import ROTATION, begin, run_rotation
from geo.runtime import Runtime
from geo.settings import Settings

CALLS, ROUNDS, COLUMN = 1_000, 50, 2_000
VALUES = {HEAD_NAME: "欧阳伟芳", HEAD_PHONE: "13812345678", HEAD_ID_NUMBER: "11010519491231002X"}
BARS_US = {CipherName.AES: 5.0, CipherName.SM4: 20.0}


def best_us(call: Callable[[], object], *, calls: int = CALLS, of: int = 1) -> float:
    """Return µs a value of the fastest round."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(calls):
            call()
        rounds.append((time.perf_counter() - begun) / calls / of * 1e6)
    return round(min(rounds), 2)


def costs(cipher: CipherName) -> dict[str, float]:
    """Return µs a value of one cipher."""
    ring, row = Keyring.new(cipher), 1_234_567
    number = VALUES[HEAD_ID_NUMBER]
    place = Place("household", "head_id_number", row)
    sealed = seal(ring, place, number)
    found = {
        "seal": best_us(lambda: seal(ring, Place("household", "head_id_number", row), number)),
        "unseal": best_us(lambda: unseal(ring, Place("household", "head_id_number", row), sealed)),
        "blind": best_us(lambda: blind(ring, HEAD_ID_NUMBER, number)),
    }
    for field, value in VALUES.items():
        found[f"mask_{field.name}"] = best_us(lambda f=field, v=value: f.mask(v))  # type: ignore[misc]
        found[f"protect_{field.name}"] = best_us(lambda f=field, v=value: protect(ring, f, row, v))  # type: ignore[misc]
    rows, texts = range(COLUMN), [number] * COLUMN
    column = best_us(lambda: protect_column(ring, HEAD_ID_NUMBER, rows, texts), calls=1, of=COLUMN)
    return {**found, "protect_in_column": column, "bar_seal_unseal": BARS_US[cipher]}


def rotation() -> dict[str, float]:
    """Return how many rows a second are encrypted anew in the database of the settings."""
    settings, actor = Settings(), Actor.system("bench")
    runtime = Runtime(settings)
    with runtime.work(actor, long=True) as work:
        begin(work, settings.keys_path, CipherName(settings.cipher))
    begun = time.perf_counter()
    with running(runtime, kind=ROTATION, actor=actor) as job:
        done = run_rotation(runtime, job)
    seconds = time.perf_counter() - begun
    runtime.close()
    return {
        "rows": done["rows"],
        "seconds": round(seconds, 1),
        "rows_a_second": round(done["rows"] / seconds),
    }


def main() -> None:
    figures: dict[str, object] = {cipher.value: costs(cipher) for cipher in CipherName}
    if os.environ.get("WANGGE_DATABASE_URL"):
        figures["rotation"] = rotation()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
