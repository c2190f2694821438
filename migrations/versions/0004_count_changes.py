"""Count what changes in the grid and the roster, so that processes know when to read it again.

The body stands in ``migrations/sql/0004_changes.sql``, frozen: a migration once merged never
changes.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_WATCHED = ("publication", "post", "worker", "assignment")


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0004_changes.sql").read_text(encoding="utf-8"))
    for statement in granted("change_count", app_role, rights="SELECT"):
        op.execute(statement)


def downgrade() -> None:
    for table in _WATCHED:
        op.execute(f"DROP TRIGGER count_change ON {table}")
    op.execute("DROP FUNCTION count_change()")
    op.drop_table("change_count")
