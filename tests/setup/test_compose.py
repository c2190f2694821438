"""docker-compose.yml and Dockerfile, where no Docker engine runs: schema, names, files.

``compose-spec.json`` is the schema of github.com/compose-spec/compose-spec at commit 170098b,
Apache-2.0.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from api.cli.app import COMMANDS
from geo.db.cluster_process import server_options
from geo.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
INSTRUCTIONS = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(r"\\\n\s*", " ", DOCKERFILE).splitlines()
    if line and not line.startswith("#")
]


def instructions(name: str) -> list[str]:
    return [rest for word, rest in INSTRUCTIONS if word == name]


def mounts(service: dict[str, Any]) -> list[list[str]]:
    return [volume.split(":") for volume in service.get("volumes", [])]


def test_the_file_is_valid_by_the_compose_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(COMPOSE)


def test_the_schema_does_refuse() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text(encoding="utf-8"))
    wrong = {"services": {"api": {"image": "x", "healthchek": {}}}}
    assert not jsonschema.Draft7Validator(schema).is_valid(wrong)


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_the_programs(name: str) -> None:
    assert SERVICES[name]["command"][0] in COMMANDS


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting(name: str) -> None:
    settings = {f"WANGGE_{field.upper()}" for field in Settings.model_fields}
    for variable in SERVICES[name].get("environment", {}):
        assert variable.removesuffix("_FILE") in settings


def test_the_settings_do_read_the_secrets_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = SERVICES["migrate"]["environment"]
    for name in names:
        (tmp_path / name).write_text(f"postgresql://{name.lower()}\n")
        monkeypatch.delenv(name.removesuffix("_FILE"), raising=False)
        monkeypatch.setenv(name, str(tmp_path / name))
    settings = Settings()
    assert settings.database_url == "postgresql://wangge_database_url_file"
    assert settings.database_owner_url == "postgresql://wangge_database_owner_url_file"


def test_every_mounted_file_is_in_the_repository() -> None:
    sources = [mount[0] for service in SERVICES.values() for mount in mounts(service)]
    files = [source for source in sources if source.startswith(".")]
    assert files
    assert all((ROOT / file).is_file() for file in files)
    assert {source for source in sources if not source.startswith(".")} == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_is_a_file_that_is_made_and_mounted_there(name: str) -> None:
    script = (ROOT / "docker" / "secrets.sh").read_text(encoding="utf-8")
    made = set(re.findall(r"/secrets/\w+/\w+", script.replace("${name}", "admin")))
    targets = [mount[1] for mount in mounts(SERVICES[name])]
    for variable, value in SERVICES[name].get("environment", {}).items():
        if variable.endswith("_FILE"):
            assert value in made
            assert str(Path(value).parent) in targets


def test_only_the_migration_sees_the_owners_secret_and_only_the_database_the_passwords() -> None:
    def readers(volume: str) -> set[str]:
        return {n for n, s in SERVICES.items() if any(m[0] == volume for m in mounts(s))}

    assert readers("owner-secrets") == {"secrets", "migrate"}
    assert readers("database-secrets") == {"secrets", "db"}
    assert all(
        mount[2:] == ["ro"]
        for name, service in SERVICES.items()
        for mount in mounts(service)
        if name != "secrets" and mount[0].endswith("-secrets")
    )


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "PASSWORD:" not in text
    assert "postgresql://" not in text


def test_each_waits_for_what_it_needs() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert healthy == ("healthcheck" in SERVICES[other]), (name, other)
    assert "migrate" in SERVICES["api"]["depends_on"]


def test_the_keys_are_made_before_anything_that_needs_them_and_stay() -> None:
    keys = SERVICES["keys"]

    assert keys["command"] == ["keys", "new", "--if-missing"]
    assert "keys" in SERVICES["migrate"]["depends_on"]
    for name in ("api", "demo"):
        assert "migrate" in SERVICES[name]["depends_on"]
    for name in ("keys", "migrate", "api", "demo"):
        assert "home:/var/lib/wangge" in SERVICES[name]["volumes"]


def test_a_demo_has_to_be_asked_for() -> None:
    for name in ("api", "demo"):
        assert SERVICES[name]["environment"]["WANGGE_DEMO"] == "${WANGGE_DEMO:-false}"
    for name in ("keys", "migrate"):
        assert "WANGGE_DEMO" not in SERVICES[name].get("environment", {})


def test_variables_that_are_not_set_reach_the_settings_as_unset(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in SERVICES["api"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value)))
    monkeypatch.delenv("WANGGE_DATABASE_URL_FILE")
    monkeypatch.setenv("WANGGE_LANG", "")
    settings = Settings()

    assert (settings.demo, settings.is_demo) == (False, False)
    assert (settings.proxies, settings.port, settings.lang) == ((), 8000, "zh")


def test_nothing_listens_beyond_this_machine() -> None:
    for service in SERVICES.values():
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
        if service.get("network_mode") == "host":
            assert service.get("environment", {}).get("WANGGE_HOST", "127.0.0.1") == "127.0.0.1"
    assert Settings.model_fields["host"].default == "127.0.0.1"


def test_the_database_has_the_settings_of_the_private_cluster(tmp_path: Path) -> None:
    own = dict(
        re.findall(r"-c (\w+)='([^']*)'", server_options(port=1, tests=False, zone_files=tmp_path))
    )
    own["timezone"] = "Asia/Shanghai"
    given = dict(option.removeprefix("-c").split("=") for option in SERVICES["db"]["command"][1:])
    assert given == {name: own[name] for name in given}
    assert {"jit", "shared_buffers", "max_connections"} <= given.keys()


def test_the_image_copies_what_is_there_and_runs_the_program() -> None:
    for copied in instructions("COPY"):
        source = copied.split()[0]
        assert (ROOT / source).exists(), source
        assert f"!{source}" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert json.loads(instructions("ENTRYPOINT")[0])[-1] == "api.cli"
    assert json.loads(instructions("CMD")[0])[0] in COMMANDS


def test_every_package_of_the_program_is_in_the_image() -> None:
    copied = {line.split()[0] for line in instructions("COPY")}
    assert {"api", "geo", "maps", "migrations", "requirements.lock"} == copied


def test_build_arguments_and_variables_of_the_image_exist() -> None:
    declared = {line.split("=")[0] for line in instructions("ARG")}
    for name in OURS:
        assert set(SERVICES[name]["build"]["args"]) <= declared
    settings = {f"WANGGE_{field.upper()}" for field in Settings.model_fields}
    assert set(re.findall(r"WANGGE_\w+(?==)", " ".join(instructions("ENV")))) <= settings


def test_images_are_pinned_by_version() -> None:
    images = {service["image"] for service in SERVICES.values()} | set(instructions("FROM"))
    assert all(re.search(r":[0-9]", image) for image in images)


def test_the_health_check_asks_for_readiness_where_the_server_listens() -> None:
    check = SERVICES["api"]["healthcheck"]["test"]
    compile(check[3], "healthcheck", "exec")
    assert "/readyz" in check[3]
    assert set(re.findall(r"WANGGE_\w+", check[3])) <= SERVICES["api"]["environment"].keys()


def run_script(name: str, folder: Path, **env: str) -> None:
    """Run a script of the containers with its folders below another one."""
    text = (ROOT / "docker" / name).read_text(encoding="utf-8")
    copy = folder / name
    copy.write_text(
        text.replace("/secrets/", f"{folder}/secrets/").replace("/wangge/", f"{folder}/")
    )
    path = f"{folder}:{os.environ['PATH']}"
    subprocess.run(["sh", copy], env={"PATH": path, **env}, check=True)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    for name in ("database", "owner", "application"):
        (tmp_path / "secrets" / name).mkdir(parents=True)
    run_script("secrets.sh", tmp_path, DATABASE_PORT="54321")
    return tmp_path / "secrets"


def test_secrets_are_made_once_and_urls_follow_the_port(secrets: Path) -> None:
    passwords = {path.name: path.read_text() for path in (secrets / "database").iterdir()}
    assert len(set(passwords.values())) == 3
    assert all(re.fullmatch(r"[\w-]{32}", password) for password in passwords.values())
    run_script("secrets.sh", secrets.parent, DATABASE_PORT="5")
    assert passwords == {p.name: p.read_text() for p in (secrets / "database").iterdir()}
    url = (secrets / "application" / "database_url").read_text()
    assert url == f"postgresql://wangge_app:{passwords['app_password']}@127.0.0.1:5/wangge\n"


def test_the_database_is_made_by_the_sql_of_the_private_cluster(secrets: Path) -> None:
    folder = secrets.parent
    roles = (ROOT / "geo" / "db" / "cluster_roles.sql").read_text(encoding="utf-8")
    (folder / "cluster_roles.sql").write_text(roles)
    (folder / "psql").write_text(f'#!/bin/sh\necho "$@" >{folder}/args\ncat >{folder}/sql\n')
    (folder / "psql").chmod(0o755)
    run_script("database.sh", folder, POSTGRES_USER="wangge_admin")
    owner = (secrets / "database" / "owner_password").read_text()
    app = (secrets / "database" / "app_password").read_text()
    sets = f"\\set owner_password '{owner}'\n\\set app_password '{app}'\n"
    assert (folder / "sql").read_text() == sets + roles
    assert owner not in (folder / "args").read_text()
