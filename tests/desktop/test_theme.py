from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette

from teahouse_desktop.theme import GROUNDS, THEMES, Theme, contrast, make_palette

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@themes
def test_text_can_be_read_on_every_ground(theme: Theme) -> None:
    pairs = [(text, ground) for text, grounds in GROUNDS.items() for ground in grounds]
    faint = {
        pair: found
        for pair in pairs
        if (found := contrast(getattr(theme, pair[0]), getattr(theme, pair[1]))) < 4.5
    }
    assert faint == {}


@themes
def test_code_can_be_read(theme: Theme) -> None:
    assert {role for role, colour in theme.syntax.items() if contrast(colour, theme.code) < 4.5} == set()


@themes
def test_frames_of_controls_and_focus_can_be_seen(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.raised):
        assert contrast(theme.field_line, ground) >= 3
        assert contrast(theme.accent, ground) >= 3


@themes
def test_palette_has_the_themes_colours(theme: Theme) -> None:
    palette = make_palette(theme)
    assert palette.color(QPalette.ColorRole.Base).name() == theme.base
    assert palette.color(QPalette.ColorRole.Text).name() == theme.text
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == theme.disabled


def test_both_themes_name_the_same_colours() -> None:
    light, dark = THEMES.values()
    assert light.syntax.keys() == dark.syntax.keys()
    assert (light.is_dark, dark.is_dark) == (False, True)
