"""Which fields are protected, and a value's three forms: encrypted, masked, blind.

A protected field ``head_phone`` has three columns: ``head_phone_cipher`` (the value, encrypted),
``head_phone_masked`` (what lists show, so that they never decrypt) and ``head_phone_blind`` (for
equality). A new field is one row of ``PROTECTED`` and one line of its model
(``geo.crypto.columns.protected_columns``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from geo.access.fields import FieldClass
from geo.crypto import masks, written
from geo.crypto.blind import blind_index
from geo.crypto.cipher import Place, seal, seal_column, unseal
from geo.crypto.keyring import Keyring


@dataclass(frozen=True, slots=True)
class ProtectedField:
    """A field that is encrypted at rest.

    Parameters
    ----------
    table, name : ``household``, ``head_phone``
    field_class : how closely it is kept
    written : its one written form, for comparing
    mask : what is shown of it by default
    """

    table: str
    name: str
    field_class: FieldClass
    written: Callable[[str], str]
    mask: Callable[[str], str]

    @property
    def key(self) -> str:
        """``table.name``."""
        return f"{self.table}.{self.name}"

    @property
    def columns(self) -> tuple[str, str, str]:
        """Names of its three columns."""
        return f"{self.name}_cipher", f"{self.name}_masked", f"{self.name}_blind"


class Protected(NamedTuple):
    """The three forms of a value; of an empty one nothing is stored."""

    cipher: bytes | None
    masked: str
    blind: bytes | None


EMPTY = Protected(None, "", None)


class HasKeyring(Protocol):
    """A work, for one: something that has the keyring at hand."""

    @property
    def keyring(self) -> Keyring:
        """The keyring."""


def name_field(table: str, name: str, field_class: FieldClass) -> ProtectedField:
    """Return a field that holds a person's name."""
    return ProtectedField(table, name, field_class, written.name, masks.mask_name)


def phone_field(table: str, name: str, field_class: FieldClass) -> ProtectedField:
    """Return a field that holds a phone number."""
    return ProtectedField(table, name, field_class, written.phone, masks.mask_phone)


def id_number_field(table: str, name: str) -> ProtectedField:
    """Return a field that holds an ID number."""
    return ProtectedField(
        table, name, FieldClass.SENSITIVE, written.id_number, masks.mask_id_number
    )


def tag_field(table: str, name: str) -> ProtectedField:
    """Return a field that holds a tag of category C: nothing of it shows in its mask."""
    return ProtectedField(table, name, FieldClass.SENSITIVE, written.line, masks.mask_all)


HEAD_NAME = name_field("household", "head_name", FieldClass.PERSONAL)
HEAD_PHONE = phone_field("household", "head_phone", FieldClass.PERSONAL)
HEAD_ID_NUMBER = id_number_field("household", "head_id_number")
DUTY_PHONE = phone_field("worker", "duty_phone", FieldClass.INTERNAL)

PROTECTED: Mapping[str, ProtectedField] = {
    field.key: field for field in (HEAD_NAME, HEAD_PHONE, HEAD_ID_NUMBER, DUTY_PHONE)
}

# What is encrypted without a mask and an index beside: (table, name), column ``<name>_cipher``.
SEALED = (("account", "factor"), ("data_request", "wish"))


def protect(keyring: Keyring, field: ProtectedField, row: int, value: str | None) -> Protected:
    """Return the three forms of a value that is to stand in a row."""
    if not value:
        return EMPTY
    cipher = seal(keyring, Place(field.table, field.name, row), value)
    return Protected(cipher, field.mask(value), blind(keyring, field, value))


def protect_column(
    keyring: Keyring, field: ProtectedField, rows: Sequence[int], values: Sequence[str | None]
) -> list[Protected]:
    """Return the three forms of each value of a column, in order; quicker for many.

    Parameters
    ----------
    rows : id of the row of each value
    """
    filled = [(row, value) for row, value in zip(rows, values, strict=True) if value]
    texts = [value for _, value in filled]
    sealed = iter(seal_column(keyring, field.table, field.name, [row for row, _ in filled], texts))
    return [
        Protected(next(sealed), field.mask(value), blind(keyring, field, value)) if value else EMPTY
        for value in values
    ]


def unprotect(
    work: HasKeyring, field: ProtectedField, row: int, sealed: bytes | memoryview | None
) -> str:
    """Return a value in clear; empty when nothing is stored.

    Whoever calls this shows it to somebody who may see it, and notes that for the audit.

    Raises
    ------
    Unreadable
        When it was not sealed in this row of this field.
    """
    if sealed is None:
        return ""
    return unseal(work.keyring, Place(field.table, field.name, row), sealed)


def blind(keyring: Keyring, field: ProtectedField, value: str | None) -> bytes | None:
    """Return the blind index by which a value is found; None of an empty one.

    A value that has no written form (``无`` for a phone) is compared as it stands.
    """
    if not value:
        return None
    return blind_index(keyring, field.key, field.written(value) or value)
