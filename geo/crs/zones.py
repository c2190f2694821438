"""The Gauss-Krüger zones of CGCS2000, with and without the zone's number before the easting.

Chinese surveys write an easting in one of two forms: 500 km at the zone's meridian
(``481 500``), or with the number of the zone before that (``39 481 500``). Each form of each zone
is an EPSG system of its own, by 3 and by 6 degrees.

Source: EPSG 4491-4501 (6°, zones 13 to 23), 4502-4512 (6°, meridians 75°E to 135°E), 4513-4533
(3°, zones 25 to 45), 4534-4554 (3°, meridians 75°E to 135°E).
"""

from dataclasses import dataclass

import numpy as np

from geo.spatial.storage import Points

_NUMBER_M = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone in one of its two forms.

    Parameters
    ----------
    epsg : code of the system
    width : 3 or 6, degrees
    meridian : its central meridian, degrees east
    number : of the zone in the count of its width
    numbered : the number stands before the easting
    """

    epsg: int
    width: int
    meridian: int
    number: int
    numbered: bool

    @property
    def name(self) -> str:
        """What to name the system: ``EPSG:4527``."""
        return f"EPSG:{self.epsg}"


def _row(first_epsg: int, width: int, *, numbered: bool) -> list[Zone]:
    meridians = range(75, 136, width)
    shift = 0 if width == 3 else 3  # zone 13 by 6 degrees has its meridian at 13 × 6 - 3
    return [
        Zone(first_epsg + place, width, meridian, (meridian + shift) // width, numbered)
        for place, meridian in enumerate(meridians)
    ]


ZONES = {
    zone.epsg: zone
    for zone in (
        *_row(4491, 6, numbered=True),
        *_row(4502, 6, numbered=False),
        *_row(4513, 3, numbered=True),
        *_row(4534, 3, numbered=False),
    )
}


def zone(number: int) -> Zone | None:
    """Return the zone whose number stands before an easting; None where there is no such zone.

    Numbers 13 to 23 are zones of 6 degrees, 25 to 45 of 3.

    Examples
    --------
    >>> zone(39).name, zone(20).name, zone(24)
    ('EPSG:4527', 'EPSG:4498', None)
    """
    return next((z for z in ZONES.values() if z.numbered and z.number == number), None)


def plain_zone(meridian: int) -> Zone | None:
    """Return the zone of 3 degrees with that meridian, without its number before the easting.

    Examples
    --------
    >>> plain_zone(117).name
    'EPSG:4548'
    """
    plain = (z for z in ZONES.values() if not z.numbered and z.width == 3)
    return next((z for z in plain if z.meridian == meridian), None)


def other_form(epsg: int) -> Zone | None:
    """Return the same zone in its other form; None for what is no zone.

    Examples
    --------
    >>> other_form(4527).name, other_form(4548).name, other_form(3857)
    ('EPSG:4548', 'EPSG:4527', None)
    """
    known = ZONES.get(epsg)
    return known and next(
        z
        for z in ZONES.values()
        if (z.width, z.meridian) == (known.width, known.meridian) and z.numbered != known.numbered
    )


def zone_of(points: Points) -> Zone | None:
    """Return the zone whose number stands before every easting; None when there is not just one.

    Parameters
    ----------
    points : (n, 2) float64, east, north, metres

    Examples
    --------
    >>> zone_of(np.array([[39_481_500.0, 3_757_000.0]])).name
    'EPSG:4527'
    >>> zone_of(np.array([[481_500.0, 3_757_000.0]])) is None
    True
    """
    numbers = np.unique(np.floor(points[:, 0] / _NUMBER_M))
    if len(numbers) != 1 or not np.isfinite(numbers[0]):
        return None
    return zone(int(numbers[0]))
