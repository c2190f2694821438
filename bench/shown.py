"""How figures are shown: a table of Markdown each time the titles change, or JSON."""

import json
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
