import pytest

from geo.exchange.report import SHOWN, FileRefused, ImportRefused, Report
from geo.texts import catalogue


def test_a_report_without_faults_passes() -> None:
    report = Report()
    report.note("outside_every_cell", rows=[4, 2])

    report.check()

    assert report.notes[0].rows == (2, 4)


def test_the_first_thousand_faults_are_shown_in_the_order_of_the_file_and_all_are_counted() -> None:
    report = Report()
    report.refuse("not_a_number", rows=list(range(3000, 0, -1)), column="b")
    report.refuse("missing_value", rows=[2], column="a")

    shown = [(fault.row, fault.column) for fault in report.faults]

    assert report.total == 3001
    assert len(shown) == SHOWN
    assert shown[:3] == [(1, "b"), (2, "a"), (2, "b")]
    assert shown[-1] == (999, "b")


def test_each_row_may_have_facts_of_its_own() -> None:
    report = Report()
    report.refuse("code_twice", rows=[3, 5], facts=[{"first": 2}, {"first": 4}])

    assert "第 2 行" in report.faults[0].message("zh")
    assert "row 4" in report.faults[1].message("en")


def test_what_a_terminal_would_obey_is_shown_as_a_mark() -> None:
    report = Report()
    report.refuse("not_a_number", rows=[1], values=["\x1b[2Ja\u202eb"], column="\x07列")

    assert (report.faults[0].value, report.faults[0].column) == ("�[2Ja�b", "�列")


def test_long_values_are_cut() -> None:
    report = Report()
    report.refuse("not_a_number", rows=[1], values=["x" * 500])

    assert len(report.faults[0].value) == 60


def test_what_is_refused_is_raised_with_its_first_fault() -> None:
    report = Report()
    report.refuse("missing_value", rows=[7])

    with pytest.raises(ImportRefused) as refused:
        report.check()

    assert refused.value.report is report
    assert refused.value.message("en").endswith("this cell must not be empty; fill it in")


def test_a_refused_file_says_its_name_and_the_remedy() -> None:
    error = FileRefused("file_empty", file="a.csv")

    assert error.message("zh") == "不能使用 a.csv：文件是空的"


def test_every_sentence_names_a_remedy_or_a_fact_in_both_languages() -> None:
    lines = {k: v for k, v in catalogue().items() if k.startswith("exchange.")}

    assert len(lines) > 100
    assert all(len(line["zh"]) and len(line["en"]) for line in lines.values())
