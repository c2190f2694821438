"""Make room for other names of places, and count what changes in places and their names.

The body stands in ``migrations/sql/0005_place_names.sql``, frozen: a migration once merged never
changes.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_WATCHED = ("estate", "building", "ground_feature")


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0005_place_names.sql").read_text(encoding="utf-8"))
    for statement in granted("place_name", app_role):
        op.execute(statement)


def downgrade() -> None:
    for table in _WATCHED:
        op.execute(f"DROP TRIGGER count_change ON {table}")
    op.drop_table("place_name")
