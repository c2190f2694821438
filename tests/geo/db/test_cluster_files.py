"""Locks, leases and small files of a cluster's folder."""

import os
from pathlib import Path

import pytest

from geo.db.cluster_files import (
    ClusterBusy,
    Lease,
    Passwords,
    keep_passwords,
    last_port,
    locked,
    passwords_of,
    write_whole,
)
from geo.db.cluster_place import ClusterFolderRefused


def test_one_process_at_a_time_holds_the_folder(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(ClusterBusy, match=str(tmp_path)),
        locked(tmp_path, wait_s=0.1),
    ):
        raise AssertionError("held twice")
    with locked(tmp_path, wait_s=0):
        pass


def test_a_folder_of_somebody_else_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ClusterFolderRefused), locked(tmp_path / "never made"):
        pass


def test_a_lease_is_sole_only_while_nobody_else_holds_one(tmp_path: Path) -> None:
    mine, other = Lease(tmp_path), Lease(tmp_path)
    assert not mine.sole()
    mine.release()
    assert other.sole()
    other.release()


def test_passwords_are_kept_as_they_were_and_differ_each_time(tmp_path: Path) -> None:
    assert passwords_of(tmp_path) is None
    kept = Passwords.random()
    keep_passwords(tmp_path, kept)
    assert passwords_of(tmp_path) == kept
    assert len({kept.admin, kept.owner, kept.app, Passwords.random().app}) == 4


def test_a_file_is_replaced_whole_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "port"
    umask = os.umask(0)
    write_whole(path, "1")
    write_whole(path, "5499")
    os.umask(umask)
    assert last_port(tmp_path) == 5499
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_port_that_nobody_wrote_is_none(tmp_path: Path) -> None:
    assert last_port(tmp_path) is None
    (tmp_path / "port").write_text("")
    assert last_port(tmp_path) is None
