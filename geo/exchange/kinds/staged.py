"""What a kind's check hands to its write: rows in the shape of the domain, and the sheet behind."""

from dataclasses import dataclass

import pandas as pd

from geo.exchange.columns import Sheet


@dataclass(frozen=True)
class Staged:
    """Checked rows of one table.

    Parameters
    ----------
    rows : index the row numbers; of use only when the report names no fault
    duties : assignments, with a file of workers that has columns of them
    counted : households by building code, with a town whose buildings count them
    """

    sheet: Sheet
    rows: pd.DataFrame
    duties: pd.DataFrame | None = None
    counted: pd.Series | None = None
