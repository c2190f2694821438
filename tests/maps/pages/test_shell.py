"""The shell of pages: words of the bar by role, what scripts are told, files that exist."""

import json
import re

import pytest

from geo.access.roles import Permission, Role
from geo.texts import Lang
from maps import assets
from maps.pages.audit import audit_page
from maps.pages.data_requests import data_requests_page
from maps.pages.login import login_page
from maps.pages.me import me_page
from maps.pages.people import people_page
from maps.pages.person_print import print_page
from maps.pages.shell import View, Viewer, bar_block, navigation, topbar
from maps.pages.users import users_page
from tests.maps import views

_IMPORT = re.compile(r"^import \{ ([\w, ]+) \} from '(\.[^']+)';$", re.MULTILINE)
HOSTILE = "</script><img src=x onerror=alert(1)>${7*7}{{7*7}}"


def pages(lang: Lang = "zh", name: str = "陶一禾") -> dict[str, str]:
    """Every page that is not a map, for somebody of that name."""
    viewer = views.viewer_of(Role.SYSTEM_ADMIN, name)
    view = View(lang, views.NONCE, assets.static_root(), demo=True, viewer=viewer)
    return {
        "login": login_page(views.view(lang)),
        "me": me_page(view),
        "users": users_page(view),
        "audit": audit_page(view),
        "people": people_page(view, kinds={"rented": name}, reveals=[]),
        "data-requests": data_requests_page(view),
        "print": print_page(view, 7, kinds={"rented": name}),
    }


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.GRID_WORKER, ["/", "/people", "/leaves", "/data-requests"]),
        (Role.STREET_DISPATCHER, ["/", "/editor", "/people", "/leaves", "/data-requests"]),
        (Role.VOLUNTEER, ["/", "/people"]),
        (Role.DEPARTMENT_OFFICER, ["/", "/leaves"]),
        (Role.SYSTEM_ADMIN, ["/", "/users"]),
        (Role.AUDIT_ADMIN, ["/", "/users", "/audit"]),
        (None, []),
    ],
)
def test_the_bar_has_words_for_what_may_be_opened(role: Role | None, words: list[str]) -> None:
    view = views.view(role=role)

    assert [item.href for item in navigation(view, "/")] == words


def test_the_bar_marks_where_one_is() -> None:
    items = navigation(views.view(role=Role.AUDIT_ADMIN), "/users")

    assert [item.href for item in items if item.current] == ["/users"]


def test_before_the_password_is_changed_the_bar_leads_nowhere() -> None:
    assert navigation(views.view(role=Role.SYSTEM_ADMIN), "/login") == []


def test_a_file_has_a_bar_that_leads_nowhere() -> None:
    bar = topbar(None, lang="en", search=True)

    assert 'href="#"' in bar
    assert "/login" not in bar
    assert "lang=" not in bar.replace("hreflang", "")


def test_the_other_language_keeps_what_the_address_says() -> None:
    view = views.view(address="/audit?action=sign_in&lang=zh&q=%E4%BA%8C")

    assert view.other_address == "/audit?action=sign_in&q=%E4%BA%8C&lang=en"


def test_scripts_are_told_what_one_may_and_never_the_token() -> None:
    block = json.loads(bar_block(views.view(role=Role.AUDIT_ADMIN)))

    assert Permission.AUDIT_READ in block["may"]
    assert block["csrf"] == views.CSRF
    assert set(block) == {"lang", "zone", "api", "csrf", "login", "idle_s", "may", "texts", "facts"}


def test_a_page_has_the_sentences_it_names_and_no_others() -> None:
    block = json.loads(bar_block(views.view("en"), texts=("me.",)))

    assert block["texts"]["pages.me.roles"] == "Roles and areas"
    assert [key for key in block["texts"] if key.startswith("pages.audit")] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_inline_runs_without_the_nonce(lang: Lang) -> None:
    for name, html in pages(lang).items():
        for tag, attributes in re.findall(r"<(script|style)\b([^>]*)>", html):
            inert = tag == "script" and ("data-block" in attributes or " src=" in attributes)
            assert inert or f'nonce="{views.NONCE}"' in attributes, name
        bare = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", html)
        tags = re.findall(r"<[a-z][^<>]*>", bare)
        assert [tag for tag in tags if re.search(r"\s(style|on\w+)=", tag)] == [], name


def test_every_file_a_page_asks_for_is_there() -> None:
    root = assets.static_root()
    for name, html in pages().items():
        asked = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
        assert len(asked) > 4, name
        for address in asked:
            assert (assets.FOLDER / address.removeprefix(f"{root}/")).is_file(), address


def test_a_name_is_shown_as_it_is() -> None:
    for name, html in pages(name=HOSTILE).items():
        assert html.count("<script") == html.count("</script"), name
        assert "<img" not in html, name
        assert "49" not in re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|/static/\w+", "", html), name


def test_only_the_first_letter_stands_for_a_name() -> None:
    assert '<b aria-hidden="true">陶</b>' in pages()["me"]


@pytest.mark.parametrize("name", ["users", "audit"])
def test_parts_that_write_are_absent_for_who_may_only_read(name: str) -> None:
    reads = Viewer("a", "甲", "", frozenset({Permission.ACCOUNTS_READ}), "", 0)
    view = View("zh", "n", "/static/x", viewer=reads)
    html = users_page(view) if name == "users" else audit_page(view)
    facts = json.loads(html.split('data-block="bar">')[1].split("</script>")[0])["facts"]

    assert 'id="add"' not in html
    assert facts["writes" if name == "users" else "reviews"] is False


def test_every_import_names_what_its_module_exports() -> None:
    for path in (assets.FOLDER / "js").rglob("*.js"):
        for names, target in _IMPORT.findall(path.read_text(encoding="utf-8")):
            module = (path.parent / target).resolve()
            exported = set(
                re.findall(
                    r"^export (?:async )?(?:function|class|const) (\w+)",
                    module.read_text(encoding="utf-8"),
                    re.MULTILINE,
                )
            )
            assert {name.strip() for name in names.split(",")} <= exported, (path.name, target)


def test_every_word_a_script_names_is_in_the_catalogue() -> None:
    known = set(json.loads(bar_block(views.view(), texts=("",)))["texts"])
    for path in (assets.FOLDER / "js").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"texts\.t\('([\w.]+)'", text)
        missing = [key for key in named if not {key, f"pages.{key}"} & known]
        assert missing == [], path.name
