"""What is read off pid files, logs and the process table, on made-up ones."""

import os
import socket
from pathlib import Path

import pytest

from geo.db.cluster_place import Account
from geo.db.cluster_process import (
    Failure,
    PidFile,
    failure,
    free_port,
    is_alive,
    is_free,
    last_words,
    parse_pid_file,
    processes_of,
    read_pid_file,
    server_options,
    serves,
)

ME = Account(os.geteuid(), os.getegid())
DATA = Path("/srv/网格/cluster/data")


def process(proc: Path, pid: int, *, program: str, folder: Path) -> None:
    entry = proc / str(pid)
    entry.mkdir()
    (entry / "exe").symlink_to(program)
    (entry / "cwd").symlink_to(folder)


@pytest.mark.parametrize("suffix", ["", " (deleted)"])
def test_a_postgres_in_the_data_folder_serves_it(tmp_path: Path, suffix: str) -> None:
    process(tmp_path, 7, program=f"/usr/lib/postgresql/15/bin/postgres{suffix}", folder=DATA)
    assert serves(7, DATA, ME, proc=tmp_path)


def test_another_program_with_the_number_serves_nothing(tmp_path: Path) -> None:
    process(tmp_path, 7, program="/usr/bin/vim", folder=DATA)
    assert not serves(7, DATA, ME, proc=tmp_path)


def test_the_server_of_another_folder_is_not_ours(tmp_path: Path) -> None:
    process(tmp_path, 7, program="/usr/bin/postgres", folder=Path("/var/lib/postgresql/15/main"))
    assert not serves(7, DATA, ME, proc=tmp_path)


def test_the_process_of_another_account_is_not_ours(tmp_path: Path) -> None:
    process(tmp_path, 7, program="/usr/bin/postgres", folder=DATA)
    assert not serves(7, DATA, Account(ME.uid + 1, ME.gid), proc=tmp_path)


def test_a_zombie_is_alive_and_serves_nothing(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    assert is_alive(7, proc=tmp_path)
    assert not serves(7, DATA, ME, proc=tmp_path)


def test_a_number_that_is_free_is_neither(tmp_path: Path) -> None:
    assert not is_alive(7, proc=tmp_path)
    assert not serves(7, DATA, ME, proc=tmp_path)


def test_all_processes_of_a_folder_are_found_and_no_other(tmp_path: Path) -> None:
    process(tmp_path, 7, program="/usr/bin/postgres", folder=DATA)
    process(tmp_path, 8, program="/usr/bin/postgres", folder=DATA)
    process(tmp_path, 9, program="/usr/bin/postgres", folder=DATA.parent)
    (tmp_path / "self").mkdir()
    assert sorted(processes_of(DATA, ME, proc=tmp_path)) == [7, 8]


@pytest.mark.parametrize("text", ["", "\n", "not a number\n"])
def test_a_pid_file_cut_short_says_nothing(text: str) -> None:
    assert parse_pid_file(text) is None


def test_a_server_that_still_recovers_is_not_ready() -> None:
    text = "41\n/d\n1700000000\n5499\n\n127.0.0.1\n  12 0\nstarting\n"
    assert parse_pid_file(text) == PidFile(41, 5499, ready=False)
    assert parse_pid_file("41\n") == PidFile(41, None, ready=False)


def test_no_pid_file_is_no_server(tmp_path: Path) -> None:
    assert read_pid_file(tmp_path) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('LOG:  could not bind IPv4 address "127.0.0.1": Address in use', Failure.PORT_TAKEN),
        ("FATAL:  could not create any TCP/IP sockets", Failure.PORT_TAKEN),
        ("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", Failure.ORPHANS),
        ('FATAL:  lock file "postmaster.pid" already exists', Failure.ORPHANS),
        ("FATAL:  could not write: No space left on device", Failure.OTHER),
        ("", Failure.OTHER),
    ],
)
def test_the_log_tells_whether_another_try_helps(line: str, kind: Failure) -> None:
    assert failure(f"2026 LOG:  starting\n{line}\n") is kind


def test_the_last_words_of_initdb_are_its_error() -> None:
    said = "The files belong to …\ninitdb: error: could not write: No space left on device\n"
    assert last_words(said) == "could not write: No space left on device"
    assert last_words("") == "?"


def test_the_tests_alone_run_without_fsync(tmp_path: Path) -> None:
    assert "fsync='off'" in server_options(port=1, tests=True, zone_files=tmp_path)
    assert "fsync" not in server_options(port=1, tests=False, zone_files=tmp_path)


def test_without_zone_files_the_clock_still_is_that_of_china(tmp_path: Path) -> None:
    assert "timezone='<+08>-08'" in server_options(port=1, tests=False, zone_files=tmp_path)
    (tmp_path / "Asia").mkdir()
    (tmp_path / "Asia" / "Shanghai").touch()
    assert "timezone='Asia/Shanghai'" in server_options(port=1, tests=False, zone_files=tmp_path)


def test_a_free_port_is_free_until_somebody_listens() -> None:
    port = free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
