"""Everything in an answer that betrays a row: found by its form, told apart by its value."""

import re
from collections.abc import Iterable

from tests.access.world import Known, Row

_FORMS = re.compile(
    r"(?<![0-9])[356789]0000[0-9]{2}(?![0-9])"  # ids
    r"|[\u4e00-\u9fff](?:鹮翯|鸾翮)|[\u4e00-\u9fff]\*\*"  # names
    r"|1387700[0-9]{4}|138\*{4}[0-9]{4}"  # phones
    r"|11010119800101[0-9]{3}[0-9X]|110\*{11}[0-9]{3}[0-9X]"  # ID numbers
    r'|1399900[0-9]{4}|139\*{4}[0-9]{4}|"w-[0-9A-Ga-g]+"'  # workers
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


class Tokens:
    """Which rows a text betrays.

    Parameters
    ----------
    known : everything stored
    """

    def __init__(self, known: Known) -> None:
        self._owner: dict[str, Row] = {}
        self._clear: set[str] = set()
        for row in known.rows:
            self._clear.update(row.clear)
            for token in (*row.clear, *row.shown):
                assert self._owner.setdefault(token, row) is row, token
                assert _FORMS.fullmatch(token), token

    def found(self, text: str, *, told: str = "") -> dict[str, Row]:
        """Return the tokens of a text with the rows they betray.

        Parameters
        ----------
        told : what the asker said itself, which comes back in refusals
        """
        plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        tokens = {token for token in _FORMS.findall(plain) if token in self._owner}
        return {token: self._owner[token] for token in tokens if token.strip('"') not in told}

    def clear(self, tokens: Iterable[str]) -> set[str]:
        """Return those that are clear values."""
        return {token for token in tokens if token in self._clear}
