"""A running process follows its keyring file, and keeps what it has when the file is spoilt."""

import logging
import threading
from pathlib import Path

import pytest

from geo.crypto.aead import CipherName
from geo.crypto.key_file import KeysMissing, KeysOpen
from geo.crypto.keyring import Keyring
from geo.crypto.watched import WatchedKeyring, make_missing


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = Keyring.new()
    first.save(path)
    watched = WatchedKeyring(path)
    assert watched() is watched() == first

    second = first.rotated(CipherName.AES)
    second.save(path)

    assert watched() == second


@pytest.mark.parametrize("spoil", ["remove", "cut", "open"])
def test_a_spoilt_file_leaves_the_keys_that_were(
    tmp_path: Path, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.json"
    ring = Keyring.new()
    ring.save(path)
    watched = WatchedKeyring(path)

    if spoil == "remove":
        path.unlink()
    elif spoil == "cut":
        path.write_text("{")
    else:
        path.chmod(0o644)

    with caplog.at_level(logging.ERROR):
        assert watched() == watched() == ring
    assert len(caplog.records) == 1


def test_nothing_starts_without_a_good_file(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        WatchedKeyring(tmp_path / "none.json")


def test_a_missing_keyring_is_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    starts = [threading.Thread(target=make_missing, args=(path, CipherName.AES)) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    made = Keyring.load(path)
    make_missing(path, CipherName.SM4)

    assert Keyring.load(path) == made
    assert [file.name for file in tmp_path.iterdir()] == ["keys.json"]


def test_a_keyring_that_stands_unreadable_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.mkdir()  # there, and not to be read even by an administrator
    make_missing(path, CipherName.AES)

    assert path.is_dir()
    open_file = tmp_path / "open.json"
    Keyring.new().save(open_file)
    open_file.chmod(0o644)
    with pytest.raises(KeysOpen):
        make_missing(open_file, CipherName.AES)
