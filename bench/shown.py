"""How figures are shown: a table of Markdown each time the titles change, or JSON; and progress."""

import json
import sys
import time
from collections.abc import Sequence

Row = dict[str, object]


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows))
        return
    titles: list[str] = []
    for row in rows:
        if [*row] != titles:
            titles = [*row]
            print("\n| " + " | ".join(titles) + " |\n|" + "---|" * len(titles))
        print("| " + " | ".join(str(value) for value in row.values()) + " |")


def step(what: str) -> None:
    """Tell on the error stream what is measured now, and since when the process runs."""
    print(f"{time.monotonic() - _BEGUN:7.1f} s  {what}", file=sys.stderr, flush=True)


_BEGUN = time.monotonic()
