"""The launcher on made-up machines: what it makes, what it says, how it hands over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.setup.machines import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine that has Python, uv and PostgreSQL with PostGIS."""
    machine = Machine(tmp_path / "machine").build("python3", "uv", "id")
    machine.install_postgres()
    return machine


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A Debian that has Python and apt and nothing else; we are an ordinary user."""
    return Machine(tmp_path / "bare").build("python3", "apt-get", "apt-cache", "dpkg-deb", "id")


def test_arguments_and_folder_reach_the_program_unchanged(machine: Machine) -> None:
    arguments = ["import", "cells", "有 空格.csv", "", "a\nb", "*", "--commit"]
    told = machine.run(*arguments, cwd=machine.folder).told
    assert told["arguments"] == arguments
    assert told["cwd"] == str(machine.folder)
    assert told["env"]["WANGGE_HOME"] == str(machine.home)


def test_the_exit_code_of_the_program_is_the_launchers(machine: Machine) -> None:
    assert machine.run("check", "fail").code == 7


def test_only_the_checkout_is_on_the_path_of_modules(machine: Machine) -> None:
    machine.env["PYTHONPATH"] = "/somewhere"
    (machine.folder / "json.py").write_text("raise SystemExit(9)")
    told = machine.run("check", cwd=machine.folder).told
    assert told["env"]["PYTHONPATH"] == told["path"] == str(machine.checkout)


def test_a_link_to_the_launcher_finds_the_checkout(machine: Machine) -> None:
    (machine.folder / "here").symlink_to("checkout/wangge")
    (machine.bin / "wangge").symlink_to(machine.folder / "here")
    answer = machine.run("check", script=machine.bin / "wangge", cwd="/")
    assert answer.told["env"]["PYTHONPATH"] == str(machine.checkout)


def test_what_is_made_once_is_not_made_again(machine: Machine) -> None:
    first = machine.run("up")
    assert len(machine.calls()) == 2
    assert "Python" in first.err
    again = machine.run("up")
    assert machine.calls() == []
    assert again.err == ""


def test_standard_output_belongs_to_the_program(machine: Machine) -> None:
    assert machine.run("locate", "--json").out.count("\n") == 1


def test_a_changed_lock_makes_a_new_environment_and_drops_the_old(machine: Machine) -> None:
    machine.run("up")
    (machine.checkout / "requirements.lock").write_text("one==2 --hash=sha256:3\n")
    machine.calls()
    machine.run("up")
    assert len(machine.calls()) == 2
    assert len(list((machine.home / "venv").iterdir())) == 1


def test_an_environment_in_use_is_not_dropped(machine: Machine) -> None:
    machine.run("up")
    (old,) = (machine.home / "venv").iterdir()
    user = subprocess.Popen([sys.executable, "-c", "input()", old / "bin"], stdin=subprocess.PIPE)
    (machine.checkout / "requirements.lock").write_text("one==2 --hash=sha256:3\n")
    machine.run("up")
    assert old.exists()
    user.communicate(b"\n")


def test_half_an_environment_is_made_anew(machine: Machine) -> None:
    machine.run("up")
    (environment,) = (machine.home / "venv").iterdir()
    (environment / "ready").unlink()
    (environment / "half").touch()
    machine.run("up")
    assert (environment / "ready").exists()
    assert not (environment / "half").exists()


def test_a_moved_checkout_gets_a_new_environment(machine: Machine) -> None:
    machine.run("up")
    machine.calls()
    machine.checkout.rename(machine.folder / "moved")
    machine.run("up", script=machine.folder / "moved" / "wangge")
    assert len(machine.calls()) == 2


def test_ctrl_c_during_the_set_up_leaves_nothing_that_passes_for_whole(machine: Machine) -> None:
    machine.env["UV_SLEEPS"] = "30"
    process = machine.start("up")
    while not machine.calls():
        time.sleep(0.02)
    time.sleep(1.0)  # a shell that is just starting `sleep` lets a signal pass
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "run again" in err
    del machine.env["UV_SLEEPS"]
    assert machine.run("up").code == 0


def test_of_two_launchers_at_once_one_makes_and_one_waits(machine: Machine) -> None:
    machine.env["UV_SLEEPS"] = "0.3"
    both = [machine.start("up"), machine.start("up")]
    said = [process.communicate(timeout=30)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert len(machine.calls()) == 2
    assert sum("waiting" in err for err in said) == 1


def test_a_killed_launcher_holds_no_lock(machine: Machine) -> None:
    machine.env["UV_SLEEPS"] = "30"
    process = machine.start("up")
    while not machine.calls():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    del machine.env["UV_SLEEPS"]
    assert machine.run("up").code == 0


def test_the_tests_have_an_environment_of_their_own(machine: Machine) -> None:
    machine.env["WANGGE_CHROMIUM"] = "sh"
    machine.run("test", "--help")
    assert machine.calls()[-1].endswith("requirements-dev.lock")


def test_without_uv_pip_does_it_with_hashes_and_the_machines_own_index(bare: Machine) -> None:
    assert bare.run("--version").code == 0
    venv, pip = bare.calls()
    assert venv == "python3 -m venv"
    assert "--require-hashes" in pip
    assert "index" not in pip
    assert "://" not in pip


def test_where_uv_fails_pip_is_tried(machine: Machine) -> None:
    machine.env["UV_FAILS"] = "1"
    answer = machine.run("up")
    assert answer.code == 0
    assert "trying pip" in answer.err
    assert any(call.startswith("pip ") for call in machine.calls())


def test_where_pip_fails_too_one_sentence_tells(bare: Machine) -> None:
    bare.env["PIP_EXIT"] = "1"
    answer = bare.run("--version")
    assert answer.code == 1
    assert "PIP_INDEX_URL" in answer.err.splitlines()[-1]
    assert "WANGGE_WHEELS" in answer.err.splitlines()[-1]


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_a_folder_of_wheels_replaces_the_network(machine: Machine, tool: str) -> None:
    if tool == "pip":
        (machine.bin / "uv").unlink()
    wheels = machine.folder / "wheels"
    wheels.mkdir()
    machine.env["WANGGE_WHEELS"] = str(wheels)
    machine.run("up")
    assert machine.calls()[-1].endswith(f"--no-index --find-links {wheels}")


def test_a_folder_of_wheels_that_is_not_there_is_named(machine: Machine) -> None:
    machine.env["WANGGE_WHEELS"] = "/no/such/wheels"
    answer = machine.run("up")
    assert answer.code == 1
    assert "/no/such/wheels" in answer.err


def test_a_debian_python_without_pip_gets_it_unpacked(bare: Machine) -> None:
    bare.env["NO_ENSUREPIP"] = "1"
    assert bare.run("--version").code == 0
    calls = bare.calls()
    assert any(call.startswith("dpkg-deb -x") and "python3-pip-whl" in call for call in calls)
    assert any(call.startswith("wheel-pip") for call in calls)


def test_without_pip_and_without_apt_one_sentence_tells(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "m").build("python3", "id")
    machine.env["NO_ENSUREPIP"] = "1"
    answer = machine.run("--version")
    assert answer.code == 1
    assert answer.err.splitlines()[-1].startswith("This Python")


@pytest.mark.parametrize("stubs", [("id",), ("id", "python3")])
@pytest.mark.parametrize(("lang", "word"), [("zh", "请安装"), ("en", "install")])
def test_a_missing_or_old_python_is_told_in_one_sentence(
    tmp_path: Path, stubs: tuple[str, ...], lang: str, word: str
) -> None:
    machine = Machine(tmp_path / "m").build(*stubs)
    machine.env["OLD_PYTHON"] = "1"
    answer = machine.run("up", "--lang", lang)
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "3.11" in answer.err
    assert word in answer.err


@pytest.mark.parametrize(
    ("env", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "WANGGE_LANG": "en"}, False),
        ({"LC_ALL": "de_DE.UTF-8", "WANGGE_LANG": "zh"}, True),
    ],
)
def test_the_language_is_asked_for_set_or_the_locales(
    tmp_path: Path, env: dict[str, str], chinese: bool
) -> None:
    machine = Machine(tmp_path / "m", env).build("id")
    assert ("本机" in machine.run("up").err) is chinese


@pytest.mark.parametrize(
    "where", [("--lang", "zh", "up"), ("up", "--lang=zh"), ("up", "--lang", "zh")]
)
def test_lang_may_stand_anywhere_and_reaches_the_program_as_a_setting(
    machine: Machine, where: tuple[str, ...]
) -> None:
    answer = machine.run(*where)
    assert "正在安装" in answer.err
    assert answer.told["arguments"] == ["up"]
    assert answer.told["env"]["WANGGE_LANG"] == "zh"


def test_the_locale_alone_sets_nothing_for_the_program(machine: Machine) -> None:
    machine.env["LANG"] = "zh_CN.UTF-8"
    assert machine.run("up").told["env"]["WANGGE_LANG"] is None


@pytest.mark.parametrize("arguments", [("up", "--lang", "fr"), ("up", "--lang"), ("--lang=", "up")])
def test_another_language_is_refused(machine: Machine, arguments: tuple[str, ...]) -> None:
    answer = machine.run(*arguments)
    assert answer.code == 2
    assert answer.err == "--lang takes zh or en.\n"


@pytest.mark.parametrize(
    "arguments", [(), ("--help",), ("--version",), ("up", "--help"), ("no-such-command",)]
)
def test_what_needs_no_database_installs_none(bare: Machine, arguments: tuple[str, ...]) -> None:
    assert bare.run(*arguments).code == 0
    assert not any(call.startswith("apt") for call in bare.calls())


@pytest.mark.parametrize("name", ["WANGGE_DATABASE_URL", "WANGGE_DATABASE_URL_FILE"])
def test_with_a_database_of_ones_own_no_server_is_installed(bare: Machine, name: str) -> None:
    bare.env[name] = "postgresql://db/wangge"
    assert bare.run("up").code == 0
    assert not any(call.startswith("apt") for call in bare.calls())


def test_an_ordinary_user_gets_the_newest_postgis_unpacked_once(bare: Machine) -> None:
    answer = bare.run("up")
    assert answer.code == 0, answer.err
    calls = bare.calls()
    (install,) = [call for call in calls if " install " in call and call.startswith("apt-get")]
    assert "--download-only" in install
    assert install.endswith("postgresql-16-postgis-3")
    root = bare.home / "debs" / "postgres"
    assert (root / "usr/share/postgresql/16/extension/postgis.control").exists()
    assert bare.run("up").code == 0
    assert bare.calls() == []


def test_a_database_that_must_lie_elsewhere_is_told_after_the_set_up(bare: Machine) -> None:
    (bare.checkout / "geo" / "db" / "cluster_programs.py").write_text(
        "import pathlib, sys\n"
        "found = pathlib.Path(sys.argv[1], 'debs', 'postgres').exists()\n"
        "print('/bin', '/var/lib/wangge/x', sep='\\n') if found else sys.exit(3)\n"
    )
    answer = bare.run("up")
    assert answer.code == 0
    assert answer.err.count("/var/lib/wangge/x") == 1


def test_the_major_of_the_cluster_that_exists_is_installed_again(bare: Machine) -> None:
    data = bare.home / "cluster" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    bare.run("up")
    assert any(call.endswith("install postgresql-15-postgis-3") for call in bare.calls())


def test_a_failed_download_is_told_with_its_reason_and_leaves_nothing(bare: Machine) -> None:
    bare.env["APT_FAILS"] = "1"
    answer = bare.run("up")
    assert answer.code == 1
    assert "E: no network" in answer.err.splitlines()[-1]
    assert not list((bare.home / "debs").glob("postgres"))


def test_without_apt_the_ways_out_are_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "m").build("python3", "uv", "id")
    answer = machine.run("up")
    assert answer.code == 1
    for way in ("WANGGE_PG_BIN", "WANGGE_DATABASE_URL", "docker compose up"):
        assert way in answer.err.splitlines()[-1]


def test_a_folder_of_programs_that_does_not_fit_is_named(bare: Machine) -> None:
    bare.env["WANGGE_PG_BIN"] = "/no/such/bin"
    answer = bare.run("up")
    assert answer.code == 1
    assert "/no/such/bin" in answer.err.splitlines()[-1]


def test_a_data_folder_that_cannot_be_made_is_named(machine: Machine) -> None:
    machine.env["WANGGE_HOME"] = "/proc/wangge"
    answer = machine.run("up")
    assert answer.code == 1
    assert "/proc/wangge" in answer.err


def test_the_data_folder_may_be_named_relative_and_oddly(machine: Machine) -> None:
    machine.env["WANGGE_HOME"] = "我的 数据 $x"
    answer = machine.run("up", cwd=machine.folder)
    assert answer.told["env"]["WANGGE_HOME"] == str(machine.folder / "我的 数据 $x")


def test_a_browser_that_is_named_and_cannot_run_is_refused(machine: Machine) -> None:
    machine.env["WANGGE_CHROMIUM"] = "/no/such/browser"
    answer = machine.run("test")
    assert answer.code == 1
    assert "WANGGE_CHROMIUM" in answer.err


@pytest.fixture
def office(machine: Machine) -> Machine:
    """A Debian with Chromium and Chinese fonts, where we are root."""
    for name in ("apt-get", "apt-cache", "dpkg-deb", "dpkg-query", "chromium", "fc-list"):
        machine.add(name)
    machine.env["USER_ID"] = "0"
    return machine


def installed(machine: Machine) -> list[str]:
    """Return what apt was asked for."""
    asked = [call for call in machine.calls() if call.startswith("apt-get")]
    return [c.split()[-1] for c in asked if " install " in c or " download " in c]


def test_beside_chromium_its_twin_without_windows_of_the_same_version_comes(
    office: Machine,
) -> None:
    office.run("test")
    assert installed(office) == ["chromium-headless-shell=1:150-1"]


def test_an_ordinary_user_gets_the_twin_unpacked_with_the_resources_of_the_system(
    office: Machine,
) -> None:
    office.env["USER_ID"] = "1000"
    system = office.folder / "system/usr/lib/chromium"
    system.mkdir(parents=True)
    (system / "icudtl.dat").touch()
    told = office.run("test").told
    assert installed(office) == ["chromium-headless-shell=1:150-1"]
    light = office.home / "debs/light-1:150-1/usr/lib/chromium"
    assert told["env"]["WANGGE_CHROMIUM"] == str(light / "chromium-headless-shell")
    assert (light / "icudtl.dat").exists()
    again = office.run("test").told
    assert again["env"] == told["env"]
    assert installed(office) == []


def test_the_browser_without_windows_is_taken_where_it_is(office: Machine) -> None:
    office.add("chromium-headless-shell")
    told = office.run("test").told
    assert told["env"]["WANGGE_CHROMIUM"] == str(office.bin / "chromium-headless-shell")
    assert installed(office) == []


@pytest.mark.parametrize("user", ["0", "1000"])
def test_without_its_twin_chromium_does(office: Machine, user: str) -> None:
    office.env.update(APT_FAILS="1", USER_ID=user)
    answer = office.run("test")
    assert answer.code == 0, answer.err
    assert answer.told["env"]["WANGGE_CHROMIUM"] == str(office.bin / "chromium")


def test_a_browser_that_is_named_gets_no_twin(office: Machine) -> None:
    office.env["WANGGE_CHROMIUM"] = str(office.bin / "chromium")
    told = office.run("test").told
    assert told["env"]["WANGGE_CHROMIUM"] == str(office.bin / "chromium")
    assert installed(office) == []


def test_an_ordinary_user_without_a_browser_gets_the_one_without_windows(office: Machine) -> None:
    office.env["USER_ID"] = "1000"
    (office.bin / "chromium").unlink()
    told = office.run("test").told
    assert installed(office) == ["chromium-headless-shell"]
    assert told["env"]["WANGGE_CHROMIUM"] == str(office.home / "debs/browser/chromium")
    started = (office.home / "debs/browser/chromium").read_text(encoding="utf-8")
    assert "/chromium/chromium-headless-shell" in started
