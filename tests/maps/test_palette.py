"""The table of looks, computed: each floor holds and each published figure is what comes out."""

from itertools import combinations, pairwise

import pytest

from maps import palette
from maps.palette import DARK, LIGHT, OCCUPANCY, STEPS, Mode, Theme
from tests.maps.colour import contrast, difference, lightness

FLOOR_TEXT, FLOOR_SHAPE = 4.5, 3.0

# Expected values are the published table of the looks, each to its last printed digit.
TEXT = [
    (LIGHT.ink, LIGHT.ground, 14.82),
    (LIGHT.ink2, LIGHT.card, 8.08),
    (LIGHT.ink3, LIGHT.ground, 4.54),
    (LIGHT.accent, LIGHT.card, 7.49),
    (LIGHT.on_late, LIGHT.late, 6.54),
    (LIGHT.soon, LIGHT.soon_soft, 6.12),
    (DARK.ink, DARK.ground, 15.55),
    (DARK.ink2, DARK.ground, 8.66),
    (DARK.ink3, DARK.card, 7.67),
    (DARK.accent, DARK.card, 7.39),
    (DARK.on_late, DARK.late, 7.81),
    (DARK.soon, DARK.soon_soft, 9.92),
]
SHAPES = [
    (LIGHT.outline, LIGHT.outline_casing, 12.28),
    (LIGHT.outline_casing, OCCUPANCY["light"]["owner_occupied"].fill, 5.65),
    (LIGHT.chosen, LIGHT.chosen_casing, 11.53),
    (LIGHT.control, LIGHT.card, 3.60),
    (DARK.outline, DARK.outline_casing, 11.78),
    (DARK.outline_casing, OCCUPANCY["dark"]["owner_occupied"].fill, 5.32),
    (DARK.chosen, DARK.chosen_casing, 12.51),
    (DARK.control, DARK.card, 3.97),
]
WORDS: dict[Mode, dict[str, float]] = {
    "light": {
        "owner_occupied": 5.65,
        "rented": 4.91,
        "vacant": 16.16,
        "other": 11.51,
        "unknown": 9.24,
    },
    "dark": {"owner_occupied": 4.90, "rented": 8.95, "other": 11.41},
}
SOLID: dict[Mode, dict[str, float]] = {
    "light": {"owner_occupied": 5.10, "rented": 3.02, "other": 10.38},
    "dark": {"owner_occupied": 5.32, "rented": 9.72, "other": 12.39},
}
PALE: dict[Mode, dict[str, float]] = {
    "light": {"vacant": 12.08, "unknown": 6.91},
    "dark": {"vacant": 11.78, "unknown": 4.50},
}
DIFFERENCE = [
    ("light", "normal", 15.0),
    ("light", "deuteranopia", 15.2),
    ("light", "protanopia", 14.6),
    ("light", "tritanopia", 14.8),
    ("dark", "normal", 22.0),
    ("dark", "deuteranopia", 21.8),
    ("dark", "protanopia", 20.4),
    ("dark", "tritanopia", 18.6),
]
STEP_DIFFERENCE = [
    ("light", "good", 8.7, 7.2),
    ("light", "burden", 12.1, 13.8),
    ("light", "size", 20.6, 24.7),
    ("dark", "good", 11.3, 12.5),
    ("dark", "burden", 14.7, 13.2),
    ("dark", "size", 20.5, 20.8),
]
MODES: tuple[tuple[Mode, Theme], ...] = (("light", LIGHT), ("dark", DARK))


@pytest.mark.parametrize(("text", "ground", "published"), TEXT)
def test_text_is_readable_on_its_ground(text: str, ground: str, published: float) -> None:
    assert round(contrast(text, ground), 2) == published >= FLOOR_TEXT


@pytest.mark.parametrize(("shape", "ground", "published"), SHAPES)
def test_lines_and_controls_stand_out(shape: str, ground: str, published: float) -> None:
    assert round(contrast(shape, ground), 2) == published >= FLOOR_SHAPE


@pytest.mark.parametrize(("mode", "theme"), MODES)
def test_names_on_the_map_are_readable(mode: Mode, theme: Theme) -> None:
    grounds = {
        theme.place_name: (theme.ground, theme.block),
        theme.street_name: (theme.road,),
        theme.park_name: (theme.park,),
    }
    assert min(contrast(t, g) for t, gs in grounds.items() for g in gs) >= FLOOR_TEXT


@pytest.mark.parametrize(("mode", "theme"), MODES)
def test_words_of_sizes_are_readable_and_differ(mode: Mode, theme: Theme) -> None:
    words, grounds = (theme.too_small, theme.too_big), (theme.card, theme.block, theme.ground)
    assert min(contrast(word, ground) for word in words for ground in grounds) >= FLOOR_TEXT
    for vision in ("normal", "deuteranopia", "protanopia", "tritanopia"):
        assert difference(*words, vision) >= 12


@pytest.mark.parametrize("mode", WORDS)
def test_words_are_readable_on_every_occupancy(mode: Mode) -> None:
    inks = OCCUPANCY[mode]
    found = {kind: round(contrast(inks[kind].text, inks[kind].fill), 2) for kind in WORDS[mode]}
    assert found == WORDS[mode]
    assert min(contrast(ink.text, ink.fill) for ink in inks.values()) >= FLOOR_TEXT


@pytest.mark.parametrize(("mode", "theme"), MODES)
def test_solid_occupancy_stands_on_the_ground(mode: Mode, theme: Theme) -> None:
    found = {k: round(contrast(OCCUPANCY[mode][k].fill, theme.ground), 2) for k in SOLID[mode]}
    assert found == SOLID[mode]
    assert min(found.values()) >= FLOOR_SHAPE


@pytest.mark.parametrize(("mode", "theme"), MODES)
def test_the_edge_carries_the_pale_kinds(mode: Mode, theme: Theme) -> None:
    found = {k: round(contrast(theme.edge, OCCUPANCY[mode][k].fill), 2) for k in PALE[mode]}
    assert found == PALE[mode]
    assert min(found.values()) >= FLOOR_SHAPE


@pytest.mark.parametrize(("mode", "vision", "published"), DIFFERENCE)
def test_kinds_differ_for_every_eye(mode: Mode, vision: str, published: float) -> None:
    fills = [ink.fill for ink in OCCUPANCY[mode].values()]
    smallest = min(difference(a, b, vision) for a, b in combinations(fills, 2))
    assert round(smallest, 1) == published >= 12


@pytest.mark.parametrize(("mode", "published", "floor"), [("light", 14.8, 12), ("dark", 8.6, 8)])
def test_kinds_differ_in_grey_print(mode: Mode, published: float, floor: float) -> None:
    greys = [lightness(ink.fill) for ink in OCCUPANCY[mode].values()]
    assert round(min(abs(a - b) for a, b in combinations(greys, 2)), 1) == published >= floor


@pytest.mark.parametrize(("mode", "scale", "deuteranopia", "protanopia"), STEP_DIFFERENCE)
def test_neighbouring_steps_differ(
    mode: Mode, scale: str, deuteranopia: float, protanopia: float
) -> None:
    steps = list(pairwise(STEPS[mode][scale]))
    for vision, published in (("deuteranopia", deuteranopia), ("protanopia", protanopia)):
        assert round(min(difference(a, b, vision) for a, b in steps), 1) == published >= 7


@pytest.mark.parametrize(
    ("vision", "soon", "in_time"), [("deuteranopia", 42.3, 45.4), ("protanopia", 54.1, 56.0)]
)
def test_late_is_told_from_the_rest(vision: str, soon: float, in_time: float) -> None:
    assert round(difference(LIGHT.late, LIGHT.soon_soft, vision), 1) == soon >= 12
    assert round(difference(LIGHT.late, LIGHT.accent_soft, vision), 1) == in_time >= 12


def test_an_added_kind_takes_a_known_hue_with_stripes() -> None:
    inks = palette.occupancy_inks(["owner_occupied", "dormitory", "shop"])
    assert [ink.pattern for ink in inks.values()] == ["solid", "stripes", "stripes"]
    assert inks["dormitory"].fill == OCCUPANCY["light"]["other"].fill
    assert inks["shop"].fill == OCCUPANCY["light"]["owner_occupied"].fill


def test_a_fourth_added_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no distinguishable ink"):
        palette.occupancy_inks(["a", "b", "c", "d"])


def test_every_colour_reaches_the_page_once() -> None:
    lines = palette.css_variables("dark").splitlines()[1:-1]
    assert len(lines) == len({line.split(":")[0] for line in lines})
    assert "  --chosen-casing: #0E1826;" in lines
