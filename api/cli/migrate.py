"""``wangge migrate``: bring the schema of the named database up to date."""

from typing import Annotated

import typer

from api.cli.words import say
from geo.errors import Unavailable


class OwnerUnset(Unavailable):
    """Only the owner role may change the schema, and its URL is not set."""

    code = "owner_unset"


def migrate(
    to: Annotated[str, typer.Option(help=say("migrate.to"))] = "head",
) -> None:
    from sqlalchemy import make_url

    from api.cli.opening import opened
    from geo.crypto.keyring import Keyring
    from geo.settings import Settings
    from migrations import runner
    from migrations.revision import head_revision

    settings = Settings()
    if settings.database_url is None:
        with opened(settings):
            pass  # opening the own cluster brings it up to date
    elif settings.database_owner_url is None:
        raise OwnerUnset()
    else:
        app_role = make_url(settings.database_url).username or ""
        path = settings.keys_path
        keyring = Keyring.load(path) if path.exists() else None
        runner.upgrade(settings.database_owner_url, app_role, revision=to, keyring=keyring)
    typer.echo(say("migrate.done", revision=head_revision() if to == "head" else to))
