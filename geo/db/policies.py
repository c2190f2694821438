"""The one row policy of scoped tables: a row is seen when its path lies in the actor's areas.

The setting ``wangge.scope`` holds the areas of the running transaction: path prefixes joined by
``|``, ``*`` for everything, nothing for nothing. The policy is the second guard; each query also
carries the range itself, because the planner uses an index only for that one
(``docs/decisions/0008-row-scope.md`` has the figures). Only migrations call this module.
"""

SCOPE_SETTING = "wangge.scope"
LOG_SETTING = "wangge.log"

# Tables with a path column under the row policy; all of them hold people.
SCOPED = ("household", "worker", "assignment", "data_request", "worker_leave")

# By which those are found: copies of their names in pieces, which triggers alone write.
WORDS = ("worker_word",)

# Under the same policy, and nobody's data: plans of the grid; and what is seen with its plan.
OF_AREAS = ("boundary_plan",)
OF_PLANS = ("plan_operation", "plan_excuse", "plan_impact")

# A setting is read in a subquery of its own: once a statement, not once a row, and the planner does
# not take it for a condition that hardly any row meets.
_SCOPE = f"NULLIF(current_setting('{SCOPE_SETTING}', true), '')"
_VISIBLE = (
    f"(SELECT {_SCOPE} = '*') OR EXISTS ("
    f"SELECT FROM unnest((SELECT string_to_array({_SCOPE}, '|'))) AS area "
    'WHERE path >= area COLLATE "C" AND path < (left(area, -1) || \'/\') COLLATE "C")'
)


def scoped(table: str) -> list[str]:
    """Return the statements that put a table with a ``path`` column under the row policy."""
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY in_scope ON "{table}" FOR ALL USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})',
    ]


def scoped_anew(table: str) -> list[str]:
    """Return the statements that give a table under the row policy the policy of now."""
    return [f'ALTER POLICY in_scope ON "{table}" USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})']


def seen_with(table: str, parent: str, column: str) -> list[str]:
    """Return the statements that show a row to whoever sees the row of another table it is of."""
    seen = f'EXISTS (SELECT FROM "{parent}" WHERE "{parent}".id = "{table}"."{column}")'
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY with_parent ON "{table}" FOR ALL USING ({seen}) WITH CHECK ({seen})',
    ]


def append_only(table: str) -> list[str]:
    """Return the statements that let a log be added to, and read only by who says so."""
    reading = f"(SELECT NULLIF(current_setting('{LOG_SETTING}', true), '') = 'read')"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY added ON "{table}" FOR INSERT WITH CHECK (true)',
        f'CREATE POLICY read_as_log ON "{table}" FOR SELECT USING ({reading})',
    ]


def granted(table: str, role: str, *, rights: str = "SELECT, INSERT, UPDATE") -> list[str]:
    """Return the statements that let the application role use a table; rows are never deleted."""
    return [f'GRANT {rights} ON "{table}" TO "{role}"']


def callable_by(function: str, role: str) -> list[str]:
    """Return the statements that let one role alone call a function, given with its types."""
    return [
        f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
        f'GRANT EXECUTE ON FUNCTION {function} TO "{role}"',
    ]
