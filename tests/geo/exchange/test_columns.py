import pytest

from geo.exchange.columns import Field, Sheet, recognised, sheet
from geo.exchange.report import Report
from geo.exchange.table import from_records
from geo.exchange.values import code, integer, plain

FIELDS = (
    Field("code", ("楼栋编号", "building_code", "code"), code, key=True),
    Field("name", ("楼栋名称", "name"), plain, empty=""),
    Field("floors", ("层数", "floors"), lambda text: integer(text, low=0, high=200), empty=0),
)


def read(*rows: list[object]) -> tuple[Sheet, Report]:
    report = Report()
    return sheet(from_records("", rows), FIELDS, report), report


def told(report: Report) -> list[tuple[int, str, str, str]]:
    return [(fault.row, fault.column, fault.value, fault.key) for fault in report.faults]


def test_headers_in_both_languages_fill_the_same_fields() -> None:
    chinese, _ = read(["楼栋编号", "楼栋名称", "层数"], ["b1", "一号楼", "6"])
    english, _ = read(["Building Code", "NAME", "floors"], ["b1", "一号楼", "6"])

    assert chinese.values.equals(english.values)


@pytest.mark.parametrize(
    "header", ["楼栋编号*", " 楼栋编号（必填） ", "楼栋编号 [文本]", "Ｃｏｄｅ", "building-code:"]
)
def test_a_header_is_known_with_stars_remarks_and_full_width(header: str) -> None:
    made, report = read([header], ["b1"])

    assert made.has("code")
    assert told(report) == []


def test_the_header_row_is_found_below_a_title_and_rows_keep_their_numbers() -> None:
    made, report = read(
        ["某某社区楼栋台账"], [], ["楼栋编号", "层数"], ["b1", "6"], [], ["b2", "x"]
    )

    assert made.values["code"].to_dict() == {4: "b1", 6: "b2"}
    assert told(report) == [(6, "层数", "x", "not_a_number")]


def test_under_a_merged_header_the_text_above_counts() -> None:
    made, _ = read(["楼栋编号", "基本情况", ""], ["", "楼栋名称", "层数"], ["b1", "一号楼", "6"])

    assert made.values.iloc[0].to_dict() == {"code": "b1", "name": "一号楼", "floors": 6}


def test_a_missing_column_names_the_headers_that_would_do() -> None:
    _, report = read(["栋", "层数"], ["b1", "6"])

    (fault,) = report.faults
    assert (fault.row, fault.key) == (0, "missing_column")
    assert "楼栋编号 / building_code / code" in fault.message("zh")
    assert "栋" in fault.message("en")


def test_columns_nobody_asked_for_are_listed() -> None:
    made, _ = read(["code", "备注", "", "x"], ["b1", "", "", ""])

    assert made.ignored == ("备注", "x")


def test_of_two_columns_for_a_field_the_preferred_alias_wins() -> None:
    made, _ = read(["code", "楼栋编号"], ["short", "long"])

    assert made.values["code"].tolist() == ["long"]
    assert made.ignored == ("code",)


def test_an_empty_key_is_a_fault_and_another_empty_cell_its_default() -> None:
    made, report = read(["code", "floors"], ["", "6"], ["b2", ""])

    assert told(report) == [(2, "code", "", "missing_value")]
    assert made.values["floors"].tolist() == [6, 0]


def test_every_fault_of_every_row_is_found() -> None:
    _, report = read(["code", "floors"], ["3.4E+11", "-1"], ["b2", "six"], ["b3", "6.5"])

    assert told(report) == [
        (2, "code", "3.4E+11", "digits_lost"),
        (2, "floors", "-1", "out_of_range"),
        (3, "floors", "six", "not_a_number"),
        (4, "floors", "6.5", "not_whole"),
    ]


def test_a_value_beyond_the_header_is_a_fault() -> None:
    _, report = read(["code", "name"], ["b1", "a", "stray"])

    assert told(report) == [(2, "", "", "value_without_header")]


def test_a_table_without_rows_is_a_fault() -> None:
    _, report = read(["code", "name"])

    assert [fault.key for fault in report.faults] == ["no_rows"]


@pytest.mark.parametrize(
    "header", ["'; DROP TABLE building; --", "{0.__class__}", "%s", "<b>x</b>", "\u202e编号"]
)
def test_a_hostile_header_is_only_a_name(header: str) -> None:
    made, report = read([header, "code"], ["x", ""])

    assert made.ignored == (header,)
    report.note("columns_ignored", count=1, names=made.ignored[0])
    assert report.notes[0].message("zh").startswith("忽略了 1 列：")
    assert [fault.message("zh") for fault in report.faults] == ["这一格不能为空；请填写"]


def test_recognised_counts_fields_not_headers() -> None:
    assert recognised(["code", "楼栋编号", "层数"], FIELDS) == 2


def test_many_flaws_in_one_column_take_linear_time() -> None:
    rows = [[f"b{row}", f"x{row}"] for row in range(50_000)]

    _, report = read(["code", "floors"], *rows)

    assert (report.total, len(report.faults)) == (50_000, 1000)
    assert [fault.row for fault in report.faults[:2]] == [2, 3]
