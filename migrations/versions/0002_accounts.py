"""Make accounts, the audit and requests of persons.

The bodies stand in ``migrations/sql/0002_*.sql``, frozen: a migration once merged never changes.
"""

from collections.abc import Iterator
from pathlib import Path

from alembic import context, op

from geo.db.policies import append_only, callable_by, granted, scoped, scoped_anew

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"

# Children after their parents; dropped in the reverse order.
_TABLES = (
    "account",
    "role_grant",
    "sign_in",
    "refresh_token",
    "api_key",
    "sign_in_failure",
    "idempotency_key",
    "audit_record",
    "audit_link",
    "audit_finding",
    "data_request",
)
_SCOPED_BEFORE = ("household", "worker", "assignment")
_LOGS = ("audit_record", "audit_link")
# The application may only add to the logs, and not choose a record's id, instant or transaction.
_RIGHTS = {
    "audit_record": "SELECT, INSERT (actor, account_id, action, outcome, subject_kind, subjects,"
    " count, area, reason, before, after, request_id, address)",
    "audit_link": "SELECT, INSERT",
    "audit_finding": "SELECT, INSERT, UPDATE (count, examples, given_by, reviewed_by, reviewed_at,"
    " remark)",
}
_FUNCTIONS = (
    "expire_audit_record(integer, text[], integer)",
    "expire_audit_finding(integer, integer)",
    "expire_sign_in(integer, integer)",
    "expire_refresh_token(integer, integer)",
    "expire_sign_in_failure(integer, integer)",
    "expire_idempotency_key(integer, integer)",
    "expire_job(integer, integer)",
    "expire_data_request(integer, integer)",
    "audit_record_on(text, bigint)",
)


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    for name in ("0002_accounts.sql", "0002_rights.sql", "0002_retention.sql"):
        op.get_bind().exec_driver_sql((_SQL / name).read_text(encoding="utf-8"))
    for statement in _guards(app_role):
        op.execute(statement)


def _guards(app_role: str) -> Iterator[str]:
    """Return the statements that say who may do what with the tables and functions."""
    yield from scoped("data_request")
    for table in _SCOPED_BEFORE:
        yield from scoped_anew(table)
    for table in _LOGS:
        yield from append_only(table)
    for table in _TABLES:
        yield from granted(table, app_role, rights=_RIGHTS.get(table, "SELECT, INSERT, UPDATE"))
    for function in _FUNCTIONS:
        yield from callable_by(function, app_role)


def downgrade() -> None:
    for function in _FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in reversed(_TABLES):
        op.drop_table(table)
    for column in ("erased_at", "objected_at"):
        op.drop_column("household", column)
    op.drop_index("ix_cell_version_cell_id")
