"""The database knows by which keys it was written, and refuses any other keyring."""

import pytest
from sqlalchemy import select, text

from geo.access.actors import Actor
from geo.crypto.aead import CipherName
from geo.crypto.keyring import Keyring
from geo.crypto.model import DataKey
from geo.crypto.register import KeysForeign, check_keys, knows_keys, sealed_columns
from geo.db.policies import SCOPED
from geo.db.session import make_engine
from geo.runtime import Runtime
from geo.tables import METADATA
from geo.work import Work
from tests import world
from tests.databases import Databases

pytestmark = pytest.mark.db

ACTOR = Actor.system("test")


def known(work: Work) -> dict[str, str]:
    work.session.expire_all()
    return {row.id: row.cipher for row in work.session.scalars(select(DataKey))}


def test_the_first_start_makes_the_keys_known_and_the_second_says_nothing(work: Work) -> None:
    assert check_keys(work.session, work.keyring) == ["k1", "blind"]
    assert check_keys(work.session, work.keyring) == []
    assert known(work) == {"k1": "aes-256-gcm", "blind": "sha256"}


def test_a_rotated_keyring_is_the_same_keyring(work: Work) -> None:
    check_keys(work.session, work.keyring)

    assert check_keys(work.session, work.keyring.rotated(CipherName.SM4)) == ["k2"]
    assert known(work)["k2"] == "sm4-gcm"


def test_another_keyring_is_refused_while_rows_need_the_first(work: Work) -> None:
    check_keys(work.session, work.keyring)
    world.fill(work)

    with pytest.raises(KeysForeign, match="blind"):
        check_keys(work.session, Keyring.new())
    assert check_keys(work.session, work.keyring) == []


def test_a_keyring_that_lost_a_key_that_rows_need_is_refused(work: Work) -> None:
    check_keys(work.session, work.keyring)
    world.fill(work)
    rotated = work.keyring.rotated(CipherName.AES)
    lost = Keyring({2: rotated.active}, 2, rotated.blind)

    with pytest.raises(KeysForeign, match="k1"):
        check_keys(work.session, lost)


def test_another_keyring_is_taken_before_anything_was_written_with_the_first(work: Work) -> None:
    check_keys(work.session, work.keyring)

    assert check_keys(work.session, Keyring.new(CipherName.SM4)) == ["k1", "blind"]
    assert known(work) == {"k1": "sm4-gcm", "blind": "sm3"}


def test_a_key_no_row_needs_may_leave_the_keyring(work: Work) -> None:
    rotated = work.keyring.rotated(CipherName.AES)
    check_keys(work.session, rotated)

    assert check_keys(work.session, Keyring({2: rotated.active}, 2, rotated.blind)) == []


def test_every_column_of_ciphertexts_is_known_to_the_register() -> None:
    sealed = {(table.name, f"{name}_cipher") for table, name in sealed_columns()}
    there = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if column.name.endswith("_cipher")
    }

    assert sealed == there
    assert {table for table, _ in there} <= {*SCOPED, "account"}


def test_the_proof_is_not_the_key(work: Work) -> None:
    check_keys(work.session, work.keyring)
    stored = work.session.scalar(text("SELECT string_agg(data_key::text, ' ') FROM data_key"))

    assert stored is not None
    assert work.keyring.active.secret.hex() not in stored
    assert work.keyring.blind.secret.hex() not in stored


def test_a_database_knows_whether_it_was_written_with_keys(runtime: Runtime) -> None:
    with runtime.engine.connect() as connection:
        before = knows_keys(connection)
    with runtime.work(ACTOR) as work:
        check_keys(work.session, work.keyring)
    with runtime.engine.connect() as connection:
        assert (before, knows_keys(connection)) == (False, True)


def test_one_that_was_never_migrated_knows_none(databases: Databases) -> None:
    name = databases.create()
    engine = make_engine(databases.owner_url(name), pool_size=1)
    with engine.connect() as connection:
        assert not knows_keys(connection)
    engine.dispose()
    databases.drop(name)
