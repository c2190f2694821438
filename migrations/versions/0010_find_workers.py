"""Let workers be found by a part of the name or the beginning of the code, by an index.

The body stands in ``migrations/sql/0010_worker_words.sql``, frozen: a migration once merged never
changes. It fills in the words of the workers there are.
"""

from pathlib import Path

from alembic import context, op

from geo.db.policies import granted, scoped

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parent.parent / "sql"
_TABLE = "worker_word"


def upgrade() -> None:
    app_role = context.config.attributes["app_role"]
    op.get_bind().exec_driver_sql((_SQL / "0010_worker_words.sql").read_text(encoding="utf-8"))
    for statement in (*scoped(_TABLE), *granted(_TABLE, app_role, rights="SELECT")):
        op.execute(statement)


def downgrade() -> None:
    for trigger in ("keep_words", "keep_changed_words"):
        op.execute(f"DROP TRIGGER {trigger} ON worker")
    op.drop_table(_TABLE)
    op.execute("DROP FUNCTION keep_worker_words()")
    op.execute("DROP FUNCTION words_of_worker(text, text)")
