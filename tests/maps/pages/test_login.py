"""The door: where it leads, what it offers in a demo and nowhere else."""

import json

import pytest

from geo.access.roles import Role
from geo.texts import catalogue
from maps.pages.login import DemoAccount, login_page, own_path
from tests.maps import views

DEMO = DemoAccount("grid_worker", "网格员", "沈知夏", "第 6 网格", "本网格")


def facts(html: str) -> dict[str, object]:
    block = json.loads(html.split('data-block="bar">')[1].split("</script>")[0])
    found: dict[str, object] = block["facts"]
    return found


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/", "/"),
        ("/audit?from=2026-11-01&action=sign_in", "/audit?from=2026-11-01&action=sign_in"),
        ("/users#grid_worker", "/users#grid_worker"),
        ("/?cell=100A2", "/?cell=100A2"),
        ("", "/"),
        ("users", "/"),
        ("//elsewhere.example", "/"),
        ("///elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/x\\elsewhere.example", "/"),
        ("\\/elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("/\n/elsewhere.example", "/"),
        ("https://elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/ /elsewhere.example", "/"),
        ("/\u2028", "/"),
        ("/login", "/"),
        ("/login?next=/login", "/"),
    ],
)
def test_only_own_paths_are_followed(asked: str, leads: str) -> None:
    assert own_path(asked) == leads


def test_a_demo_offers_its_accounts() -> None:
    html = login_page(views.view(), demo=[DEMO], demo_password="wangge-demo")

    assert 'data-login="grid_worker"' in html
    assert facts(html)["demo_password"] == "wangge-demo"


def test_elsewhere_there_is_no_account_to_press() -> None:
    html = login_page(views.view())

    assert "data-login" not in html
    assert facts(html)["demo_password"] == ""


def test_where_nobody_can_sign_in_there_is_no_form_and_a_reason() -> None:
    html = login_page(views.view(), refused="这个连接没有加密")

    assert "<form" not in html
    assert "这个连接没有加密" in html


def test_a_browser_that_runs_no_script_never_puts_a_password_into_an_address() -> None:
    form = login_page(views.view()).split("<form")[1].split(">")[0]

    assert 'method="post"' in form


def test_passwords_are_known_to_password_managers() -> None:
    html = login_page(views.view())

    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html


def test_every_role_says_what_it_sees() -> None:
    silent = (Role.ANONYMOUS, Role.SYSTEM_CLIENT)
    keys = {f"pages.login.sees.{role}" for role in Role if role not in silent}

    assert keys - set(catalogue()) == set()
