"""Keys that people change: taken, refused with the reason, taken over, reset, kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.settings.shortcut_row import ShortcutRow
from teahouse_desktop.start import Desk
from teahouse_desktop.widgets.key_field import KeyButton
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui
Press = Callable[[str, Qt.Key, Qt.KeyboardModifier], ShortcutRow]
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> SettingsPage:
    opened = desk.window.pages.open(SETTINGS)
    assert isinstance(opened, SettingsPage)
    qtbot.waitUntil(lambda: opened.is_ready, timeout=REPLY_MS)
    return opened


@pytest.fixture
def press(page: SettingsPage, qtbot: QtBot) -> Press:
    """Activates the field of an action's keys and presses some."""

    def press_one(name: str, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> ShortcutRow:
        row = page.rows[f"shortcuts.{name}"]
        assert isinstance(row, ShortcutRow) and isinstance(row.field.widget, KeyButton)
        row.field.widget.setFocus()
        qtbot.keyClick(row.field.widget, Qt.Key.Key_Space)
        assert row.field.widget.is_listening
        qtbot.keyClick(row.field.widget, key, modifiers)
        assert not row.field.widget.is_listening
        return row

    return press_one


def keys(desk: Desk, name: str) -> str:
    return desk.window.menus.actions[name].shortcut().toString()


def test_other_keys_are_taken_at_once_and_after_a_restart(
    app: App, desk: Desk, press: Press, qtbot: QtBot, open_window: Callable[[], Desk]
) -> None:
    row = press("new", Qt.Key.Key_J, CTRL | SHIFT)
    qtbot.waitUntil(lambda: keys(desk, "new") == "Ctrl+Shift+J", timeout=REPLY_MS)
    assert row.field.widget.accessibleName() == "New conversation: Ctrl+Shift+J"
    assert app.settings.get("shortcuts.new") == "Ctrl+Shift+J"
    desk.window.close()
    assert keys(open_window(), "new") == "Ctrl+Shift+J"


def test_keys_of_another_action_are_refused_by_name_and_can_be_taken(
    app: App, desk: Desk, press: Press, page: SettingsPage, qtbot: QtBot
) -> None:
    row = press("preview", Qt.Key.Key_N, CTRL)
    assert row.said("problem") == "Ctrl+N belongs to “New conversation”."
    assert (keys(desk, "preview"), keys(desk, "new")) == ("Ctrl+P", "Ctrl+N")
    assert row.take.isVisibleTo(page)
    qtbot.mouseClick(row.take, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys(desk, "preview") == "Ctrl+N", timeout=REPLY_MS)
    assert keys(desk, "new") == ""
    qtbot.waitUntil(lambda: page.rows["shortcuts.new"].field.widget.text() == "none", timeout=REPLY_MS)
    assert not row.said("problem") and not row.take.isVisibleTo(page)
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: keys(desk, "preview") == "Ctrl+P", timeout=REPLY_MS)


@pytest.mark.parametrize(
    ("key", "modifiers", "reason"),
    [
        (Qt.Key.Key_X, NONE, "X is needed for writing."),
        (Qt.Key.Key_X, SHIFT, "Shift+X is needed for writing."),
        (Qt.Key.Key_Tab, NONE, "Tab is needed for writing."),
        (Qt.Key.Key_V, CTRL, "Ctrl+V is needed in text fields."),
    ],
)
def test_keys_that_writing_needs_are_refused(
    desk: Desk, press: Press, key: Qt.Key, modifiers: Qt.KeyboardModifier, reason: str
) -> None:
    row = press("new", key, modifiers)
    assert row.said("problem").startswith(reason)
    assert keys(desk, "new") == "Ctrl+N"


def test_escape_changes_nothing_and_backspace_takes_keys_away(
    app: App, desk: Desk, press: Press, page: SettingsPage, qtbot: QtBot
) -> None:
    row = press("new", Qt.Key.Key_Escape, NONE)
    assert row.field.widget.text() == "Ctrl+N"
    assert desk.window.pages.current == SETTINGS
    press("new", Qt.Key.Key_Backspace, NONE)
    qtbot.waitUntil(lambda: keys(desk, "new") == "", timeout=REPLY_MS)
    assert app.settings.get("shortcuts.new") == ""


def test_while_it_listens_no_shortcut_is_run(desk: Desk, press: Press) -> None:
    press("new", Qt.Key.Key_B, CTRL)  # Ctrl+B hides the list of conversations
    assert desk.window.sidebar.isVisible()


def test_tab_leaves_a_field_that_does_not_listen(desk: Desk, page: SettingsPage, qtbot: QtBot) -> None:
    desk.window.activateWindow()
    button = page.rows["shortcuts.new"].field.widget
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not button


def test_keys_in_the_file_that_are_none_count_as_none(app: App, open_window: Callable[[], Desk]) -> None:
    app.paths.settings_file.parent.mkdir(parents=True, exist_ok=True)
    app.paths.settings_file.write_text('[shortcuts]\nnew = "茶"\n', "utf-8")
    app.settings.set("net.offline", False)  # reads the file anew
    desk = open_window()
    assert desk.window.menus.actions["new"].shortcut() in (QKeySequence(), QKeySequence("茶"))
    assert keys(desk, "preview") == "Ctrl+P"
