"""The three forms of a protected field for many rows at once, as columns of a frame."""

from collections.abc import Sequence

import pandas as pd

from geo.crypto.fields import ProtectedField, protect_column
from geo.crypto.keyring import Keyring

# SQL types by the end of a column's name, for staging.
KINDS = {"cipher": "bytea", "masked": "text", "blind": "bytea"}


def staged_columns(*fields: ProtectedField) -> dict[str, str]:
    """Return the columns of some fields with their SQL types."""
    return {
        column: KINDS[column.rpartition("_")[2]] for field in fields for column in field.columns
    }


def protected_frame(
    keyring: Keyring, fields: Sequence[ProtectedField], rows: pd.Series, values: pd.DataFrame
) -> pd.DataFrame:
    """Return the columns of some fields for rows with known ids.

    Parameters
    ----------
    rows : ids, one a row
    values : a column a field, in the order of ``rows``. A missing value, or a missing column,
        means that what stands stays: all three forms are missing then; an empty text empties

    Returns
    -------
    DataFrame, index of ``rows``, three columns a field
    """
    made = pd.DataFrame(index=rows.index)
    for field in fields:
        texts = (
            values[field.name].to_numpy(dtype=object)
            if field.name in values
            else [None] * len(rows)
        )
        given = [isinstance(text, str) for text in texts]
        forms = protect_column(
            keyring,
            field,
            rows.tolist(),
            [t if g else None for t, g in zip(texts, given, strict=True)],
        )
        masked = [form.masked if g else None for form, g in zip(forms, given, strict=True)]
        parts = ([form.cipher for form in forms], masked, [form.blind for form in forms])
        for column, part in zip(field.columns, parts, strict=True):
            made[column] = pd.Series(part, index=rows.index, dtype=object)
    return made
