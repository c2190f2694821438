"""Codes within a file: repeated ones, and ones that name nothing."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geo.exchange.columns import Sheet


def refuse_repeated(made: Sheet, codes: pd.Series, name: str) -> None:
    """Report every row after the first that bears the same code, naming the first."""
    repeated = codes.duplicated() & codes.notna()
    first = codes[~codes.duplicated()]
    where = dict(zip(first, first.index, strict=True))
    facts = [{"first": int(where[code])} for code in codes[repeated]]
    made.refuse("code_twice", repeated, name, facts)


def refuse_unknown(
    made: Sheet, codes: pd.Series, name: str, known: Iterable[str], key: str
) -> np.ndarray:
    """Report rows whose code names nothing that stands or that the file brings; return them."""
    unknown = (codes.notna() & ~codes.isin(list(known))).to_numpy(dtype=bool)
    made.refuse(key, unknown, name)
    return unknown
