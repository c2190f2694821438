"""The protected fields of a household's head: by name, for whoever shows, finds or corrects one."""

from collections.abc import Mapping
from enum import StrEnum

from geo.access.fields import FieldClass
from geo.crypto.fields import HEAD_ID_NUMBER, HEAD_NAME, HEAD_PHONE, ProtectedField


class HeadField(StrEnum):
    """A protected field, by its name in answers and requests."""

    NAME = "head_name"
    PHONE = "head_phone"
    ID_NUMBER = "head_id_number"


FIELDS: Mapping[HeadField, ProtectedField] = {
    HeadField.NAME: HEAD_NAME,
    HeadField.PHONE: HEAD_PHONE,
    HeadField.ID_NUMBER: HEAD_ID_NUMBER,
}


def hidden_from(seen: FieldClass) -> tuple[HeadField, ...]:
    """Return the fields that somebody does not see even masked.

    Parameters
    ----------
    seen : the highest class they see masked, ``Actor.masked``

    Examples
    --------
    >>> [field.value for field in hidden_from(FieldClass.PERSONAL)]
    ['head_id_number']
    """
    return tuple(name for name, field in FIELDS.items() if field.field_class > seen)
