"""The maps by name: what ``/maps/{name}`` and ``wangge map NAME`` can show.

A new map adds one row here (``docs/guides/add-a-map.md``).
"""

from collections.abc import Callable, Mapping
from typing import ClassVar

from geo.errors import NotFound
from maps.pages.home import occupancy_file


class UnknownMap(NotFound):
    """There is no map of that name."""

    code: ClassVar[str] = "unknown_map"


# Turns a picture into the text of one self-contained HTML file, in the language of ``lang=``.
MapFile = Callable[..., str]

FILES: Mapping[str, MapFile] = {"occupancy": occupancy_file}


def map_file(name: str) -> MapFile:
    """Return what writes the map called ``name`` as one file.

    Raises
    ------
    UnknownMap
        When there is no such map.
    """
    if name not in FILES:
        raise UnknownMap(name=name, known=", ".join(FILES))
    return FILES[name]
