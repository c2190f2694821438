"""Whether a database is reached with a password that anybody may guess."""

import pytest

from api.starting import WeakDatabasePassword, check_start
from geo.settings import Settings

STRONG = "postgresql://wangge_app:8fJq2mVx0Lw4@db.example/wangge"


def check(url: str, owner: str | None = None) -> None:
    check_start(Settings(database_url=url, database_owner_url=owner, demo=False))


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGPASSWORD", "PGPASSFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://wangge_app@db.example/wangge",
        "postgresql://wangge_app:@db.example/wangge",
        "postgresql://wangge_app:postgres@db.example/wangge",
        "postgresql://wangge_app:Postgres@192.0.2.7/wangge",
        "postgresql://wangge_app:wangge@db.example/wangge",
        "postgresql://someone:someone@db.example/wangge",
        "postgresql://someone@/wangge?host=db.example",
    ],
)
def test_over_the_network_a_password_nobody_guesses_is_needed(url: str) -> None:
    with pytest.raises(WeakDatabasePassword) as refused:
        check(url)
    with pytest.raises(WeakDatabasePassword, match="OWNER"):
        check(STRONG, url)

    assert refused.value.facts["name"] == "WANGGE_DATABASE_URL"
    assert "postgres" not in refused.value.facts.values()


@pytest.mark.parametrize(
    "url",
    [
        STRONG,
        "postgresql://wangge_app@127.0.0.1/wangge",
        "postgresql://wangge_app@localhost/wangge",
        "postgresql://wangge_app@[::1]/wangge",
        "postgresql://wangge_app@/wangge",
        "postgresql://wangge_app@/wangge?host=/var/run/postgresql",
        "postgresql://wangge_app@db.example/wangge?sslcert=/etc/client.pem",
        "postgresql://wangge_app@db.example/wangge?passfile=/etc/pgpass",
    ],
)
def test_this_machine_certificates_and_password_files_are_the_operators(url: str) -> None:
    check(url, url)


def test_a_password_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "8fJq2mVx0Lw4")
    check("postgresql://wangge_app@db.example/wangge")
    monkeypatch.setenv("PGPASSWORD", "postgres")
    with pytest.raises(WeakDatabasePassword):
        check("postgresql://wangge_app@db.example/wangge")
