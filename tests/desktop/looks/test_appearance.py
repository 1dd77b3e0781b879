from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.appearance import Appearance
from teahouse_desktop.looks.stylesheet import make_stylesheet
from teahouse_desktop.looks.taste import Taste
from teahouse_desktop.looks.theme import DARK, LIGHT

pytestmark = pytest.mark.gui


def test_choosing_a_theme_changes_palette_sheet_and_look(qapp: QApplication, qtbot: QtBot) -> None:
    appearance = Appearance(qapp, "light")
    assert qapp.palette().base().color().name() == LIGHT.base
    with qtbot.waitSignal(appearance.changed) as changed:
        appearance.choose("dark")
    assert changed.args[0].theme is DARK
    assert qapp.palette().base().color().name() == DARK.base
    assert DARK.raised in qapp.styleSheet()
    appearance.choose("light")


def test_same_theme_again_changes_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    appearance = Appearance(qapp, "light")
    with qtbot.assertNotEmitted(appearance.changed):
        appearance.choose("light")


def test_system_follows_the_desktop(qapp: QApplication) -> None:
    appearance = Appearance(qapp, "system")
    try:
        qapp.styleHints().setColorScheme(Qt.ColorScheme.Dark)
        is_followed = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
        assert appearance.look.theme is (DARK if is_followed else LIGHT)
        appearance.choose("light")
        assert appearance.look.theme is LIGHT
    finally:
        qapp.styleHints().unsetColorScheme()


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """One that leaves the application as it was."""
    made = Appearance(qapp, "light")
    yield made
    made.choose("light")
    made.wear(Taste())


def test_sizes_hold_at_once_for_the_window_its_messages_and_code(
    appearance: Appearance, qapp: QApplication, qtbot: QtBot
) -> None:
    usual = appearance.look
    with qtbot.waitSignal(appearance.changed):
        appearance.wear(Taste(text_percent=200))
    look = appearance.look
    assert qapp.font().pointSizeF() == 2 * usual.font.pointSizeF()
    assert look.reading.pointSizeF() == pytest.approx(2 * usual.reading.pointSizeF())
    assert look.mono.pointSizeF() == pytest.approx(2 * usual.mono.pointSizeF())
    assert look.em > 1.9 * usual.em
    assert (usual.scale, look.square(16).width()) == (1.0, 32)


def test_messages_alone_can_be_larger(appearance: Appearance) -> None:
    usual = appearance.look
    appearance.wear(Taste(message_percent=150))
    assert appearance.look.font == usual.font
    assert appearance.look.reading.pointSizeF() == 1.5 * usual.font.pointSizeF()


def test_the_same_taste_again_changes_nothing(appearance: Appearance, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(appearance.changed):
        appearance.wear(Taste())


def test_compact_rows_and_lines_are_closer(appearance: Appearance) -> None:
    usual = appearance.look
    appearance.wear(Taste(density="compact"))
    look = appearance.look
    assert look.em < usual.em
    assert look.row < usual.row
    assert (
        "QPushButton, QToolButton {\n    border: 1px solid transparent; border-radius: 7px; padding: 4px 12px"
        in (make_stylesheet(look))
    )


def test_compact_controls_do_not_move_when_they_get_the_focus(appearance: Appearance) -> None:
    appearance.wear(Taste(density="compact"))
    sheet = make_stylesheet(appearance.look)
    rules = dict(
        re.findall(
            r'^(QPushButton\[kind="plain"\](?::focus)?|QPushButton, QToolButton) {([^}]*)}', sheet, re.M
        )
    )
    usual = re.search(r"padding: (\d+)px (\d+)px", rules["QPushButton, QToolButton"])
    focused = re.search(r"padding: (\d+)px (\d+)px", rules['QPushButton[kind="plain"]:focus'])
    assert usual and focused
    assert [int(usual[n]) - int(focused[n]) for n in (1, 2)] == [1, 1]


def test_own_colours_hold_at_once_and_only_in_their_theme(appearance: Appearance, qapp: QApplication) -> None:
    appearance.wear(Taste(accent="#7a2e8f"))
    assert appearance.look.theme is LIGHT
    appearance.choose("own")
    assert appearance.look.theme.accent == "#7a2e8f"
    assert "#7a2e8f" in qapp.styleSheet()
    appearance.wear(Taste(accent="#1f4e8c", ground="#101418"))
    assert appearance.look.theme.base == "#101418"
    assert qapp.palette().base().color().name() == "#101418"


def test_high_contrast_is_black_and_white(appearance: Appearance) -> None:
    appearance.choose("contrast")
    theme = appearance.look.theme
    assert {theme.base, theme.text} == {"#000000", "#ffffff"}


@pytest.mark.parametrize(("motion", "asked", "is_still"), [
    ("auto", False, False), ("auto", True, True), ("on", True, False), ("off", False, True),
])  # fmt: skip
def test_nothing_moves_where_nothing_should(
    appearance: Appearance, qapp: QApplication, motion: str, asked: bool, is_still: bool
) -> None:
    appearance.rest(asked)
    appearance.wear(Taste(motion=motion))
    assert appearance.look.is_still is is_still
    assert (qapp.styleHints().cursorFlashTime() == 0) is is_still
    assert ("widget-animation-duration: 0" in qapp.styleSheet()) is is_still
    appearance.rest(False)


def test_the_caret_blinks_as_the_desktop_has_it_whatever_was_before(qapp: QApplication) -> None:
    usual = Appearance(qapp, "light", Taste())
    blink_ms = qapp.styleHints().cursorFlashTime()
    assert blink_ms > 0
    usual.wear(Taste(motion="off"))
    assert qapp.styleHints().cursorFlashTime() == 0
    Appearance(qapp, "light", Taste())  # made while another one had taken the blink away
    assert qapp.styleHints().cursorFlashTime() == blink_ms


def test_effects_of_the_desktop_come_back_when_things_may_move(qapp: QApplication) -> None:
    effect = Qt.UIEffect.UI_General
    before = QApplication.isEffectEnabled(effect)
    QApplication.setEffectEnabled(effect, True)
    try:
        appearance = Appearance(qapp, "light", Taste(motion="off"))
        assert not QApplication.isEffectEnabled(effect)
        appearance.wear(Taste())
        assert QApplication.isEffectEnabled(effect)
    finally:
        QApplication.setEffectEnabled(effect, before)


def test_as_the_desktop_is_of_high_contrast_where_the_desktop_asks_for_it(
    appearance: Appearance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appearance, "_wants_contrast", lambda: True)
    appearance.choose("dark")
    assert appearance.look.theme is DARK
    appearance.choose("system")
    assert appearance.look.theme.name == "contrast"
    monkeypatch.undo()
    appearance.choose("light")
    appearance.choose("system")
    assert appearance.look.theme in (LIGHT, DARK)
