"""A plan's course on its page: two at one plan, outrun, approved, published, restored."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.grid.plans.job import publish_now
from geo.handlers import JOBS
from geo.jobs.loop import Loop
from geo.runtime import Runtime
from tests import world
from tests.browser.drawing import (
    EAST,
    WEST,
    Cookies,
    at,
    counts,
    deed,
    drawn,
    planning,
    staff,
    steps,
)
from tests.browser.journeys import Somebody
from tests.maps.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.db]


@pytest.mark.long
def test_two_editors_of_one_plan_do_not_overwrite_each_other(
    browser: Browser, town: str, kept: Cookies
) -> None:
    with (
        planning(browser, town, kept) as (_, first, plan),
        staff(browser, town, kept, "district_admin", f"/editor?plan={plan}&lang=zh") as (
            two,
            second,
        ),
    ):
        two.expected.add(412)
        drawn(second)
        first.keyboard.press("m")
        for place in ((0.7, 0.7), (0.3, 0.7)):
            first.mouse.click(*at(first, *place))
        first.keyboard.press("Enter")
        expect(steps(first)).to_have_count(1)
        second.keyboard.press("c")
        for place in ((-0.05, 0.3), (1.05, 0.3)):
            second.mouse.click(*at(second, *place))
        second.mouse.click(*at(second, 0.75, 0.3))
        second.keyboard.press("Escape")
        for place in ((-0.05, 0.3), (0.55, 0.3)):
            second.mouse.click(*at(second, *place))
        second.keyboard.press("Enter")
        expect(second.locator("#band")).to_contain_text("您的这一步没有存")
        expect(second.locator("#band")).to_contain_text("community_admin")
        second.get_by_role("button", name="用对方的").click()
        expect(steps(second)).to_have_count(1)
        expect(second.locator("#band")).to_be_hidden()
        assert counts(two, plan) == {EAST: 5}


def test_a_plan_outrun_by_another_is_told_and_begins_anew(
    browser: Browser, town: str, kept: Cookies, office: Runtime
) -> None:
    """Somebody else renames the west grid meanwhile, whose border this plan moves."""
    with planning(browser, town, kept) as (_, page, plan):
        moved = [[0.5, 0.2], [0.45, 0.5], [0.5, 0.8]]
        line = [[place.x, place.y] for place in (world.at(*one) for one in moved)]
        operation = {"op": "move_border", "cells": [WEST, EAST], "line": line}
        deed(page, plan, "operations", {"operations": [operation]}, 1)
        number = publish_renamed(browser, town, kept, office)
        page.reload()
        drawn(page)
        expect(page.locator("#band")).to_contain_text(f"第 {number} 版已发布")
        expect(page.locator("#band")).to_contain_text("第 1 网格")
        page.click("#go-rebase")
        expect(page.locator("#band")).to_be_hidden()
        expect(page.locator(".panel .head")).to_contain_text(f"基于第 {number} 版")
        expect(steps(page)).to_have_count(1)
        expect(steps(page)).to_contain_text("西网格")
        page.click("#withdraw")
        expect(page.locator("dialog")).to_contain_text("不再办理")
        page.click("dialog .go")
        expect(page.locator(".panel .foot")).to_contain_text("已撤回")
        expect(page.locator("#tools")).to_be_hidden()
        expect(page.locator("#withdraw")).to_have_count(0)


def begun(one: Somebody, operation: dict[str, Any]) -> str:
    """Begin another plan of the community beside the one on the page; its number."""
    status, made = one.ask("POST", "/plans", {"cell": "100A2", "title": "另一份"})
    assert status == 200
    deed(one.page, made["id"], "operations", {"operations": [operation]}, made["revision"])
    return str(made["id"])


def publish_renamed(browser: Browser, town: str, kept: Cookies, office: Runtime) -> int:
    """Publish another plan of the community, in which the west grid has another name."""
    with planning(browser, town, kept) as (one, page, plan):
        renamed = {"operations": [{"op": "rename", "cell": WEST, "name": "西网格"}]}
        revision = deed(page, plan, "operations", renamed, 1)["revision"]
        status, told = one.ask("GET", f"/plans/{plan}/problems")
        assert status == 200
        for code in [problem["code"] for problem in told["problems"] if problem["open"]]:
            excused = {"cell": code, "reason": "小镇只有这些户"}
            revision = deed(page, plan, "excuse", excused, revision)["revision"]
        revision = deed(page, plan, "submit", {}, revision)["revision"]
    with staff(browser, town, kept, "street_dispatcher", "/me?lang=zh") as (_, page):
        deed(page, plan, "approve", {}, revision)
    made = publish_now(office, int(plan))
    assert made is not None
    return made.number


def test_a_plan_is_checked_submitted_approved_by_somebody_else_and_published(
    browser: Browser, town: str, kept: Cookies, office: Runtime
) -> None:
    with planning(browser, town, kept) as (one, page, plan):
        outrun = begun(one, {"op": "rename", "cell": WEST, "name": "西边"})
        page.keyboard.press("m")
        for place in ((0.7, 0.7), (0.3, 0.7)):
            page.mouse.click(*at(page, *place))
        page.keyboard.press("Enter")
        expect(steps(page)).to_have_count(1)
        page.click("#go-check")
        page.click("#go-mend")
        page.click(".excuse")
        expect(page.locator("dialog")).to_contain_text("第 2 网格有 5 户")
        page.fill("#asked-for", "全社区只有五户")
        page.press("#asked-for", "Enter")
        expect(page.locator(".tag.excused")).to_have_count(1)
        page.click("#go-check")
        page.click("#go-submit")
        expect(page.locator(".waits")).to_contain_text("等另一位同事批准")
        expect(page.locator("#tools")).to_be_hidden()
    path = f"/editor?plan={plan}&lang=zh"
    with staff(browser, town, kept, "street_dispatcher", path, size=PHONE) as (_, page):
        drawn(page)
        expect(page.locator("#go-approve")).to_be_in_viewport()
        page.click("#go-approve")
        expect(page.locator("dialog")).to_contain_text("5 户")
        page.click("dialog .go")
        expect(page.locator(".waits")).to_contain_text("已批准")
        made = publish_now(office, int(plan))
        assert made is not None
        expect(page.locator(".notice.done")).to_contain_text(f"第 {made.number} 版", timeout=8000)
        expect(page.locator("#checked")).to_have_text("发布后的全面检查正在进行")
        while Loop(office, JOBS).run_one():
            pass
        # Building b4 of the town lies outside every cell.
        said = "发布后的全面检查发现 1 处问题：缝隙 0 平方米，重叠 0 平方米，上下级不符 0 平方米"
        expect(page.locator("#checked")).to_contain_text(said, timeout=8000)
    with staff(browser, town, kept, "community_admin", "/editor?lang=zh") as (one, page):
        expect(page.locator(f'.plans [href$="plan={plan}"] .published')).to_be_visible()
        expect(page.locator("#sum")).to_contain_text("1 网格")
        expect(page.locator("#history-title-said")).to_have_text("调格")
        page.fill("#version", "0")
        expect(page.locator("#band")).to_contain_text("正在看第 1 版的边界")
        expect(page.locator("#history-said")).to_contain_text("第 1 版")
        page.get_by_role("button", name="起草恢复方案").click()
        page.wait_for_url(lambda url: "plan=" in url)
        drawn(page)
        expect(steps(page)).to_contain_text("恢复第 1 版")
        assert counts(one, page.url.partition("plan=")[2].partition("&")[0]) == {WEST: 5, EAST: 0}
        page.fill("#version", "0")
        expect(page.locator("#band")).to_contain_text("正在看第 1 版的边界")
        expect(page.locator("#tools")).to_be_hidden()
        page.get_by_role("button", name="回到现在").click()
        expect(page.locator("#band")).to_be_hidden()
        expect(page.locator("#tools")).to_be_visible()
        goes_back_to_before_the_broken_step(one, page, outrun)


def goes_back_to_before_the_broken_step(one: Somebody, page: Page, plan: str) -> None:
    """The west grid that it renames is no more; why the one left may be small is remembered."""
    one.expected.add(409)
    page.goto(f"{one.home}/editor?plan={plan}&lang=zh")
    drawn(page)
    page.click("#go-rebase")
    expect(page.locator(".panel .foot .notice")).to_contain_text("网格改名为西边）在第")
    page.click("#go-back")
    expect(steps(page)).to_have_count(0)
    page.click("#go-rebase")
    expect(page.locator("#band")).to_be_hidden()
    expect(page.locator(".left-alone")).to_contain_text("全社区只有五户")
