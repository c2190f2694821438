"""Make room for what published boundary plans moved.

The body stands in ``migrations/sql/0009_keep_impacts.sql``, frozen: a migration once merged never
changes. Plans published before have no such row: what they moved is not known any more.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted, seen_with

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_TABLE = "plan_impact"


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0009_keep_impacts.sql").read_text(encoding="utf-8"))
    rights = granted(_TABLE, app_role, rights="SELECT, INSERT")
    for statement in (*seen_with(_TABLE, "boundary_plan", "plan_id"), *rights):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table(_TABLE)
