"""Pages in a real Chromium without a server: requests are answered from memory and counted."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from maps import assets
from maps.render import content_policy

HOST = "http://wangge.test"
# The one without windows takes a quarter of the processor time for a page.
PROGRAMS = ("chromium-headless-shell", "chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK, PHONE = (1440, 900), (390, 844)
# What fits a phone is looked at on a desk too, in the long run.
SIZES = pytest.mark.parametrize(
    "size", [pytest.param(DESK, id="desk", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = os.environ.get("WANGGE_CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, what it asked for elsewhere, and what went wrong in it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def visit(
    browser: Browser,
    *,
    size: tuple[int, int] = DESK,
    html: str = "",
    answers: dict[str, Any] | None = None,
    nonce: str = "n0nce",
) -> Iterator[Visit]:
    """A page that serves ``html`` at ``/``, static files, and JSON ``answers`` by path."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    made = Visit(context.new_page())
    made.page.on("pageerror", lambda error: made.wrong.append(f"error: {error}"))
    made.page.on("dialog", lambda dialog: (made.wrong.append("dialog"), dialog.dismiss()))
    made.page.on("console", lambda said: said.type == "error" and made.wrong.append(said.text))
    served = _Served(made, html, answers or {}, nonce)
    context.route("**/*", served.answer)
    yield made
    context.close()


@dataclass
class _Served:
    visit: Visit
    html: str
    answers: dict[str, Any]
    nonce: str

    def answer(self, route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in ("data", "blob", "file"):
            route.continue_()
        elif f"{url.scheme}://{url.netloc}" != HOST:
            self.visit.outside.append(route.request.url)
            route.abort()
        else:
            self.inside(route, url.path, f"{url.path}?{url.query}")

    def inside(self, route: Route, path: str, whole: str) -> None:
        root = f"{assets.static_root()}/"
        if path == "/":
            policy = {"Content-Security-Policy": content_policy(self.nonce)}
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=policy)
        elif path.startswith(root) and (assets.FOLDER / path.removeprefix(root)).is_file():
            route.fulfill(path=assets.FOLDER / path.removeprefix(root))
        elif path in self.answers:
            self.visit.asked.append(whole)
            status, body = self.answers[path]
            route.fulfill(status=status, json=body)
        else:
            self.visit.wrong.append(f"not found: {whole}")
            route.fulfill(status=404, body="")


def opened(made: Visit, address: str = f"{HOST}/") -> Page:
    """Go to a map and wait until it is drawn."""
    made.page.goto(address)
    made.page.wait_for_selector("body[data-ready]", timeout=10_000)
    return made.page


def as_file(folder: Path, html: str) -> str:
    path = folder / "town.html"
    path.write_text(html, encoding="utf-8", newline="")
    return path.as_uri()


ZOOM_TO = "zoom => window[document.querySelector('.folium-map').id].setZoom(zoom)"
