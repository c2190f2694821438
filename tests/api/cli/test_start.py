"""A start with a bad setting: exit status 2 and one clear sentence, no trace, nothing left."""

import base64
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.cli import words
from api.cli.app import run
from api.cli.opening import opened
from api.starting import DemoBeyondLoopback, check_start
from geo.crypto.key_file import KeysMissing
from geo.settings import Settings
from tests.api.certificates import certificate
from tests.databases import Databases

ROOT = Path(__file__).parents[3]
NOWHERE = "postgresql://nobody:hunter2@127.0.0.1:9/none"

Start = Callable[..., tuple[int, str]]


def clean(folder: Path, settings: dict[str, object]) -> dict[str, str]:
    """Return an environment with these settings and no others."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WANGGE_")}
    given = {f"WANGGE_{name.upper()}": str(value) for name, value in settings.items()}
    return {**kept, "PYTHONPATH": str(ROOT), "WANGGE_HOME": str(folder), **given}


@pytest.fixture
def start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Start:
    """Start a server with some settings in this process and return how it ended."""

    def started(*arguments: str, **settings: object) -> tuple[int, str]:
        for name in [name for name in os.environ if name.startswith("WANGGE_")]:
            monkeypatch.delenv(name)
        for name, value in clean(tmp_path, settings).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(words, "_lang", "en")
        status = run(arguments or ("serve",))
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.strip().splitlines()) == 1
        return status, told.err

    return started


def keyring(folder: Path, mode: int = 0o600, secret: str = "") -> Path:
    """Write a keyring; an empty secret stands for a good one."""
    good = [base64.b64encode(os.urandom(32)).decode() for _ in range(2)]
    path = folder / "ring.json"
    path.write_text(
        json.dumps(
            {
                "active": "k1",
                "keys": {"k1": {"cipher": "aes-256-gcm", "secret": secret or good[0]}},
                "blind": {"hash": "sha256", "secret": good[1]},
            }
        ),
        encoding="utf-8",
    )
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("pool_size", "0", "WANGGE_POOL_SIZE"),
        ("port", "70000", "WANGGE_PORT"),
        ("time_zone", "Mars/Phobos", "WANGGE_TIME_ZONE"),
        ("rate_factor", "-1", "WANGGE_RATE_FACTOR"),
        ("people_per_day", "0", "WANGGE_PEOPLE_PER_DAY"),
        ("cipher", "rot13", "WANGGE_CIPHER"),
        ("demo", "perhaps", "WANGGE_DEMO"),
        ("trusted_proxies", "everybody", "WANGGE_TRUSTED_PROXIES"),
        ("tls_cert", "/nowhere/cert.pem", "WANGGE_TLS_KEY"),
        ("tls_crt", "/nowhere/cert.pem", "no setting WANGGE_TLS_CRT"),
        ("database_url", "sqlite:///secret.db", "WANGGE_DATABASE_URL"),
        ("database_url", "postgresql://a:hunter2@h:many/x", "WANGGE_DATABASE_URL"),
        ("database_url_file", "/nowhere/url", "WANGGE_DATABASE_URL_FILE"),
    ],
)
def test_a_setting_that_cannot_be_is_named(start: Start, name: str, value: str, told: str) -> None:
    status, said = start(**{name: value})

    assert status == 2
    assert told in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"pool_size": "0"}, "WANGGE_POOL_SIZE"),
        ({"tls_crt": "x"}, "WANGGE_TLS_CRT"),
        ({"host": "0.0.0.0"}, "WANGGE_DEMO=false"),
        ({"database_url": NOWHERE}, "keys new"),
    ],
)
def test_a_process_of_its_own_ends_with_2_and_one_sentence(
    tmp_path: Path, settings: dict[str, object], told: str
) -> None:
    command = [sys.executable, "-m", "api.cli", "--lang", "en", "serve"]
    done = subprocess.run(
        command, cwd=ROOT, env=clean(tmp_path, settings), text=True, capture_output=True, timeout=60
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_of_the_command_line_is_held_to_the_same(start: Start) -> None:
    status, said = start("serve", "--port", "70000")

    assert (status, "WANGGE_PORT" in said) == (2, True)


def test_a_database_without_a_keyring_is_refused(start: Start) -> None:
    status, said = start(database_url=NOWHERE)

    assert status == 2
    assert "keys new" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("mode", "secret", "told"),
    [
        (0o644, "", "chmod 600"),
        (0o600, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "k1"),
        (0o600, "c2hvcnQ=", "k1"),
        (0o600, "no base64!", "ring.json"),
    ],
    ids=["open", "zeros", "short", "broken"],
)
def test_a_keyring_that_is_no_good_is_refused(
    start: Start, tmp_path: Path, mode: int, secret: str, told: str
) -> None:
    path = keyring(tmp_path, mode, secret)
    status, said = start(database_url=NOWHERE, keys_file=path)

    assert (status, told in said) == (2, True)


def test_a_demo_listens_on_this_machine_only(start: Start) -> None:
    for settings in ({"host": "0.0.0.0"}, {"host": "::", "demo": "true", "database_url": NOWHERE}):
        status, said = start(**settings)
        assert (status, "WANGGE_DEMO=false" in said) == (2, True)


def test_a_demo_on_this_machine_and_a_deployment_anywhere_may_start() -> None:
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.9"):
        check_start(Settings(host=host, demo=True))
    check_start(Settings(host="0.0.0.0", demo=False))
    with pytest.raises(DemoBeyondLoopback):
        check_start(Settings(host="grid.example", demo=True))


def test_a_certificate_that_cannot_be_used_is_refused(start: Start, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    key.chmod(0o644)
    status, said = start(tls_cert=cert, tls_key=key)

    assert (status, str(key) in said) == (2, True)


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    name = databases.create()
    yield name
    databases.drop(name)


@pytest.fixture
def migrated(databases: Databases, template: str) -> Iterator[str]:
    """A database of its own: a start leaves the stamp of its keyring there."""
    name = databases.create(template=template)
    yield name
    databases.drop(name)


@pytest.mark.db
class TestWithADatabase:
    def test_a_keyring_that_was_lost_is_not_replaced(
        self, tmp_path: Path, databases: Databases, migrated: str
    ) -> None:
        keys = tmp_path / "keys.json"
        settings = databases.settings(migrated).model_copy(
            update={"demo": True, "home": tmp_path, "keys_file": keys}
        )
        with opened(settings):
            assert settings.demo_mark.exists()
        keys.unlink()

        with pytest.raises(KeysMissing), opened(settings):
            pass
        assert not keys.exists()

    def test_one_that_is_not_migrated_is_refused(
        self, start: Start, tmp_path: Path, databases: Databases, empty: str
    ) -> None:
        url = databases.settings(empty).database_url
        status, said = start(database_url=url, keys_file=keyring(tmp_path))

        assert (status, "wangge migrate" in said) == (2, True)

    def test_a_role_that_policies_do_not_bind_is_refused(
        self, start: Start, tmp_path: Path, databases: Databases, migrated: str
    ) -> None:
        url = databases.owner_url(migrated)
        status, said = start(database_url=url, keys_file=keyring(tmp_path))

        assert (status, "row policies" in said) == (2, True)

    @pytest.mark.parametrize("host", ["127.0.0.1", "203.0.113.9"])
    def test_an_address_that_cannot_be_had_is_refused(
        self, start: Start, tmp_path: Path, databases: Databases, migrated: str, host: str
    ) -> None:
        before = logging.root.handlers[:], logging.root.level
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            status, said = start(
                database_url=databases.settings(migrated).database_url,
                keys_file=databases.settings(migrated).keys_path,
                host=host,
                port=port,
            )

        assert (status, str(port) in said) == (2, True)
        # Nothing writes on to the standard error of a start that came to nothing.
        assert (logging.root.handlers, logging.root.level) == before


def test_a_database_that_is_not_there_is_refused(start: Start, tmp_path: Path) -> None:
    status, said = start(database_url=NOWHERE, keys_file=keyring(tmp_path))

    assert status == 2
    assert "hunter2" not in said


def test_a_command_without_a_database_does_not_wait_for_its_library(tmp_path: Path) -> None:
    """SQLAlchemy takes a seventh of the start of ``divide``."""
    told = "import sys; from api.cli.app import run; run(['divide']); print(*sys.modules)"

    ended = subprocess.run(
        [sys.executable, "-c", told],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=clean(tmp_path, {}),
        text=True,
    )

    loaded = ended.stdout.split()
    assert "geo.exchange.division.cases" in loaded
    assert "sqlalchemy" not in loaded
