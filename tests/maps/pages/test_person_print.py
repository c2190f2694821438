"""The sheet of a person: everything that is stored, in words, and nothing that runs."""

from geo.texts import Lang
from maps.pages.person_print import heading, print_file, sheet
from tests.maps import filed

ZONE = "Asia/Shanghai"


def lines(lang: Lang = "zh") -> dict[str, list[list[str]]]:
    sections = sheet(filed.person(), kinds=filed.KINDS, zone=ZONE, lang=lang)
    return {section.title: [list(row) for row in section.rows] for section in sections}


def test_it_says_who_made_it_when_and_for_whom() -> None:
    said = heading(filed.person(), zone=ZONE, lang="zh")

    assert said == "第 41235 户 · 2026-11-22 11:05 打印 · 王小雨（community_admin）"


def test_the_person_is_shown_in_clear_and_what_is_missing_by_a_dash() -> None:
    assert lines()["户主和住户"] == [
        ["户主姓名", "王知远"],
        ["电话", "13800005678"],
        ["证件号", "–"],
        ["住房性质", "自住"],
        ["人数", "3"],
        ["从哪天起", "2019-05-01"],
    ]


def test_the_dwelling_is_named_with_its_cells() -> None:
    assert lines()["住处"] == [
        ["地址", "新安街18号"],
        ["楼栋", "30号楼 (b30)"],
        ["户室", "2 单元 5 层 502"],
        ["所在网格", "相山区 › 东街道"],
    ]


def test_duties_and_requests_and_readers_are_in_words() -> None:
    found = lines()

    assert found["谁专门负责这一户"] == [["楼栋长", "骆平川", "2026-01-01 08:00", "–"]]
    assert found["您提过的要求"] == [
        [
            "2026-11-01 10:00",
            "更正",
            "手机号已更换; 电话: 13900001111",
            "2026-11-16",
            "已办",
            "已更正",
        ]
    ]
    assert found["谁看过或改过"] == [
        ["周若谷（grid_worker）", "查看完整信息", "2026-11-20", "2", "电话回访"],
        ["赵敏（zhao）", "更正个人信息", "2026-11-19 10:00", "1", "办理第 7 号请求"],
        ["系统：建立演示数据", "导入住户", "2026-11-19 10:00", "1", "–"],
        ["<b>${x}</b>", "of.old", "2026-11-19", "40", "–"],
    ]


def test_an_unknown_kind_post_or_action_is_shown_as_it_is_stored() -> None:
    found = sheet(filed.person(), kinds={}, zone=ZONE, lang="en")

    assert ("Dwelling held as", "owner_occupied") in found[0].rows


def test_the_file_asks_for_nothing_and_runs_nothing() -> None:
    html = print_file(filed.person(), kinds=filed.KINDS, zone=ZONE, lang="zh", demo=True)

    assert "<script" not in html
    assert "http:" not in html
    assert "https:" not in html
    assert "&lt;b&gt;${x}&lt;/b&gt;" in html
    assert "示意数据" in html


def test_an_empty_part_says_so() -> None:
    html = print_file(filed.person(bare=True), kinds={}, zone=ZONE, lang="zh")

    assert "没有提过要求。" in html
    assert "没有人看过或改过。" in html
    assert "示意数据" not in html
