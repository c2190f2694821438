"""The small town, stored once for all files that are located in it: locating changes nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.access.actors import Actor
from geo.exchange.located.run import Done, Request, locate_file, opened
from geo.runtime import Runtime
from tests import world
from tests.conftest import Databases

Locate = Callable[..., Done]


@pytest.fixture(scope="module")
def town(databases: Databases, template: str, tmp_path_factory: Any) -> Iterator[Runtime]:
    name = databases.create(template=template)
    home = tmp_path_factory.mktemp("home")
    made = Runtime(databases.settings(name).model_copy(update={"home": home}))
    world.store(made)
    yield made
    made.close()
    databases.drop(name)


@pytest.fixture
def locate(town: Runtime) -> Locate:
    """Locate a file as the command does."""

    def run(path: Path, **options: Any) -> Done:
        return locate_file(
            town, Actor.system("test"), opened(Request(path, **options)), lambda *_: None
        )

    return run
