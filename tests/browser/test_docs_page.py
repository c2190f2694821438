"""The reference page in a real browser: it asks, shows the answer, and stays within its policy."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from geo.runtime import Runtime
from tests import world
from tests.maps.browsing import DESK, PHONE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.fixture
def address(runtime: Runtime) -> Iterator[str]:
    """A real server on the small town."""
    world.store(runtime)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(runtime), log_level="error", lifespan="off"))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listener]),))
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def opened(browser: Browser, url: str, size: tuple[int, int], wrong: list[str]) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", reduced_motion="reduce"
    )
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: said.type in ("error", "warning") and wrong.append(said.text))
    page.on("request", lambda asked: url.split("/docs")[0] in asked.url or wrong.append(asked.url))
    page.goto(url)
    return page


def test_a_route_can_be_tried(browser: Browser, address: str) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{address}/docs#read_cell", DESK, wrong)
    page.fill("#read_cell-code", "100A2")
    page.select_option("#read_cell-f", "geojson")
    page.click("#read_cell button")
    page.wait_for_selector("#read_cell .answer:not([hidden])")

    expect(page.locator("#read_cell .asked")).to_have_text("/api/v1/cells/100A2?f=geojson")
    expect(page.locator("#read_cell .status")).to_have_text(re.compile("^200"))
    expect(page.locator("#read_cell pre")).to_contain_text("下社区")
    page.context.close()
    assert wrong == []


def test_a_refusal_is_shown_as_text_in_the_language_of_the_page(
    browser: Browser, address: str
) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{address}/docs#list_cells", DESK, wrong)
    page.fill("#list_cells-level", "<img src=x onerror=alert(1)>")
    page.click("#list_cells button")
    page.wait_for_selector("#list_cells .answer:not([hidden])")

    expect(page.locator("#list_cells pre")).to_contain_text("须为整数")
    assert page.query_selector("#list_cells img") is None
    page.context.close()
    # The browser itself notes the 400 that was asked for.
    assert [line for line in wrong if "400" not in line] == []


def test_the_page_fits_a_phone(browser: Browser, address: str) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{address}/docs#list_households", PHONE, wrong)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    expect(page.locator("#list_households-limit")).to_be_visible()
    page.context.close()
    assert wrong == []
