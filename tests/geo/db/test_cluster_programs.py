"""Which PostgreSQL is chosen among made-up ones."""

import os
from pathlib import Path

import pytest

from geo.db import cluster_programs
from geo.db.cluster_programs import (
    ClusterProgramsMissing,
    find_programs,
    main,
    unpacked_environ,
)


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("WANGGE_PG_BIN", raising=False)
    monkeypatch.delenv("WANGGE_HOME", raising=False)
    monkeypatch.setattr(cluster_programs, "SYSTEM", tmp_path / "system")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


def install(root: Path, major: int, *, postgis: bool = True) -> Path:
    folder = root / "usr/lib/postgresql" / str(major) / "bin"
    extensions = root / "usr/share/postgresql" / str(major) / "extension"
    folder.mkdir(parents=True)
    extensions.mkdir(parents=True)
    for name in ("postgres", "initdb", "pg_ctl", "psql"):
        (folder / name).touch(mode=0o755)
    if postgis:
        (extensions / "postgis.control").touch()
    return folder


def test_the_newest_with_postgis_is_taken(tmp_path: Path) -> None:
    system = tmp_path / "system"
    install(system, 9)
    wanted = install(system, 16)
    install(system, 15)
    install(system, 17, postgis=False)
    assert find_programs(tmp_path).bin == wanted


def test_the_major_of_an_existing_cluster_comes_first(tmp_path: Path) -> None:
    system = tmp_path / "system"
    install(system, 16)
    wanted = install(system, 15)
    assert find_programs(tmp_path, prefer=15).bin == wanted


def test_a_major_that_is_too_old_or_without_postgis_is_none(tmp_path: Path) -> None:
    install(tmp_path / "system", 14)
    install(tmp_path / "system", 16, postgis=False)
    with pytest.raises(ClusterProgramsMissing) as missing:
        find_programs(tmp_path)
    assert "15" in missing.value.message("zh")


def test_unpacked_packages_serve_an_ordinary_user_and_bring_their_libraries(
    tmp_path: Path,
) -> None:
    root = tmp_path / "debs" / "postgres"
    wanted = install(root, 15)
    for name in ("blas", "lapack"):
        (root / "usr/lib/x86_64-linux-gnu" / name).mkdir(parents=True)
    programs = find_programs(tmp_path)
    assert programs.bin == wanted
    assert programs.environ["LD_LIBRARY_PATH"].split(":") == [
        str(root / "usr/lib/x86_64-linux-gnu" / name) for name in ("", "blas", "lapack")
    ]
    assert programs.environ["PROJ_DATA"] == str(root / "usr/share/proj")


def test_a_cluster_with_a_home_of_its_own_uses_what_the_launcher_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = install(tmp_path / "wangge" / "debs" / "postgres", 15)
    monkeypatch.setenv("WANGGE_HOME", str(tmp_path / "wangge"))
    assert find_programs(tmp_path / "own").bin == wanted


def test_root_leaves_a_users_unpacked_packages_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    install(tmp_path / "debs" / "postgres", 15)
    with pytest.raises(ClusterProgramsMissing):
        find_programs(tmp_path)


def test_the_system_comes_before_unpacked_packages(tmp_path: Path) -> None:
    install(tmp_path / "debs" / "postgres", 15)
    wanted = install(tmp_path / "system", 15)
    assert find_programs(tmp_path).bin == wanted


def other_layout(tmp_path: Path, version: str) -> Path:
    """A PostgreSQL laid out as on no Debian, which only its own pg_config describes."""
    folder, share = tmp_path / "opt" / "bin", tmp_path / "opt" / "share"
    folder.mkdir(parents=True)
    (share / "extension").mkdir(parents=True)
    (share / "extension" / "postgis.control").touch()
    for name in ("postgres", "initdb", "pg_ctl", "psql"):
        (folder / name).touch(mode=0o755)
    pg_config = folder / "pg_config"
    pg_config.write_text(f"#!/bin/sh\nprintf '%s\\n' 'PostgreSQL {version}' '{folder}' '{share}'\n")
    pg_config.chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["16.4", "18devel", "17beta2 (Distro 17~beta2)"])
def test_a_named_folder_alone_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    install(tmp_path / "system", 99)
    wanted = other_layout(tmp_path, version)
    monkeypatch.setenv("WANGGE_PG_BIN", str(wanted))
    programs = find_programs(tmp_path)
    assert (programs.bin, programs.major) == (wanted, int(version[:2]))


def test_pg_config_on_the_path_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = other_layout(tmp_path, "16.4")
    monkeypatch.setenv("PATH", str(wanted))
    assert find_programs(tmp_path).bin == wanted


def test_a_pg_config_that_cannot_run_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANGGE_PG_BIN", str(tmp_path / "nowhere"))
    with pytest.raises(ClusterProgramsMissing):
        find_programs(tmp_path)


def test_unpacked_packages_of_another_machine_type_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "usr/lib/aarch64-linux-gnu").mkdir(parents=True)
    assert unpacked_environ(tmp_path)["LD_LIBRARY_PATH"].endswith("aarch64-linux-gnu")


def test_the_launcher_is_told_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 3
    wanted = install(tmp_path / "system", 15)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{wanted}\n\n"
