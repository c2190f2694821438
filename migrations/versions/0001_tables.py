"""Make the first tables: grid, places, people, workforce, jobs.

The bodies stand in ``migrations/sql/0001_*.sql``, frozen: a migration once merged never changes.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted, scoped

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"

# Children after their parents; dropped in the reverse order.
_TABLES = (
    "publication",
    "cell",
    "cell_version",
    "cell_shape",
    "cell_lineage",
    "estate",
    "building",
    "dwelling_unit",
    "ground_feature",
    "occupancy",
    "household",
    "post",
    "worker",
    "assignment",
    "job",
)
_SCOPED = ("household", "worker", "assignment")


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    for extension in ("postgis", "btree_gist", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for name in ("0001_tables.sql", "0001_lookups.sql"):
        op.get_bind().exec_driver_sql((_SQL / name).read_text(encoding="utf-8"))
    for table in _SCOPED:
        for statement in scoped(table):
            op.execute(statement)
    for table in (*_TABLES, "alembic_version"):
        rights = "SELECT" if table == "alembic_version" else "SELECT, INSERT, UPDATE"
        for statement in granted(table, app_role, rights=rights):
            op.execute(statement)
    # A publication takes the ids of its new cells before it writes them.
    op.execute(f'GRANT USAGE ON SEQUENCE cell_id_seq TO "{app_role}"')


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    app_role = context.config.attributes["app_role"]
    op.execute(f'REVOKE ALL ON alembic_version FROM "{app_role}"')
