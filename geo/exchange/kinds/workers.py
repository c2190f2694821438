"""Workers and what they answer for: a row a worker, or a row a worker and place.

Where a file has columns of assignments it says all a named worker answers for: what stands beyond
it ends now. Workers and assignments a file does not name stay.
"""

from functools import partial

import numpy as np
import pandas as pd

from geo.crypto.fields import DUTY_PHONE
from geo.exchange import standing, words
from geo.exchange.columns import Field, Sheet, sheet
from geo.exchange.differences import completed, differences, with_blind
from geo.exchange.kinds import assignments
from geo.exchange.kinds.codes import refuse_unknown
from geo.exchange.kinds.staged import Staged
from geo.exchange.run import Count, Run
from geo.exchange.table import Table
from geo.exchange.values import code, integer, plain, word, yes_no
from geo.workforce import service as workforce

_stairwell = partial(integer, low=1, high=100, units="单元")
_phone = partial(plain, longest=40)
_codes = partial(plain, longest=2000)

CODE = Field(
    "code",
    ("工号", "人员编号", "网格员编号", "worker_code", "code", "编号", "编码"),
    code,
    key=True,
)
ATTRIBUTES = (
    CODE,
    Field("name", ("姓名", "名字", "worker_name", "name"), plain, needed=True),
    Field(
        "duty_phone",
        ("值班电话", "联系电话", "电话", "手机", "duty_phone", "phone", "mobile"),
        _phone,
        empty="",
        protected=DUTY_PHONE,
    ),
    Field(
        "cell_code", ("所属网格", "所属社区编码", "所属单位编码", "cell_code", "employed_in"), code
    ),
)
DUTIES = (
    Field("grid_code", ("负责网格", "网格编码", "包保网格", "grid_code", "grid"), _codes),
    Field(
        "building_code", ("负责楼栋", "楼栋编号", "包保楼栋", "building_code", "building"), _codes
    ),
    Field("stairwell", ("负责单元", "单元", "stairwell"), _stairwell),
    Field("post", ("岗位", "职务", "角色", "post", "role"), plain),
    Field("primary", ("主责", "是否主责", "primary", "is_primary"), yes_no, empty=False),
)
FIELDS = ATTRIBUTES + DUTIES
_WRITTEN = ("name", "cell_code")


def check(run: Run, table: Table) -> Staged:
    """Return a table's workers, a row each as in the file; what is wrong is in the report."""
    made = sheet(table, _fields(run), run.report)
    if not made.has("code"):
        return Staged(made, pd.DataFrame())
    codes = made.values["code"]
    old = standing.workers(run.work.session, codes.dropna()).reindex(codes)
    known = old["name"].notna().to_numpy()
    rows = completed(made, ATTRIBUTES, old, known)
    cells = run.promised.get("cells", set()) | set(run.grid().index)
    if made.has("cell_code"):
        refuse_unknown(made, made.values["cell_code"], "cell_code", cells, "unknown_cell")
    _refuse_contradictions(made, rows)
    duties = assignments.of_rows(run, made, cells)
    if not made.has("cell_code"):
        rows["cell_code"] = _first_cells(rows, duties, known)
    return Staged(made, rows, duties=duties)


def write(run: Run, staged: Staged) -> list[Count]:
    """Write the workers that differ from what stands, then what they answer for."""
    once, duties = staged.rows.drop_duplicates("code"), staged.duties
    old = standing.workers(run.work.session, once["code"]).reindex(once["code"])
    compared, blinds = with_blind(staged.sheet, once, run.work.keyring)
    step = differences(compared, old, old["name"].notna().to_numpy(), [*_WRITTEN, *blinds])
    if step.written.any():
        workforce.add_workers(run.work, once[step.written])
    counts = [Count("workers", int(step.new.sum()), int(step.changed.sum()), step.unchanged)]
    return counts if duties is None else [*counts, assignments.write(run, duties, once["code"])]


def _fields(run: Run) -> tuple[Field, ...]:
    own = words.table(dict(standing.post_words(run.work.session)))
    parse = partial(word, words=words.POSTS | own)
    return tuple(
        Field(field.name, field.headers, parse) if field.name == "post" else field
        for field in FIELDS
    )


def _refuse_contradictions(made: Sheet, rows: pd.DataFrame) -> None:
    """Report rows in which a worker has another name, phone or cell than in the first row."""
    for name in ("name", "duty_phone", "cell_code"):
        if made.has(name):
            first = rows.groupby("code")[name].transform("first")
            differs = first.notna() & rows[name].notna() & (first != rows[name])
            made.refuse("worker_contradicts", differs, name)


def _first_cells(rows: pd.DataFrame, duties: pd.DataFrame | None, known: np.ndarray) -> pd.Series:
    """Return cells of workers the file does not place: as it stands, else of the first duty."""
    cells = rows["cell_code"].where(rows["cell_code"].notna(), None)
    if duties is None or duties.empty:
        return cells
    first = duties.dropna(subset="cell_code").drop_duplicates("worker_code")
    by_worker = first.set_index("worker_code")["cell_code"]
    return cells.where(known & cells.notna(), rows["code"].map(by_worker))
