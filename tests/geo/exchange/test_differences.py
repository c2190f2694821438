import pandas as pd
import shapely

from geo.exchange.columns import Field, sheet
from geo.exchange.differences import completed, differences
from geo.exchange.report import Report
from geo.exchange.table import from_records
from geo.exchange.values import plain

FIELDS = (
    Field("code", ("code",), plain, key=True),
    Field("name", ("name",), plain, needed=True),
    Field("road", ("road",), plain, empty=""),
)


def test_a_column_the_file_lacks_stays_as_it_stands_and_is_empty_for_new_rows() -> None:
    report = Report()
    made = sheet(from_records("", [["code", "name"], ["a", "甲"], ["b", "乙"]]), FIELDS, report)
    old = pd.DataFrame({"name": ["旧", None], "road": ["人民路", None]}, dtype=object)

    rows = completed(made, FIELDS, old, old["name"].notna().to_numpy())

    assert rows["road"].tolist() == ["人民路", ""]
    assert rows["name"].tolist() == ["甲", "乙"]


def test_a_needed_column_is_missed_only_by_new_rows() -> None:
    table = from_records("", [["code", "road"], ["a", "x"], ["b", "y"]])
    old = pd.DataFrame({"name": ["甲", None], "road": ["x", None]}, dtype=object)
    whole, part = Report(), Report()

    completed(
        sheet(table, FIELDS, whole), FIELDS, old.ffill(), old.ffill()["name"].notna().to_numpy()
    )
    completed(sheet(table, FIELDS, part), FIELDS, old, old["name"].notna().to_numpy())

    assert [fault.key for fault in whole.faults] == []
    assert [(fault.column, fault.key) for fault in part.faults] == [("name", "missing_column")]


def test_rows_are_new_changed_or_unchanged() -> None:
    square, other = shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1)
    rows = pd.DataFrame({"name": ["a", "b", "c", None], "geometry": [square, square, square, None]})
    old = pd.DataFrame({"name": [None, "b", "x", None], "geometry": [None, square, square, other]})
    known = pd.Series([False, True, True, True]).to_numpy()

    step = differences(rows, old, known, ("name", "geometry"))

    assert step.new.tolist() == [True, False, False, False]
    assert step.changed.tolist() == [False, False, True, True]
    assert step.unchanged == 1
