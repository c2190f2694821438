"""Somebody at the boundary editor: a plan of the small town, where its places are on the screen.

The small town of ``tests.world``: the community 100A2 has two grids side by side; b1 with 4
households and b2 with one stand in the west one, at 0.1 and 0.3 of the step from the corner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests import world
from tests.browser.journeys import Somebody, somebody
from tests.maps.browsing import DESK

Cookies = dict[str, list[Any]]
WEST, EAST = "100A2001", "100A2002"
ON_SCREEN = """([lon, lat]) => {
  const element = document.querySelector('.folium-map');
  const { x, y } = window[element.id].latLngToContainerPoint([lat, lon]);
  const box = element.getBoundingClientRect();
  return [x + box.left, y + box.top]; }"""


@contextmanager
def staff(
    browser: Browser,
    town: str,
    kept: Cookies,
    login: str,
    path: str,
    *,
    size: tuple[int, int] = DESK,
) -> Iterator[tuple[Somebody, Page]]:
    """Somebody of an office at a page of the editor."""
    with somebody(browser, town, size=size) as one:
        if login in kept:
            one.context.add_cookies(kept[login])
            page = one.go(path)
        else:
            page = one.sign_in(login, following=path)
            kept[login] = one.context.cookies()
        yield one, page


@contextmanager
def planning(browser: Browser, town: str, kept: Cookies) -> Iterator[tuple[Somebody, Page, str]]:
    """A community admin with a new plan of 100A2, ready to be drawn; the number of the plan."""
    with staff(browser, town, kept, "community_admin", "/editor?lang=zh") as (one, page):
        page.fill("#new-title", "调格")
        page.press("#new-title", "Enter")
        page.wait_for_url(lambda url: "plan=" in url)
        drawn(page)
        yield one, page, page.url.partition("plan=")[2]


def drawn(page: Page) -> None:
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    page.wait_for_load_state("networkidle")


def at(page: Page, east: float, north: float) -> tuple[float, float]:
    """Where a place of the town, in steps from its corner, is on the screen."""
    place = world.at(east, north)
    x, y = page.evaluate(ON_SCREEN, [place.x, place.y])
    return x, y


def drag(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
        # A frame: what the hand does is drawn once a frame.
        page.evaluate("new Promise(requestAnimationFrame)")


def counts(one: Somebody, plan: str) -> dict[str, int]:
    status, body = one.ask("GET", f"/plans/{plan}/coverage")
    assert status == 200
    return dict(zip(body["codes"], body["households"], strict=True))


def steps(page: Page) -> Any:
    return page.locator(".ops li:not(.off)")


@contextmanager
def renewed(page: Page) -> Iterator[None]:
    """What is done inside becomes a step: afterwards the cells on the page are those after it."""
    before = page.locator("body").get_attribute("data-revision")
    yield
    expect(page.locator("body")).not_to_have_attribute("data-revision", before or "")


DEED = """async ([path, body, revision]) => {
  const { api } = await import(document.querySelector('script[src$="js/shell/bar.js"]').src
    .replace('bar.js', 'session.js'));
  return api.post(path, body, { match: `"${revision}"` });
}"""


def deed(page: Page, plan: str, name: str, body: dict[str, Any], revision: int) -> Any:
    """Do something to a plan by the API, as the page's own scripts do."""
    return page.evaluate(DEED, [f"/plans/{plan}/{name}", body, revision])
