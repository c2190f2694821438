"""Make accounts, the audit and requests of persons.

The bodies stand in ``migrations/sql/0002_accounts.sql``, frozen: a migration once merged never
changes.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import append_only, granted, scoped

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
_LOGS = ("audit_record", "audit_link")


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0002_accounts.sql").read_text(encoding="utf-8"))
    for statement in scoped("data_request"):
        op.execute(statement)
    for table in _LOGS:
        for statement in append_only(table):
            op.execute(statement)
    for table in _TABLES:
        rights = "SELECT, INSERT" if table in _LOGS else "SELECT, INSERT, UPDATE"
        for statement in granted(table, app_role, rights=rights):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
