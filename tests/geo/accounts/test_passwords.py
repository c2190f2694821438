"""Passwords: which are taken, and that a hash opens with its own password alone."""

import threading
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.accounts.passwords import (
    Cost,
    Hasher,
    PasswordGuessable,
    PasswordLength,
    PasswordPlain,
    PasswordSame,
    check_password,
    kinds_of_characters,
    made_password,
)

# From the tests of the reference implementation of argon2: m = 2^16 KiB, t = 2, p = 1.
REFERENCE = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
CHEAP = Hasher(Cost(memory_kib=8, passes=1))


def test_the_reference_hash_opens_with_its_password_alone() -> None:
    assert CHEAP.matches("password", REFERENCE)
    assert not CHEAP.matches("differentpassword", REFERENCE)


def test_a_password_is_kept_at_the_cost_that_owasp_names() -> None:
    phc = Hasher().hash("Ludao-xiaoqu-3")

    assert phc.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    salt, digest = phc.split("$")[-2:]
    # 16 and 32 bytes in base64 without padding: 4 characters for 3 bytes, the rest rounded up.
    assert (len(salt), len(digest)) == (22, 43)


def test_the_same_password_is_kept_in_another_way_each_time() -> None:
    assert CHEAP.hash("Ludao-xiaoqu-3") != CHEAP.hash("Ludao-xiaoqu-3")


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_hash_opens_with_its_own_password_alone(one: str, other: str) -> None:
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    try:
        assert CHEAP.matches(other, CHEAP.hash(one)) == same
    except UnicodeEncodeError:
        assert any("\ud800" <= c <= "\udfff" for c in one + other)


def test_two_ways_of_typing_the_same_characters_are_one_password() -> None:
    assert CHEAP.matches("１２３網格éx", CHEAP.hash("123網格e\u0301x"))


def test_no_password_opens_where_there_is_none() -> None:
    assert not CHEAP.matches("", None)
    assert not CHEAP.matches("Ludao-xiaoqu-3", None)


def test_a_hash_of_another_cost_is_outdated() -> None:
    assert CHEAP.is_outdated(REFERENCE)
    assert not CHEAP.is_outdated(CHEAP.hash("x"))
    assert Hasher().is_outdated(CHEAP.hash("x"))


def test_only_so_many_are_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher, most, running, lock = Hasher(CHEAP.cost, slots=2), [0], [0], threading.Lock()

    class Slow:
        @staticmethod
        def verify_phc_encoded(*_: object) -> None:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            time.sleep(0.02)
            with lock:
                running[0] -= 1

    monkeypatch.setattr("geo.accounts.passwords.Argon2id", Slow)
    threads = [threading.Thread(target=hasher.matches, args=("x", REFERENCE)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [2]


@pytest.mark.parametrize(
    "password", ["Ludao-xiaoqu-3", "网格员的密码九个字12", "a1" * 5, "x1" * 64]
)
def test_a_long_password_of_two_kinds_is_taken(password: str) -> None:
    check_password(password, "zhao.min")


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", PasswordLength),
        ("a1b2c3d4e", PasswordLength),
        ("x1" * 64 + "y", PasswordLength),
        ("abcdefghij", PasswordPlain),
        ("1234567890", PasswordPlain),
        ("ABCDEFGHIJ", PasswordPlain),
        ("-----------", PasswordPlain),
        ("Password123", PasswordGuessable),
        ("wangge-demo", PasswordGuessable),
        ("zhao.minmin", PasswordGuessable),
        ("Zhao.Minmin", PasswordGuessable),
        ("nimnim.oahz", PasswordGuessable),
        ("zhao.minmin2026", PasswordGuessable),
    ],
)
def test_a_short_plain_or_common_password_is_refused(
    password: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_password(password, "zhao.minmin")


def test_the_old_password_is_no_new_one_however_it_is_typed() -> None:
    with pytest.raises(PasswordSame):
        check_password("Ludao-xiaoqu-3", "zhao", old="Ludao－xiaoqu－３")

    check_password("Ludao-xiaoqu-3", "zhao", old="Ludao-xiaoqu-4")


@pytest.mark.parametrize(
    ("password", "kinds"), [("", 0), ("abc", 1), ("aB", 2), ("aB1", 3), ("aB1-", 4), ("网", 1)]
)
def test_kinds_of_characters_are_counted(password: str, kinds: int) -> None:
    assert kinds_of_characters(password) == kinds


def test_a_made_password_is_taken_readable_and_never_the_same() -> None:
    made = {made_password() for _ in range(200)}

    assert len(made) == 200
    for password in made:
        check_password(password, "zhao.min")
        assert [len(group) for group in password.split("-")] == [4, 4, 4, 4]
        assert not set(password) & set("0O1lIi")
