"""Let counts of households be read from the index of their paths alone.

The body stands in ``migrations/sql/0006_household_counts.sql``, frozen: a migration once merged
never changes.
"""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    op.get_bind().exec_driver_sql((_SQL / "0006_household_counts.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    op.drop_index("ix_household_path", table_name="household")
    op.create_index("ix_household_path", "household", ["path", "id"])
