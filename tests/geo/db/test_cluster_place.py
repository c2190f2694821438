"""Which folder and which account; root is played where the tests do not run as root."""

import os
import pwd
from pathlib import Path

import pytest

from geo.db import cluster_place
from geo.db.cluster_place import (
    Account,
    ClusterFolderRefused,
    existing_major,
    make_folder,
    place_of,
    reachable,
    server_account,
)

OTHER = Account(uid=64_001, gid=64_001)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """We are root, and the account without rights is one that owns nothing here."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    entry = pwd.struct_passwd(("postgres", "x", OTHER.uid, OTHER.gid, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwnam", {"postgres": entry}.__getitem__)
    monkeypatch.setattr(cluster_place, "ELSEWHERE", tmp_path / "var")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    return tmp_path


def test_an_ordinary_user_runs_the_server_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "getegid", lambda: 1001)
    place = place_of(tmp_path, tests=False)
    assert place.folder == tmp_path / "cluster"
    assert place.account == Account(1000, 1001)
    assert not place.moved


def test_the_cluster_of_the_tests_lies_beside_the_real_one(tmp_path: Path) -> None:
    assert place_of(tmp_path, tests=True).folder != place_of(tmp_path, tests=False).folder


def test_root_hands_the_server_to_the_first_account_there_is(root: Path) -> None:
    assert server_account(root / "cluster") == OTHER


def test_root_on_a_machine_without_such_an_account_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(ClusterFolderRefused):
        server_account(root / "cluster")


def test_a_closed_parent_moves_the_cluster_and_leaves_a_link(root: Path) -> None:
    home = root / "closed" / "home"
    (root / "closed").mkdir(mode=0o700)
    place = place_of(home, tests=False)
    assert place.moved
    assert place.folder.is_relative_to(root / "var")
    make_folder(place, home, tests=False)
    assert (home / "cluster").resolve() == place.folder


def test_a_cluster_that_moved_stays_where_it_is_when_the_parent_opens(root: Path) -> None:
    home = root / "closed" / "home"
    (root / "closed").mkdir(mode=0o700)
    moved = place_of(home, tests=False)
    make_folder(moved, home, tests=False)
    (root / "closed").chmod(0o755)
    assert place_of(home, tests=False).folder == moved.folder


def test_two_data_folders_never_share_a_folder_elsewhere(root: Path) -> None:
    (root / "closed").mkdir(mode=0o700)
    places = {place_of(root / "closed" / name, tests=False).folder for name in "ab"}
    assert len(places) == 2


def test_a_cluster_whose_parent_closed_later_is_refused_not_begun_anew(root: Path) -> None:
    home = root / "home"
    (home / "cluster").mkdir(parents=True)
    home.chmod(0o700)
    place = place_of(home, tests=False)
    assert place.folder == home / "cluster"
    with pytest.raises(ClusterFolderRefused) as refused:
        make_folder(place, home, tests=False)
    assert str(home) in refused.value.message("zh")


def test_folders_made_under_a_closed_umask_let_the_account_through(root: Path) -> None:
    home = root / "new" / "home"
    umask = os.umask(0o077)
    make_folder(place_of(home, tests=False), home, tests=False)
    os.umask(umask)
    assert reachable(home / "cluster", OTHER)


def test_the_link_to_a_folder_that_was_deleted_is_followed(root: Path) -> None:
    home = root / "home"
    home.mkdir()
    (home / "cluster").symlink_to(root / "var" / "gone" / "cluster")
    place = place_of(home, tests=False)
    make_folder(place, home, tests=False)
    assert (root / "var" / "gone" / "cluster").is_dir()


def test_the_owner_and_the_group_of_a_folder_count_before_all_others(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    folder.chmod(0o001)
    status = folder.stat()
    parents = all(p.stat().st_mode & 0o001 for p in tmp_path.parents)
    assert not reachable(folder, Account(status.st_uid, 64_001))
    assert not reachable(folder, Account(64_001, status.st_gid))
    assert reachable(Path("/"), OTHER)
    assert reachable(folder, OTHER) == (parents and bool(tmp_path.stat().st_mode & 0o001))


def test_a_folder_without_a_cluster_has_no_version(tmp_path: Path) -> None:
    assert existing_major(tmp_path) is None
    (tmp_path / "data").mkdir()
    assert existing_major(tmp_path) is None
    (tmp_path / "data" / "PG_VERSION").write_text("15\n")
    assert existing_major(tmp_path) == 15
