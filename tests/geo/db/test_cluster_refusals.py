"""What the cluster refuses before a server runs, with made-up PostgreSQL programs."""

import os
from pathlib import Path

import pytest

from geo.db import cluster, cluster_place
from geo.db.cluster import Cluster, ClusterDamaged, ClusterVersion
from geo.db.cluster_place import Account
from geo.db.cluster_programs import Programs
from geo.db.cluster_server import ClusterNotMade, ClusterNotStarted

FULL = """#!/bin/sh
mkdir making/base && echo 15 > making/PG_VERSION
echo 'initdb: error: could not write to file: No space left on device' >&2
exit 1
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cluster's folder of a home; its programs are PostgreSQL 15, and initdb's disk is full."""
    programs = Programs(tmp_path / "bin", 15, {})
    programs.bin.mkdir()
    (programs.bin / "initdb").write_text(FULL)
    (programs.bin / "initdb").chmod(0o755)
    monkeypatch.setattr(cluster, "find_programs", lambda home, prefer=None: programs)
    me = Account(os.geteuid(), os.getegid())
    monkeypatch.setattr(cluster_place, "server_account", lambda folder: me)
    folder = tmp_path / "cluster"
    folder.mkdir()
    return folder


def test_a_full_disk_leaves_no_cluster_behind(folder: Path) -> None:
    with pytest.raises(ClusterNotMade, match="No space left on device"):
        Cluster(folder.parent).start()
    assert not (folder / "data").exists()
    assert not list(folder.glob("making*"))


def test_what_an_interrupted_start_left_behind_is_never_taken_for_a_cluster(folder: Path) -> None:
    (folder / "making").mkdir()
    (folder / "making" / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterNotMade):
        Cluster(folder.parent).start()
    assert not (folder / "making").exists()


def test_a_cluster_of_another_major_is_refused_and_kept(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ClusterVersion) as refused:
        Cluster(folder.parent).start()
    assert "14" in refused.value.message("zh")
    assert "15" in refused.value.message("zh")
    assert (folder / "data" / "PG_VERSION").exists()


def test_a_cluster_of_the_tests_of_another_major_is_made_anew(folder: Path) -> None:
    data = folder.parent / "cluster-tests" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(ClusterNotMade):
        Cluster(folder.parent, tests=True).start()
    assert not data.exists()


def test_a_data_folder_without_a_version_is_refused_and_kept(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "precious").touch()
    with pytest.raises(ClusterDamaged, match="PG_VERSION"):
        Cluster(folder.parent).start()
    assert (folder / "data" / "precious").exists()


def test_a_refused_start_keeps_no_lease(folder: Path) -> None:
    first, second = Cluster(folder.parent), Cluster(folder.parent)
    for user in (first, second):
        with pytest.raises(ClusterNotMade):
            user.start()
        user.stop()


def test_databases_are_made_only_after_the_start(folder: Path) -> None:
    with pytest.raises(ClusterNotStarted):
        Cluster(folder.parent).create_database("x")
