from __future__ import annotations

import random
from itertools import product

import pytest

from teahouse_desktop.looks.own_theme import (
    FRAME_CONTRAST,
    STRONG_CONTRAST,
    TEXT_CONTRAST,
    OwnColours,
    is_colour,
    make_contrast_theme,
    make_theme,
    mended,
    mix,
    readable,
)
from teahouse_desktop.looks.theme import DARK, GROUNDS, LIGHT, Theme, contrast


def faint(theme: Theme, least: float = TEXT_CONTRAST) -> list[tuple[str, str, float]]:
    """Pairs of a text and a ground of the theme that cannot be told apart well enough."""
    pairs = [(text, ground) for text, grounds in GROUNDS.items() for ground in grounds]
    found = [
        (text, ground, round(contrast(getattr(theme, text), getattr(theme, ground)), 2))
        for text, ground in pairs
    ]
    code = [(role, "code", round(contrast(colour, theme.code), 2)) for role, colour in theme.syntax.items()]
    return [one for one in (*found, *code) if one[2] < least]


def random_colours(seed: int) -> OwnColours:
    made = random.Random(seed)
    return OwnColours(*(f"#{made.randrange(1 << 24):06x}" if made.random() < 0.8 else "" for _ in range(3)))


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_chosen_can_be_read(seed: int) -> None:
    theme = make_theme(random_colours(seed))
    assert faint(theme) == []
    for ground in (theme.window, theme.base, theme.raised):
        assert contrast(theme.field_line, ground) >= FRAME_CONTRAST


@pytest.mark.parametrize("grey", range(0, 256, 15))
def test_every_grey_ground_leaves_room_for_text(grey: int) -> None:
    assert faint(make_theme(OwnColours(ground=f"#{grey:02x}{grey:02x}{grey:02x}"))) == []


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_theme_of_high_contrast_reaches_seven(is_dark: bool) -> None:
    theme = make_contrast_theme(is_dark=is_dark)
    assert theme.is_dark is is_dark
    assert faint(theme, STRONG_CONTRAST) == []
    assert contrast(theme.text, theme.base) == 21


def test_colours_that_can_be_read_stay_as_they_are() -> None:
    colours = OwnColours("#7a2e8f", "#f7eefc", "#221133")
    theme = make_theme(colours)
    assert (theme.accent, theme.base, theme.text) == ("#7a2e8f", "#f7eefc", "#221133")
    assert mended(colours) == []


def test_what_is_mended_is_told_by_name() -> None:
    told = {one.which: one for one in mended(OwnColours("#FFFF00", "#ffffff", "#eeeeee"))}
    assert told.keys() == {"accent", "text"}
    assert contrast(told["accent"].shown, "#ffffff") >= TEXT_CONTRAST
    assert mended(OwnColours(ground="#777777"))[0].which == "ground"


def test_nothing_chosen_is_close_to_the_light_theme_and_a_dark_ground_makes_a_dark_one() -> None:
    assert make_theme(OwnColours()).base == LIGHT.base
    assert make_theme(OwnColours()).accent == LIGHT.accent
    dark = make_theme(OwnColours(ground="#101418"))
    assert dark.is_dark
    assert dark.text == DARK.text
    assert make_theme(OwnColours(text="#fafafa")).is_dark


def test_what_is_no_colour_counts_as_not_chosen() -> None:
    assert make_theme(OwnColours("red", "#12", "#gggggg")) == make_theme(OwnColours())
    assert [is_colour(text) for text in ("#a1B2c3", "a1b2c3", "#a1b2c", "#a1b2c3d4", "")] == [True] + [
        False
    ] * 4


def test_mixing_and_mending() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0) == "#102030"
    for colour, ground in product(("#123456", "#fedcba"), ("#000000", "#ffffff")):
        assert contrast(readable(colour, (ground,), 4.5), ground) >= 4.5
