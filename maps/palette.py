"""Every colour, pattern and line weight of Wangge, light and dark.

The only place that holds them: pages receive the values as CSS variables
(:func:`css_variables`), maps as a table (:func:`map_table`). The floors each value has to clear
(contrast, colour-blind difference, grey print) are computed by ``tests/maps/test_palette.py``.
Nothing else belongs here: no layout, no sizes of cards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Pattern = Literal["solid", "hatch", "dots", "stripes"]
Mode = Literal["light", "dark"]
Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ink:
    """One kind of household: its fill, its second channel and the text that stands on it."""

    fill: str
    pattern: Pattern
    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """How the border of one level is drawn: widths in px, and the zooms that show it."""

    width: float
    casing: float
    dash: tuple[int, ...]
    zoom_from: int
    zoom_to: int


@dataclass(frozen=True, slots=True)
class Theme:
    """The named colours of one mode; the field's name is the CSS variable's."""

    # paper and ink
    ground: str
    block: str
    card: str
    hairline: str
    soft: str
    control: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    accent_soft: str
    on_accent: str
    # states
    late: str
    on_late: str
    soon: str
    soon_soft: str
    chosen: str
    chosen_casing: str
    # households of a cell against its rule: words, beside ▼ and ▲
    too_small: str
    too_big: str
    # the town
    road: str
    kerb: str
    water: str
    park: str
    school: str
    other_building: str
    field: str
    works: str
    railway: str
    place_name: str
    street_name: str
    park_name: str
    # occupancy and outlines
    edge: str
    outline: str
    outline_casing: str


LIGHT = Theme(
    ground="#F5F3EE",
    block="#FBFAF6",
    card="#FFFFFF",
    hairline="#E0DCD3",
    soft="#F0EDE6",
    control="#7E8894",
    ink="#17202B",
    ink2="#455160",
    ink3="#647080",
    accent="#0B5F5B",
    accent_soft="#E3F0EE",
    on_accent="#FFFFFF",
    late="#B3261E",
    on_late="#FFFFFF",
    soon="#7A5200",
    soon_soft="#FBF0D9",
    chosen="#17202B",
    chosen_casing="#FFD43B",
    too_small="#5A3A86",
    too_big="#8F4D07",
    road="#FFFFFF",
    kerb="#DCD8CE",
    water="#CFE0EA",
    park="#DCE8D3",
    school="#EDE6D7",
    other_building="#D3CFC6",
    field="#EEF0E3",
    works="#E9E6E0",
    railway="#A39E92",
    place_name="#6B675D",
    street_name="#6B665B",
    park_name="#47603C",
    edge="#2A3644",
    outline="#2A3644",
    outline_casing="#FFFFFF",
)

DARK = Theme(
    ground="#0E1826",
    block="#121F31",
    card="#152338",
    hairline="#26364C",
    soft="#1B2B42",
    control="#6F8199",
    ink="#EAF0F7",
    ink2="#A9B6C6",
    ink3="#A9B6C6",
    accent="#4FC3B8",
    accent_soft="#17383B",
    on_accent="#0E1826",
    late="#FF8A80",
    on_late="#0E1826",
    soon="#F6C667",
    soon_soft="#152338",
    chosen="#FFD43B",
    chosen_casing="#0E1826",
    too_small="#B79BE8",
    too_big="#F2B456",
    road="#1F2E44",
    kerb="#121F31",
    water="#16304A",
    park="#15302B",
    school="#22303F",
    other_building="#26364C",
    field="#111F2B",
    works="#1A2940",
    railway="#45556B",
    place_name="#A9B6C6",
    street_name="#A9B6C6",
    park_name="#8FB8A8",
    edge="#C9D3DF",
    outline="#C9D3DF",
    outline_casing="#0E1826",
)

THEMES: Mapping[Mode, Theme] = {"light": LIGHT, "dark": DARK}

OCCUPANCY: Mapping[Mode, Mapping[str, Ink]] = {
    "light": {
        "owner_occupied": Ink("#2B6AA6", "solid", "#FFFFFF"),
        "rented": Ink("#C97A12", "solid", "#17202B"),
        "vacant": Ink("#FFFDF8", "hatch", "#17202B"),
        "other": Ink("#4A2C61", "solid", "#FFFFFF"),
        "unknown": Ink("#BCC3CB", "dots", "#17202B"),
    },
    "dark": {
        "owner_occupied": Ink("#4391D6", "solid", "#17202B"),
        "rented": Ink("#F2B456", "solid", "#17202B"),
        "vacant": Ink("#0E1826", "hatch", "#EAF0F7"),
        "other": Ink("#E6CFF3", "solid", "#17202B"),
        "unknown": Ink("#505C6B", "dots", "#EAF0F7"),
    },
}

# A kind that an office adds takes a hue above with stripes, never a sixth hue.
ADDED_ON = ("other", "owner_occupied", "rented")

OUTLINES: Mapping[int, Outline] = {
    1: Outline(4.4, 9, (18, 5, 2, 5, 2, 5), 0, 14),
    2: Outline(4.0, 9, (16, 5, 4, 5), 11, 17),
    3: Outline(3.4, 8, (14, 5, 2, 5), 13, 24),
    4: Outline(1.8, 5, (), 15, 24),
    5: Outline(1.0, 3, (2, 4), 17, 24),
}

STEPS: Mapping[Mode, Mapping[str, tuple[str, str, str, str, str]]] = {
    "light": {
        "good": ("#E9F2F0", "#AED5D0", "#70B3AC", "#338D87", "#0B5F5B"),
        "burden": ("#F7ECE3", "#E6BF9B", "#CC9359", "#A3652B", "#6E3A12"),
        "size": ("#5A3A86", "#A594C9", "#F3F1EC", "#E8B06A", "#B5610A"),
    },
    "dark": {
        "good": ("#17333A", "#205B5C", "#2F857F", "#5FB5AC", "#B5E4DC"),
        "burden": ("#3A2A22", "#6B4426", "#A1662F", "#D59A55", "#F6D9AE"),
        "size": ("#B79BE8", "#6C5799", "#22303F", "#96621F", "#F2B456"),
    },
}


def occupancy_inks(kinds: Sequence[str], mode: Mode = "light") -> dict[str, Ink]:
    """Return the ink of each occupancy kind, in the order given.

    Parameters
    ----------
    kinds : sequence of str
        Codes in legend order. Codes outside the built-in five are kinds that an office added:
        they take 其他, 自住 and 出租 in turn, each with white upright stripes.
    mode : {"light", "dark"}

    Raises
    ------
    ValueError
        When more kinds were added than there are distinguishable inks (three).

    Examples
    --------
    >>> occupancy_inks(["rented", "dormitory"])["dormitory"]
    Ink(fill='#4A2C61', pattern='stripes', text='#FFFFFF')
    """
    known = OCCUPANCY[mode]
    added = [kind for kind in kinds if kind not in known]
    if len(added) > len(ADDED_ON):
        raise ValueError(f"no distinguishable ink for {added[len(ADDED_ON) :]}: merge some kinds")
    striped = {
        kind: Ink(known[base].fill, "stripes", known[base].text)
        for kind, base in zip(added, ADDED_ON, strict=False)
    }
    return {kind: known.get(kind) or striped[kind] for kind in kinds}


def css_variables(mode: Mode = "light") -> str:
    """Return a ``:root`` rule that gives pages each colour as ``--name``.

    Examples
    --------
    >>> css_variables().splitlines()[1]
    '  --ground: #F5F3EE;'
    """
    named = asdict(THEMES[mode])
    named |= {f"occupancy_{kind}": ink.fill for kind, ink in OCCUPANCY[mode].items()}
    lines = (f"  --{name.replace('_', '-')}: {value};" for name, value in named.items())
    return "\n".join((":root {", *lines, "}"))


def map_table(kinds: Sequence[str], mode: Mode = "light") -> Table:
    """Return what a map needs to draw: colours, inks by kind and outlines by level, as JSON."""
    return {
        "theme": asdict(THEMES[mode]),
        "inks": [asdict(ink) for ink in occupancy_inks(kinds, mode).values()],
        "outlines": {str(level): asdict(outline) for level, outline in OUTLINES.items()},
    }
