"""The application's database role: plain, or refused with its reason."""

import os
import secrets
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import make_url, text

from geo.db.roles import UnsafeRole, check_role
from geo.db.session import make_engine
from geo.runtime import Runtime
from tests.databases import Databases, with_database

pytestmark = pytest.mark.db

Login = Callable[[str], str]


@pytest.fixture
def login(databases: Databases, runtime: Runtime) -> Iterator[Login]:
    """Makes logins of its own: the roles of the cluster are shared by all tests."""
    database = str(make_url(str(runtime.settings.database_url)).database)
    admin = with_database(databases.urls.admin, database)
    engine = make_engine(admin, pool_size=1)
    made: list[str] = []

    def make(rights: str) -> str:
        name, password = f"t_role_{os.getpid()}_{len(made)}", secrets.token_hex(8)
        made.append(name)
        with engine.begin() as connection:
            connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {rights}"))
        url = make_url(admin).set(username=name, password=password)
        return url.render_as_string(hide_password=False)

    yield make
    with engine.begin() as connection:
        for name in made:
            connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


def refusal(url: str) -> UnsafeRole:
    engine = make_engine(url, pool_size=1)
    with pytest.raises(UnsafeRole) as caught:
        check_role(engine)
    engine.dispose()
    return caught.value


def test_the_application_role_is_safe(runtime: Runtime) -> None:
    check_role(runtime.engine)


def test_the_owner_of_tables_is_refused(runtime: Runtime) -> None:
    refused = refusal(str(runtime.settings.database_owner_url))

    assert refused.facts["fault"] == "owner"
    assert str(refused.facts["role"]) in refused.message("zh")


def test_a_superuser_is_refused(databases: Databases, runtime: Runtime) -> None:
    database = str(make_url(str(runtime.settings.database_url)).database)

    refused = refusal(with_database(databases.urls.admin, database))
    assert refused.facts["fault"] == "superuser"


def test_a_role_that_policies_do_not_bind_is_refused(login: Login) -> None:
    assert refusal(login("BYPASSRLS")).facts["fault"] == "bypassrls"


def test_a_member_of_the_owner_is_refused(login: Login, databases: Databases) -> None:
    owner = make_url(databases.urls.owner).username

    refused = refusal(login(f'IN ROLE "{owner}"'))
    assert refused.facts["fault"] == "owner"


def test_a_plain_login_is_safe(login: Login) -> None:
    engine = make_engine(login(""), pool_size=1)
    check_role(engine)
    engine.dispose()
