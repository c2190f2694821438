"""The databases of tests: who connects is asked for a password, as in any other cluster."""

import psycopg2
import pytest
from sqlalchemy import make_url

from tests.databases import Databases, with_database

pytestmark = pytest.mark.db


@pytest.mark.parametrize("who", ["admin", "owner", "app"])
def test_a_wrong_password_is_refused_though_a_right_one_is_compared_in_no_time(
    databases: Databases, who: str
) -> None:
    url = with_database(getattr(databases.urls, who), "postgres")
    psycopg2.connect(url).close()
    wrong = make_url(url).set(password="wrong").render_as_string(hide_password=False)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(wrong)


def test_each_password_is_kept_after_one_round(databases: Databases) -> None:
    admin = psycopg2.connect(with_database(databases.urls.admin, "postgres"))
    with admin.cursor() as cursor:
        cursor.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname ~ '^wangge_(admin|owner|app)$'"
        )
        kept = [password for (password,) in cursor]
    admin.close()
    assert len(kept) == 3
    assert all(password.startswith("SCRAM-SHA-256$1:") for password in kept)
