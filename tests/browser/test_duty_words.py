"""Who answers, as the card says it: each person once, and the reason that is true of the first."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from maps import assets
from tests.maps.browsing import HOST, chromium, visit

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser, visit(browser, html="<p>") as made:
        made.page.goto(f"{HOST}/")
        yield made.page
        assert made.wrong == []


def run(page: Page, module: str, script: str, *facts: Any) -> Any:
    load = f"""async ([root, ...f]) => {{
      const m = await import(`${{root}}/js/core/{module}.js`); return {script}; }}"""
    return page.evaluate(load, [assets.static_root(), *facts])


def member(worker: str, via: str, *, primary: bool = False) -> dict[str, Any]:
    return {"worker_id": worker, "via": via, "primary": primary}


@pytest.mark.parametrize(
    ("team", "reason", "first", "nearer", "rest", "because"),
    [
        # Nobody answers first by the building: it does not come before the cell above.
        (
            [member("1", "parent_cell", primary=True), member("2", "building")],
            "building > parent_cell",
            "parent_cell",
            ["building"],
            [],
            "",
        ),
        ([member("1", "building", primary=True)], "building", "building", [], [], ""),
        (
            [member("1", "building"), member("2", "cell")],
            "building > cell",
            "building",
            [],
            ["cell"],
            "",
        ),
        ([member("3", "cell", primary=True)], "cell; substitute", "cell", [], [], "substitute"),
    ],
)
def test_the_reason_is_that_of_who_answers_first(
    page: Page,
    team: list[dict[str, Any]],
    reason: str,
    first: str,
    nearer: list[str],
    rest: list[str],
    because: str,
) -> None:
    told = run(page, "duty", "m.grounds(f[0])", {"team": team, "reason": reason})

    assert told == {"first": first, "nearer": nearer, "rest": rest, "because": because}


def test_who_answers_in_two_posts_stands_once(page: Page) -> None:
    team = [member("1", "cell", primary=True), member("2", "cell"), member("1", "parent_cell")]
    told = run(page, "duty", "m.persons(f[0]).map((d) => d.map((one) => one.via))", team)

    assert told == [["cell", "parent_cell"], ["cell"]]
