"""Texts of CSV as a spreadsheet is to show them: none of them begins a formula."""

import pyarrow as pa
import pyarrow.compute as pc

from geo.audit.export import safe_cell
from geo.exchange.located.texts import is_number

# At least all that ``safe_cell`` leads by an apostrophe; it decides.
_SUSPECT = r"^[\s\v\pZ\x00\x1c-\x1f\x85]*[=+\-@＝＋－＠]|^[\t\r\n\x00]"


def shown(column: pa.Array) -> pa.Array:
    """Return a column of texts as a spreadsheet shows it; a number stays one, as ``-5`` does.

    Source: OWASP ASVS 5.0.0, 1.2.10, as in ``safe_cell``.

    Examples
    --------
    >>> shown(pa.array(["=1+1", "-5", "a=b", None])).to_pylist()
    ["'=1+1", '-5', 'a=b', None]
    """
    suspect = pc.match_substring_regex(column, _SUSPECT)
    if not pc.any(suspect).as_py():
        return column
    found = column.filter(suspect).to_pylist()
    safe = [text if is_number(text) else safe_cell(text) for text in found]
    return pc.replace_with_mask(column, pc.fill_null(suspect, False), pa.array(safe, column.type))
