"""The reference page: whole without network and scripts, nothing in it runs that should not."""

import re
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.docs_page import refusals
from geo.runtime import Runtime
from geo.settings import Settings
from tests.api.client import Client


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(Runtime(Settings(database_url="postgresql://nobody@127.0.0.1:9/none")))


@pytest.fixture
def client(app: FastAPI) -> Client:
    return Client(app)


class Parts(HTMLParser):
    """What a page links to, and the ids in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := given.get(name))]
        self.ids += [value for value in [given.get("id")] if value]
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag in ("style",) or (tag == "script" and "src" not in given):
            self.inline.append(tag)


def test_the_page_asks_for_nothing_from_elsewhere(client: Client) -> None:
    parts = Parts(client.get("/docs").text)

    assert [link for link in parts.links if re.match(r"(https?:)?//", link)] == []
    for link in {link for link in parts.links if link.startswith("/docs/")}:
        assert client.get(link).status_code == 200
    assert "url(" not in client.get("/docs/docs.css").text


def test_the_page_has_no_inline_script_or_style(client: Client) -> None:
    response = client.get("/docs")

    assert Parts(response.text).inline == []
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_every_id_is_there_once_and_every_link_within_leads_somewhere(client: Client) -> None:
    parts = Parts(client.get("/docs").text)

    assert len(parts.ids) == len(set(parts.ids))
    inside = {link[1:] for link in parts.links if link.startswith("#")}
    assert inside <= set(parts.ids)


def test_the_type_of_a_problem_leads_to_its_row(client: Client) -> None:
    ids = set(Parts(client.get("/docs").text).ids)

    assert client.get("/nope").json()["type"].removeprefix("/docs#") in ids
    assert {refusal.code for refusal in refusals("en")} <= ids


@pytest.mark.parametrize(("asked", "lang"), [("?lang=zh", "zh-CN"), ("?lang=en", "en"), ("", "en")])
def test_the_language_is_the_one_asked_for(client: Client, asked: str, lang: str) -> None:
    page = client.get(f"/docs{asked}").text

    assert f'<html lang="{lang}">' in page


def test_the_page_stands_below_the_api_too(client: Client) -> None:
    assert client.get("/api/v1/docs").text == client.get("/docs").text


def test_the_description_comes_in_the_language_of_the_client(client: Client) -> None:
    english = client.get("/api/v1/openapi.json")
    chinese = client.get("/api/v1/openapi.json", accept_language="zh-CN")

    assert english.json()["info"]["title"] == "Wangge API"
    assert chinese.json()["info"]["title"] == "网格 Wangge 接口"
    assert chinese.headers["content-language"] == "zh"
    assert "Accept-Language" in chinese.headers["vary"]
