"""What stood in clear is encrypted by the migration, and decrypted on the way down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from geo.crypto.aead import CipherName
from geo.crypto.cipher import Place, unseal
from geo.crypto.fields import DUTY_PHONE, HEAD_NAME, blind
from geo.crypto.key_file import KeysMissing
from geo.crypto.keyring import Keyring
from geo.db.session import make_engine
from migrations import revision, runner
from tests.databases import Databases

pytestmark = pytest.mark.db

# Tabs, backslashes and line ends are what COPY would trip over.
NAMES = {1: "王伟芳", 2: "", 3: "欧阳\\修", 4: "李\t\n四", 5: "王伟芳"}
PHONES = {1: "0561-555-0101", 2: ""}


@pytest.fixture
def old(databases: Databases) -> Iterator[str]:
    """A database of the release before, with people in clear."""
    name = databases.create()
    url = databases.owner_url(name)
    runner.upgrade(url, databases.app_role, revision="0002")
    yield url
    databases.drop(name)


@pytest.fixture
def engine(old: str) -> Iterator[Engine]:
    made = make_engine(old)
    yield made
    made.dispose()


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO building (id, code, name, kind, point, path) VALUES"
            " (1, 'b1', '1', 'slab', 'SRID=4326;POINT(116.8 33.9)', '1.');"
            "INSERT INTO dwelling_unit (id, building_id, stairwell, floor, number)"
            " VALUES (1, 1, 1, 1, '101')"
        )
        for row, name in NAMES.items():
            connection.execute(
                text(
                    "INSERT INTO household (id, unit_id, building_id, occupancy, head_name, path)"
                    " VALUES (:row, 1, 1, 'rented', :name, '1.')"
                ),
                {"row": row, "name": name},
            )
        for row, phone in PHONES.items():
            connection.execute(
                text(
                    "INSERT INTO worker (id, code, name, duty_phone)"
                    " VALUES (:row, :code, 'x', :phone)"
                ),
                {"row": row, "code": f"w{row}", "phone": phone},
            )


def rows(engine: Engine, query: str) -> dict[int, tuple[object, ...]]:
    with engine.connect() as connection:
        return {row[0]: tuple(row[1:]) for row in connection.execute(text(query))}


def columns(engine: Engine, table: str) -> set[str]:
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = :table"
    with engine.connect() as connection:
        return set(connection.scalars(text(query), {"table": table}))


def test_up_encrypts_and_down_gives_back(
    databases: Databases, old: str, engine: Engine, keyring: Keyring
) -> None:
    fill(engine)
    runner.upgrade(old, databases.app_role, keyring=keyring)

    assert "head_name" not in columns(engine, "household")
    query = "SELECT id, head_name_cipher, head_name_masked, head_name_blind FROM household"
    stored = rows(engine, query)
    assert [stored[row][1] for row in NAMES] == ["王**", "", "欧阳**", "李**", "王**"]
    assert stored[2] == (None, "", None)
    for row, name in NAMES.items():
        cipher, _, index = stored[row]
        if name:
            assert isinstance(cipher, memoryview)
            assert unseal(keyring, Place("household", "head_name", row), cipher) == name
        assert (index and bytes(index)) == blind(keyring, HEAD_NAME, name)  # type: ignore[call-overload]
    workers = rows(engine, "SELECT id, duty_phone_masked, duty_phone_blind FROM worker")
    assert (workers[1][0], workers[2]) == ("0561****101", ("", None))
    assert bytes(workers[1][1]) == blind(keyring, DUTY_PHONE, PHONES[1])  # type: ignore[call-overload]

    runner.downgrade(old, databases.app_role, revision="0002", keyring=keyring)

    assert rows(engine, "SELECT id, head_name FROM household") == {
        row: (name,) for row, name in NAMES.items()
    }
    assert rows(engine, "SELECT id, duty_phone FROM worker") == {1: (PHONES[1],), 2: ("",)}


def test_the_keys_it_wrote_with_are_known(
    databases: Databases, old: str, engine: Engine, keyring: Keyring
) -> None:
    fill(engine)
    runner.upgrade(old, databases.app_role, keyring=keyring)

    with engine.connect() as connection:
        proofs = {
            row[0]: row[1] for row in connection.execute(text("SELECT id, proof FROM data_key"))
        }
    assert {name: bytes(proof) for name, proof in proofs.items()} == {
        "k1": keyring.active.check,
        "blind": keyring.blind.check,
    }


def test_people_in_clear_are_not_left_behind_without_a_keyring(
    databases: Databases, old: str, engine: Engine
) -> None:
    fill(engine)

    with pytest.raises(KeysMissing):
        runner.upgrade(old, databases.app_role)
    assert revision.current_revision(engine) == "0002"
    assert rows(engine, "SELECT id, head_name FROM household")[1] == ("王伟芳",)


def test_the_wrong_keyring_takes_nothing_down(
    databases: Databases, old: str, engine: Engine, keyring: Keyring
) -> None:
    fill(engine)
    runner.upgrade(old, databases.app_role, keyring=keyring)

    with pytest.raises(Exception, match="cannot be decrypted"):
        runner.downgrade(
            old, databases.app_role, revision="0002", keyring=Keyring.new(CipherName.AES)
        )
    assert revision.current_revision(engine) == revision.head_revision()


def test_an_empty_base_needs_no_keyring(databases: Databases, old: str, engine: Engine) -> None:
    runner.upgrade(old, databases.app_role)
    runner.downgrade(old, databases.app_role, revision="0002")

    assert "head_name" in columns(engine, "household")


@pytest.mark.long
def test_half_a_million_households_take_less_than_a_minute(
    databases: Databases, old: str, engine: Engine, keyring: Keyring
) -> None:
    import time

    fill(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO household (id, unit_id, building_id, occupancy, head_name, path)"
            " SELECT n, 1, 1, 'rented', '王' || n, '1.' FROM generate_series(10, 500009) AS n"
        )
    begun = time.perf_counter()
    runner.upgrade(old, databases.app_role, keyring=keyring)
    seconds = time.perf_counter() - begun

    masked = "SELECT 1, count(*) FROM household WHERE head_name_masked = '王**'"
    assert rows(engine, masked)[1] == (500_002,)
    assert seconds < 60.0, f"{seconds:.1f} s"
