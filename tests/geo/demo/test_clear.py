"""After the demo and an import no table holds anybody's name, phone or ID number in clear."""

import io
import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from geo.access.actors import Actor
from geo.crypto.fields import HEAD_ID_NUMBER, HEAD_NAME, HEAD_PHONE
from geo.db.session import make_engine
from geo.demo.load import load
from geo.demo.town import Town
from geo.exchange.imports import import_file
from geo.exchange.run import Request
from geo.runtime import Runtime
from geo.tables import METADATA
from tests.databases import Databases
from tests.geo.exchange import files

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
ACTOR = Actor.system("test")
IMPORTED = ["慕容试无", "14499998888", "340699200009099995"]


def nothing(step: str, done: int, total: int) -> None:
    """Take progress and show nothing."""


@pytest.fixture(scope="module")
def filled(
    databases: Databases, template: str, town: Town, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runtime]:
    name = databases.create(template=template)
    runtime = Runtime(databases.settings(name))
    with runtime.work(ACTOR, long=True) as work:
        load(work, town, zone=ZONE, progress=nothing)
    header = ["楼栋编号", "单元", "房号", "户主", "电话", "身份证号"]
    row = [town.buildings["code"].iloc[0], 1, "9901", *IMPORTED]
    path = files.csv(tmp_path_factory.mktemp("clear") / "h.csv", [header, row])
    with runtime.work(ACTOR) as work:
        import_file(work, Request(path, "households"), zone=ZONE)
    yield runtime
    runtime.close()
    databases.drop(name)


@pytest.fixture(scope="module")
def dump(filled: Runtime) -> dict[str, str]:
    """Every table as its owner copies it out, by name."""
    engine = make_engine(str(filled.settings.database_owner_url))
    found = {}
    with engine.connect() as connection:
        for table in METADATA.tables:
            text = io.StringIO()
            with closing(connection.connection.cursor()) as cursor:
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
            found[table] = text.getvalue()
    engine.dispose()
    return found


def windows(text: str, pattern: str, length: int) -> set[str]:
    """Return every run of so many letters within the runs that a pattern finds."""
    runs = re.findall(pattern, text)
    return {run[n : n + length] for run in runs for n in range(len(run) - length + 1)}


def words(text: str) -> set[str]:
    """Return every run of two to five Chinese characters."""
    return set().union(*(windows(text, r"[\u4e00-\u9fff]+", length) for length in range(2, 6)))


def test_no_phone_and_no_id_number_stands_in_any_table(town: Town, dump: dict[str, str]) -> None:
    secret = {*town.households["head_phone"], *town.households["head_id_number"], *IMPORTED} - {""}
    found = {
        (table, length): secret & windows(text, r"[0-9X]+", length)
        for table, text in dump.items()
        for length in (11, 18)
    }

    assert len(secret) > 25_000
    assert {place: len(hits) for place, hits in found.items() if hits} == {}


def test_no_name_of_a_resident_stands_in_any_table(town: Town, dump: dict[str, str]) -> None:
    # Workers are named in public, and so are estates and roads; some bear a resident's name.
    places = ("building", "estate", "cell_version", "ground_feature", "post", "occupancy", "worker")
    public = set().union(*(words(dump[table]) for table in places))
    secret = ({*town.households["head_name"], IMPORTED[0]} - {""}) - public
    found = {table: secret & words(text) for table, text in dump.items()}

    assert len(secret) > 3_000
    assert {place: len(hits) for place, hits in found.items() if hits} == {}


def test_no_value_stands_in_any_table_as_bytes(town: Town, dump: dict[str, str]) -> None:
    whole = dump["household"].lower()
    some = town.households[town.households["head_name"] != ""].iloc[::50]
    values = [*some["head_name"], *some["head_phone"], *some["head_id_number"], *IMPORTED]

    assert [v for v in values if v and v.encode().hex() in whole] == []


def test_the_search_would_have_found_one(town: Town, dump: dict[str, str]) -> None:
    # The same windows find what does stand there: masks, and the names of workers.
    assert set(town.workers["name"]) <= words(dump["worker"])
    masked = {"慕容**", "144****8888", "340***********9995"}
    assert all(mask in dump["household"] for mask in masked)
    assert [
        field.mask(v) in masked
        for field, v in zip((HEAD_NAME, HEAD_PHONE, HEAD_ID_NUMBER), IMPORTED, strict=True)
    ] == [True] * 3


def test_duty_phones_stand_in_no_table_either(town: Town, dump: dict[str, str]) -> None:
    phones = set(town.workers["duty_phone"])
    bare = {phone.replace("-", "") for phone in phones}

    for table, text in dump.items():
        assert phones.isdisjoint(windows(text, r"[0-9-]+", 13)), table
        assert bare.isdisjoint(windows(text, r"[0-9]+", 11)), table
