"""One rule for every file a command writes: whole or not at all, and over another when meant."""

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


@pytest.mark.db
@pytest.mark.parametrize("name", WRITERS)
def test_a_file_stays_until_it_is_meant(
    runtime: Runtime, wangge: Command, tmp_path: Path, name: str
) -> None:
    residents.store(runtime)
    household = residents.household_ids(runtime)["b2", 1, "201"]
    words, suffix, action = WRITERS[name]
    asked = [word.format(household=household) for word in words]
    out = tmp_path / f"kept{suffix}"
    out.write_bytes(KEPT)

    refused = wangge(*asked, "-o", out)
    in_chinese = wangge(*asked, "-o", out, lang="zh")

    assert (refused.status, in_chinese.status, out.read_bytes()) == (2, 2, KEPT)
    assert str(out) in refused.err
    assert "--force" in refused.err
    assert "已经有这个文件" in in_chinese.err
    assert records(runtime, action) == []  # nobody was read for a file that is not written

    assert wangge(*asked, "-o", out, "--force").status == 0
    assert out.read_bytes() != KEPT
    assert [*tmp_path.iterdir()] == [out]


@pytest.mark.db
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file_whole(
    runtime: Runtime, wangge: Command, tmp_path: Path, name: str
) -> None:
    residents.store(runtime)
    household = residents.household_ids(runtime)["b2", 1, "201"]
    words, suffix, _ = WRITERS[name]
    out = tmp_path / f"kept{suffix}"
    out.write_bytes(KEPT)

    with full_disk(free=16):
        done = wangge(*[w.format(household=household) for w in words], "-o", out, "--force")

    assert (done.status, out.read_bytes()) == (2, KEPT), done.err
    assert str(out) in done.err
    assert [*tmp_path.iterdir()] == [out]


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
