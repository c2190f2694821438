"""Make room for leaves and substitutes, and for posts that stand beside a team.

The body stands in ``migrations/sql/0007_leaves.sql``, frozen: a migration once merged never
changes. Going down, posts of that kind stay as plain ones: assignments may name them.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted, scoped

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0007_leaves.sql").read_text(encoding="utf-8"))
    for statement in (*scoped("worker_leave"), *granted("worker_leave", app_role)):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("worker_leave")
    op.drop_column("post", "overlay")
    # Those nobody holds go; the others stay, as posts of a team.
    op.execute(
        "DELETE FROM post WHERE code IN ('community_police', 'legal_adviser', 'property_manager',"
        " 'fire_officer', 'mediator')"
        " AND NOT EXISTS (SELECT FROM assignment WHERE assignment.post = post.code)"
    )
