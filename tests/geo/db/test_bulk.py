"""A frame that is copied into a table comes back as it was, however its values are written."""

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo.access.scope import Scope
from geo.db.bulk import stage
from geo.runtime import Runtime
from tests.world import seer

pytestmark = pytest.mark.db

# Between columns that need quotes, as in no order that COPY would ask for.
COLUMNS = {
    "name": "text",
    "shape": "geometry(Geometry,4326)",
    "size": "bigint",
    "secret": "bytea",
    "told": "boolean",
}
# A NUL no text of PostgreSQL holds; a lone \\N is what NULL is written as.
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0")).filter(lambda x: x != "\\N")
POINTS = st.builds(shapely.Point, st.integers(-180, 180), st.integers(-90, 90))
ROWS = st.lists(
    st.tuples(
        NAMES,
        st.none() | POINTS | st.just(shapely.box(0, 0, 1, 1)),
        st.none() | st.integers(-(2**40), 2**40),
        st.none() | st.binary(max_size=20),
        st.booleans(),
    ),
    max_size=6,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=ROWS)
@example(rows=[("\r", None, None, None, False), ("\\.\r\n", None, 1, b"\n", True)])
def test_what_is_staged_comes_back(runtime: Runtime, rows: list[tuple[object, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    frame["size"] = frame["size"].astype("Int64")
    query = text('SELECT name, ST_AsBinary(shape), size, secret, told FROM pg_temp."copied"')
    with runtime.work(seer(Scope.everything()), dry_run=True) as work:
        stage(work.session, "copied", COLUMNS, frame.iloc[:, ::-1])
        found = [tuple(row) for row in work.session.execute(query)]

    def plain(value: object) -> object:
        return bytes(value) if isinstance(value, memoryview) else value

    wanted = [(n, None if s is None else s.wkb, *rest) for n, s, *rest in rows]
    assert [tuple(map(plain, row)) for row in found] == wanted
