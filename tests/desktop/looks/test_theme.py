from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QPalette

from teahouse_desktop.looks.own_theme import OwnColours, make_contrast_theme, make_theme
from teahouse_desktop.looks.stylesheet import SHEET
from teahouse_desktop.looks.theme import GROUNDS, THEMES, Theme, contrast, make_palette

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


OWN = make_theme(OwnColours("#d0006f", "#123a2c", "#f0f0a0"))
every_theme = pytest.mark.parametrize(
    "theme",
    [*THEMES.values(), make_contrast_theme(is_dark=True), make_contrast_theme(is_dark=False), OWN],
    ids=["light", "dark", "black", "white", "own"],
)


@every_theme
def test_every_rule_of_the_style_sheet_has_text_that_can_be_read(theme: Theme) -> None:
    rules = re.findall(r"([^{}]+)\{([^}]*)\}", SHEET.template)
    found = 0
    for selector, body in rules:
        text = re.search(r"(?<![-\w])color: \$(\w+)", body)
        ground = re.search(r"background: \$(\w+)", body)
        if text and ground and ":disabled" not in selector:
            found += 1
            assert contrast(getattr(theme, text[1]), getattr(theme, ground[1])) >= 4.5, selector
    assert found > 5


@every_theme
def test_the_focus_can_be_seen(theme: Theme) -> None:
    """Every control that takes the focus has a rule for it, whose line stands out from all grounds."""
    rules = dict(re.findall(r"([^{}]+?) \{([^}]*)\}", SHEET.template))
    focused = " ".join(selector for selector in rules if ":focus" in selector)
    for control in (
        "QPushButton", "QToolButton", "QCheckBox", "QLineEdit", "QAbstractSpinBox", "QComboBox",
        "QPlainTextEdit", "QTextEdit", "QTreeWidget", "QScrollArea", "#sections", "#send", "#new",
    ):  # fmt: skip
        assert f"{control}:focus" in focused or f'{control}[kind="plain"]:focus' in focused, control
    for ground in ("window", "base", "raised", "hover"):
        assert contrast(theme.accent, getattr(theme, ground)) >= 3, ground
