"""Make room for boundary plans, their operations and the excuses of cells that break a rule.

The body stands in ``migrations/sql/0008_boundary_plans.sql``, frozen: a migration once merged never
changes.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted, scoped, seen_with

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_PARTS = ("plan_operation", "plan_excuse")


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0008_boundary_plans.sql").read_text(encoding="utf-8"))
    for statement in (*scoped("boundary_plan"), *granted("boundary_plan", app_role)):
        op.execute(statement)
    for table in _PARTS:
        of_plan = seen_with(table, "boundary_plan", "plan_id")
        for statement in (*of_plan, *granted(table, app_role)):
            op.execute(statement)


def downgrade() -> None:
    for table in (*_PARTS, "boundary_plan"):
        op.drop_table(table)
