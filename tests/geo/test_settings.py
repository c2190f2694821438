"""Settings: a wrong value is refused by its name, a secret is never named, a file may hold one."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from geo.settings import SettingRefused, Settings, SettingUnknown, check_names

WRONG = [
    ("POOL_SIZE", "0", "greater_than_equal"),
    ("POOL_SIZE", "many", "int_parsing"),
    ("PORT", "65536", "less_than_equal"),
    ("LANG", "fr", "literal_error"),
    ("CIPHER", "rot13", "literal_error"),
    ("SHOW_DUTY_PHONE", "maybe", "bool_parsing"),
    ("LOCK_TIMEOUT_S", "0", "greater_than"),
    ("LOCK_TIMEOUT_S", "soon", "float_parsing"),
    ("RATE_FACTOR", "nan", "less_than_equal"),
    ("TIME_ZONE", "Mars/Phobos", "zone"),
    ("TIME_ZONE", "../../etc/passwd", "zone"),
    ("TRUSTED_PROXIES", "10.0.0.1, proxy", "networks"),
    ("TRUSTED_PROXIES", "10.0.0.0/33", "networks"),
]


def refusal(**values: object) -> SettingRefused:
    with pytest.raises(ValidationError) as caught:
        Settings(**values)  # type: ignore[arg-type]  # wrong on purpose
    return SettingRefused.of(caught.value)


@pytest.mark.parametrize(("name", "value", "why"), WRONG)
def test_a_wrong_value_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    monkeypatch.setenv(f"WANGGE_{name}", value)
    found = refusal()

    assert (found.facts["name"], found.facts["value"]) == (f"WANGGE_{name}", value)
    assert found.facts["why"] == why
    for lang in ("zh", "en"):
        assert f"WANGGE_{name}" in found.message(lang)


@pytest.mark.parametrize(("given", "missing"), [("CERT", "KEY"), ("KEY", "CERT")])
def test_a_certificate_goes_with_its_key(
    monkeypatch: pytest.MonkeyPatch, given: str, missing: str
) -> None:
    monkeypatch.setenv(f"WANGGE_TLS_{given}", "some.pem")

    assert refusal().facts["name"] == f"WANGGE_TLS_{missing}"


def test_a_secret_is_never_named() -> None:
    found = refusal(database_url=17)

    assert "17" not in found.message("en")


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANGGE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WANGGE_DATABASE_URL_FILE", "/nowhere/url")

    assert refusal().facts["name"] == "WANGGE_DATABASE_URL_FILE"
    assert "/nowhere/url" in refusal().message("en")


def test_any_other_fault_has_a_sentence_too() -> None:
    assert refusal(home=3.5).message("en").startswith("the setting WANGGE_HOME")


def test_proxies_are_networks() -> None:
    found = Settings(trusted_proxies=" 192.0.2.1, 10.0.0.0/8,,2001:db8::/32 ").proxies

    assert [str(network) for network in found] == ["192.0.2.1/32", "10.0.0.0/8", "2001:db8::/32"]
    assert Settings().proxies == ()


def test_a_misspelt_variable_is_refused() -> None:
    with pytest.raises(SettingUnknown) as refused:
        check_names({"PATH": "/bin", "WANGGE_PORT": "1", "WANGGE_TLS_CRET": "x"})

    assert refused.value.facts == {"name": "WANGGE_TLS_CRET"}


def test_every_setting_and_what_the_launcher_reads_is_known() -> None:
    names = {f"WANGGE_{name.upper()}": "" for name in Settings.model_fields}

    check_names({**names, "WANGGE_DATABASE_URL_FILE": "", "WANGGE_WHEELS": "", "HOME": ""})


def test_the_home_may_hold_the_secret_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("postgresql://somebody\n", encoding="utf-8")
    monkeypatch.delenv("WANGGE_DATABASE_URL", raising=False)
    monkeypatch.setenv("WANGGE_DATABASE_URL_FILE", str(tmp_path / "url"))

    assert Settings().database_url == "postgresql://somebody"
