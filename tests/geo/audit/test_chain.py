"""The chain: what goes into a hash, and how a link that does not follow is named."""

from dataclasses import replace
from hashlib import sha256

import pytest

from geo.audit.chain import (
    GENESIS,
    FaultKind,
    Link,
    Tip,
    broken,
    canonical,
    cause,
    digest,
    joined,
    link_hash,
    wrong,
)

TODAY = "2026-11-22"


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    tip = Tip()
    for number in range(count):
        link = Link(0, 10 + number, digest([str(number)]), "2026-12-31", 7, "2026-11-22 00:00:00")
        links.append(joined(tip, link))
        tip = Tip(links[-1].seq, links[-1].hash)
    return links


def tip_of(link: Link) -> Tip:
    return Tip(link.seq, link.hash)


def test_a_digest_is_the_sha256_of_the_fields_behind_their_lengths() -> None:
    # By hand: form, number of fields, then each field; "王" is one character of three bytes.
    written = "14:wangge-audit-11:22:王a-".encode()

    assert canonical(["wangge-audit-1", "2", "王a", None]) == written
    assert digest(["王a", None]) == sha256(written).digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["a", "b"], ["ab"]),
        (["a", ""], ["", "a"]),
        ([None], [""]),
        ([None], ["-"]),
        (["1:a"], ["1", "a"]),
        (["", None], [None, ""]),
        ([], [None]),
    ],
)
def test_different_fields_have_different_digests(
    one: list[str | None], other: list[str | None]
) -> None:
    assert canonical(one) != canonical(other)
    assert digest(one) != digest(other)


def test_a_chain_follows_from_nothing() -> None:
    links = chain(3)

    assert [link.seq for link in links] == [1, 2, 3]
    assert links[0].hash == link_hash(GENESIS, links[0])
    tips = [Tip(), *map(tip_of, links)]
    assert [broken(tip, link) for tip, link in zip(tips, links, strict=False)] == [None] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"record_id": 99},
        {"digest": bytes(32)},
        {"keep_until": "2026-12-30"},
        {"floor": 8},
        {"sealed_at": "2026-11-22 00:00:01"},
        {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_word_of_a_link_is_in_its_hash(change: dict[str, object]) -> None:
    first, second, _ = chain(3)

    assert broken(tip_of(first), replace(second, **change)) is FaultKind.LINK_CHANGED  # type: ignore[arg-type]


def test_a_missing_number_is_a_deleted_link() -> None:
    first, _, third = chain(3)

    assert broken(tip_of(first), third) is FaultKind.LINK_DELETED


def test_a_record_may_be_gone_only_when_its_day_has_passed() -> None:
    link = replace(chain(1)[0], keep_until=TODAY)

    assert wrong(link, None, TODAY) is FaultKind.DELETED
    assert wrong(link, None, "2026-11-23") is None


def test_a_record_that_is_there_must_be_what_was_sealed_whatever_its_day() -> None:
    link = replace(chain(1)[0], keep_until="2020-01-01")

    assert wrong(link, link.digest, TODAY) is None
    assert wrong(link, bytes(32), TODAY) is FaultKind.CHANGED


@pytest.mark.parametrize(("one", "other"), [(1, 2), (1, 4), (2, 3)])
def test_two_links_that_changed_places_are_reordered(one: int, other: int) -> None:
    links = chain(5)
    moved = list(links)
    moved[one] = replace(links[other], seq=links[one].seq)
    moved[other] = replace(links[one], seq=links[other].seq)

    found = cause(tip_of(links[one - 1]), moved[one], moved[one + 1 :])

    assert found is FaultKind.REORDERED


def test_a_link_put_between_two_is_inserted() -> None:
    links = chain(4)
    foreign = replace(links[1], record_id=99, hash=bytes(32))
    shifted = [links[0], foreign, *(replace(link, seq=link.seq + 1) for link in links[1:])]

    assert cause(tip_of(links[0]), shifted[1], shifted[2:]) is FaultKind.INSERTED


def test_a_link_that_belongs_nowhere_and_replaced_one_is_changed() -> None:
    links = chain(4)
    changed = replace(links[1], record_id=99)

    assert cause(tip_of(links[0]), changed, links[2:]) is FaultKind.LINK_CHANGED
