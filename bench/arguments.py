"""What each measurement may be told: options that are checked before anything is made for it.

``--quick`` everywhere ends within a minute on an idle machine of two cores, once what is compiled
is kept; its figures are rougher, and of a smaller city.
"""

import argparse
import math
from collections.abc import Callable


def parser(name: str) -> argparse.ArgumentParser:
    """Return the options of a measurement: ``locate``, ``http``, ``batch`` or ``address``."""
    found = argparse.ArgumentParser(f"bench {name}", description=ABOUT[name])
    found.add_argument("--quick", action="store_true", help="a smaller city and fewer rounds")
    found.add_argument("--json", action="store_true", help="rows of JSON, not a table")
    MORE.get(name, _nothing)(found)
    return found


def _nothing(_found: argparse.ArgumentParser) -> None:
    """Nothing more may be told."""


def _rounds(found: argparse.ArgumentParser) -> None:
    found.add_argument("--rounds", type=_positive, help="how often everything is measured")


def _http(found: argparse.ArgumentParser) -> None:
    found.add_argument("servers", nargs="*", type=_server, help=f"peers: {', '.join(SERVERS)}")
    found.add_argument("--seconds", type=_seconds, help="how long each is asked in a round")
    _rounds(found)


def _server(text: str) -> str:
    if text not in SERVERS:
        raise argparse.ArgumentTypeError(f"a peer is one of {', '.join(SERVERS)}, not {text!r}")
    return text


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, not {text!r}")
    return int(text)


def _seconds(text: str) -> int:
    """Return whole seconds: who asks knows no parts of one."""
    found = float(text)
    if not 0.0 < found <= 3600.0:
        raise argparse.ArgumentTypeError(f"seconds from 0 to 3600 are wanted, not {text!r}")
    return math.ceil(found)


SERVERS = ("hello", "fastapi", "tipg", "mapit")
MORE: dict[str, Callable[[argparse.ArgumentParser], None]] = {"http": _http, "batch": _rounds}
ABOUT = {
    "locate": "points to cells in memory, beside geopandas.sjoin and a NumPy gather",
    "http": "answers about one point in a second, beside servers that do nothing else",
    "batch": "points of batches in a second, beside an echo of each format",
    "address": "right and wrong answers about addresses, and how long one takes",
}
