"""Estates that buildings name: by code, by name, or by a name nobody bears yet."""

import numpy as np
import pandas as pd

from geo.exchange import standing
from geo.exchange.columns import Sheet
from geo.exchange.run import Run


def with_estates(run: Run, made: Sheet, rows: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    """Return rows with ``estate_code`` and ``new_estate``, the name of an estate to be made.

    A code without a name must stand. A name is looked up; one that several estates bear is a
    fault, one that none bears makes an estate whose code is its name.
    """
    result = rows.assign(new_estate=None)
    if not made.has("estate"):
        if made.has("estate_code"):
            codes = made.values["estate_code"]
            unknown = codes.notna() & ~codes.isin(standing.estates(run.work.session)["code"])
            made.refuse("unknown_estate", unknown, "estate_code")
        return result
    estates = standing.estates(run.work.session)
    names = made.values["estate"].replace("", None)
    by_name = estates.drop_duplicates("name", keep=False).set_index("name")["code"]
    shared = names.isin(estates["name"][estates["name"].duplicated()])
    codes = made.values["estate_code"] if made.has("estate_code") else names.map(by_name)
    made.refuse("estate_name_shared", shared & codes.isna(), "estate")
    codes = codes.where(codes.notna(), names.map(by_name)).where(lambda found: found.notna(), names)
    new = names.notna() & ~codes.isin(estates["code"])
    unknown = codes.notna() & names.isna() & ~codes.isin(estates["code"])
    made.refuse("unknown_estate", unknown, "estate_code")
    return result.assign(
        estate_code=codes.where(codes.notna(), None), new_estate=names.where(new, None)
    )
