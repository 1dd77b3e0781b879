from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.appearance import Appearance
from teahouse_desktop.theme import DARK, LIGHT

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
