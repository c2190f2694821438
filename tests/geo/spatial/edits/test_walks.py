"""Random walks through all edits, each step held against an oracle: see ``edit_walks``.

The short run takes a few walks; the counted bar, 2,000 of them, is long.
"""

import numpy as np
import pytest

from tests.geo.spatial.edits.edit_walks import DRAWN, KINDS, SPOTS, coverage, walk

BLOCKS, WALKS, EDITS = 4, 500, 6


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "karhula"])
def test_a_walk_keeps_the_coverage_whole(kind: str) -> None:
    random = np.random.default_rng(KINDS.index(kind))
    spot = list(SPOTS)[KINDS.index(kind) % len(SPOTS)]

    way = walk(coverage(kind, spot, random), random, 25)

    assert sum(way.done.values()) >= 10


@pytest.mark.long
@pytest.mark.parametrize("block", range(BLOCKS))
def test_two_thousand_walks_keep_every_coverage_whole(block: int) -> None:
    done = dict.fromkeys(DRAWN, 0)
    for number in range(block * WALKS, (block + 1) * WALKS):
        random = np.random.default_rng(number)
        kind = KINDS[number % len(KINDS)]
        spot = list(SPOTS)[number % len(SPOTS)] if number % 2 else "north"
        for edit, count in walk(coverage(kind, spot, random), random, EDITS).done.items():
            done[edit] += count

    # Else nothing but refusals was walked through.
    assert min(done.values()) >= WALKS / 10
