"""One rule for every file a command writes: whole or not at all, and over another when meant."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from geo.exchange.located.outputs import OutputRefused, placed
from geo.runtime import Runtime
from tests import residents
from tests.api.cli.conftest import Command, full_disk
from tests.api.cli.tree import every_command
from tests.residents import records

KEPT = b"what was there before"
WRITERS = {  # command → its words, the suffix of its file, and the action it records
    "map": (["map", "occupancy", "--cell", "100A2"], ".html", "people.count"),
    "person": (["person", "print", "{household}", "--reason", "本人查询"], ".json", "people.print"),
    "audit": (["audit", "export"], ".csv", "audit.export"),
}


def write(out: Path, data: bytes, *, force: bool = False, private: bool = False) -> None:
    with placed(out, force=force, private=private) as aside:
        aside.write_bytes(data)


def test_every_command_that_writes_a_file_asks_before_it_replaces_one() -> None:
    options = {
        " ".join(words): {name for one in called.params for name in one.opts}
        for words, called in every_command()
    }
    writers = {command for command, named in options.items() if "--output" in named}

    assert {command.split()[0] for command in writers} >= {*WRITERS, "locate", "divide", "plan"}
    assert {command for command in writers if "--force" not in options[command]} == set()


@dataclass(frozen=True)
class Writer:
    """A command whose file is there already."""

    asked: list[str]
    out: Path
    action: str


@pytest.fixture(params=WRITERS)
def writer(request: pytest.FixtureRequest, runtime: Runtime, tmp_path: Path) -> Writer:
    residents.store(runtime)
    household = residents.household_ids(runtime)["b2", 1, "201"]
    words, suffix, action = WRITERS[request.param]
    out = tmp_path / f"kept{suffix}"
    out.write_bytes(KEPT)
    return Writer([*(w.format(household=household) for w in words), "-o", str(out)], out, action)


@pytest.mark.db
def test_a_file_stays_until_it_is_meant(runtime: Runtime, wangge: Command, writer: Writer) -> None:
    refused = wangge(*writer.asked)
    in_chinese = wangge(*writer.asked, lang="zh")

    assert (refused.status, in_chinese.status, writer.out.read_bytes()) == (2, 2, KEPT)
    assert str(writer.out) in refused.err
    assert "--force" in refused.err
    assert "已经有这个文件" in in_chinese.err
    # Nobody was read for a file that is not written.
    assert records(runtime, writer.action) == []

    assert wangge(*writer.asked, "--force").status == 0
    assert writer.out.read_bytes() != KEPT
    assert [*writer.out.parent.iterdir()] == [writer.out]


@pytest.mark.db
def test_a_full_disk_leaves_the_old_file_whole(wangge: Command, writer: Writer) -> None:
    with full_disk(free=16):
        done = wangge(*writer.asked, "--force")

    assert (done.status, writer.out.read_bytes()) == (2, KEPT), done.err
    assert str(writer.out) in done.err
    assert [*writer.out.parent.iterdir()] == [writer.out]


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    out = tmp_path / "map.html"

    with pytest.raises(OutputRefused) as refused, placed(out, force=False):
        Path("/dev/full").write_bytes(b"the system refuses every byte there")

    told, in_chinese = refused.value.message("en"), refused.value.message("zh")
    assert told.startswith(f"cannot write {out}: the disk is full (")
    assert "-o" in told
    assert f"不能写入 {out}：磁盘已满（" in in_chinese
    assert "No space" not in in_chinese
    assert [*tmp_path.iterdir()] == []


def test_a_stop_halfway_leaves_the_old_file_whole(tmp_path: Path) -> None:
    out = tmp_path / "kept.html"
    out.write_bytes(KEPT)

    with pytest.raises(KeyboardInterrupt), placed(out, force=True) as aside:
        aside.write_bytes(b"half")
        raise KeyboardInterrupt

    assert out.read_bytes() == KEPT
    assert [*tmp_path.iterdir()] == [out]


def test_a_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "new.html"

    with pytest.raises(OutputRefused) as refused, placed(out, force=False) as aside:
        aside.write_bytes(b"mine")
        out.write_bytes(KEPT)

    assert refused.value.facts["reason"] == "exists"
    assert out.read_bytes() == KEPT
    assert [*tmp_path.iterdir()] == [out]


def test_a_private_file_is_its_owners_and_another_is_as_the_umask_says(tmp_path: Path) -> None:
    public, private = tmp_path / "map.html", tmp_path / "person.html"
    private.write_bytes(KEPT)
    private.chmod(0o644)

    write(public, b"map")
    write(private, b"person", private=True, force=True)
    (tmp_path / "umask").touch()

    assert private.stat().st_mode & 0o777 == 0o600
    assert public.stat().st_mode == (tmp_path / "umask").stat().st_mode


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputRefused) as refused:
        write(tmp_path / "nowhere" / "map.html", b"map")

    assert "nowhere" in refused.value.message("en")
