"""Pages in the place of the chat: reached, left, and nothing lost on the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.pages.pages import DOCTOR, SETTINGS
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS
from tests.desktop.test_window import interactive

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("name", [SETTINGS, DOCTOR])
def test_a_page_opens_from_the_foot_and_escape_goes_back_to_what_was_typed(
    desk: Desk, qtbot: QtBot, name: str
) -> None:
    window = desk.window
    window.activateWindow()
    window.chat.composer.setFocus()
    qtbot.keyClicks(window.chat.composer.field, "half a thought")
    qtbot.mouseClick(window.sidebar.foot.buttons[name], Qt.MouseButton.LeftButton)
    page = window.middle.currentWidget()
    assert window.pages.current == name
    assert page.isVisible() and not window.chat.isVisible()
    assert window.sidebar.foot.buttons[name].isChecked()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert window.pages.current == ""
    assert not window.sidebar.foot.buttons[name].isChecked()
    assert window.chat.composer.text == "half a thought"
    assert QApplication.focusWidget() is window.chat.composer.field


def test_settings_open_from_the_menu_and_about_too(desk: Desk) -> None:
    actions = desk.window.menus.actions
    actions["settings"].trigger()
    assert desk.window.pages.current == SETTINGS
    assert actions["settings"].shortcut().toString() == "Ctrl+,"
    actions["about"].trigger()
    assert desk.window.pages.current == DOCTOR


def test_the_back_button_has_a_name_and_works(desk: Desk, qtbot: QtBot) -> None:
    page = desk.window.pages.open(SETTINGS)
    assert page.back.accessibleName() == "Back to the chat"
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert desk.window.pages.current == ""


def test_a_new_conversation_and_actions_of_the_chat_show_the_chat(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    window.pages.open(SETTINGS)
    qtbot.mouseClick(window.sidebar.new_button, Qt.MouseButton.LeftButton)
    assert window.pages.current == ""
    window.pages.open(SETTINGS)
    window.menus.actions["write"].trigger()
    assert window.pages.current == ""
    window.pages.open(SETTINGS)
    window.menus.actions["sidebar"].trigger()
    assert window.pages.current == SETTINGS


@pytest.mark.parametrize("name", [SETTINGS, DOCTOR])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_on_a_page_has_a_name(desk: Desk, qtbot: QtBot, name: str, language: str) -> None:
    desk.window.choose_language(language)
    page = desk.window.pages.open(name)
    if isinstance(page, SettingsPage):
        qtbot.waitUntil(lambda: page.is_ready, timeout=REPLY_MS)
    nameless = [
        f"{type(widget).__name__} in {widget.parent()}"
        for widget in interactive(page)
        if widget.isVisibleTo(page)  # not the closed list of a box
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_pages_follow_language_and_theme(desk: Desk) -> None:
    page = desk.window.pages.open(SETTINGS)
    desk.window.choose_language("zh_CN")
    QApplication.processEvents()
    assert page.accessibleName() == page.title == "设置"
    desk.window.choose_theme("dark")
    assert page.look.theme is DARK
    assert page.grab().toImage().pixelColor(3, page.height() - 3).name() == DARK.base
    later = desk.window.pages.open(DOCTOR)
    assert later.look.theme is DARK
