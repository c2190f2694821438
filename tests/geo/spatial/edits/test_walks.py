"""Random walks through all edits, each step held against an oracle: see ``edit_walks``.

The short run takes a few walks; the counted bar, at least 2,000 edits that went through, is long.
"""

import numpy as np
import pytest

from tests.geo.spatial.edits.edit_walks import SPOTS, coverage, karhula, walk

KINDS = ("squares", "voronoi", "islands", "scattered", "crooked")
BAR = 2_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_keeps_the_coverage_whole(kind: str) -> None:
    random = np.random.default_rng(KINDS.index(kind))
    spot = list(SPOTS)[KINDS.index(kind) % len(SPOTS)]

    way = walk(coverage(kind, spot, random), random, 25)

    assert sum(way.done.values()) >= 10


@pytest.mark.long
def test_two_thousand_edits_keep_every_coverage_whole() -> None:
    done: dict[str, int] = {}
    seed = 0
    while sum(done.values()) < BAR or min(done.values()) < BAR / 20:
        seed += 1
        random = np.random.default_rng(seed)
        for kind in (*KINDS, "karhula"):
            spot = list(SPOTS)[seed % len(SPOTS)]
            start = karhula() if kind == "karhula" else coverage(kind, spot, random)
            for edit, count in walk(start, random, 40).done.items():
                done[edit] = done.get(edit, 0) + count

    assert len(done) == 7
