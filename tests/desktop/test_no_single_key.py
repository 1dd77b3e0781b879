"""No single key deletes a conversation for good, wherever the focus is: it can always be undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.conversations.shelves import ALL, TRASH
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

KEYS = [
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier),
    (Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier),
]


def focusable(desk: Desk) -> list[QWidget]:
    """Every place where the keyboard can be, now."""
    children = desk.window.findChildren(QWidget)
    return [
        w for w in children if w.isVisible() and w.isEnabled() and w.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


def settle(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=REPLY_MS)
    QApplication.processEvents()


@pytest.fixture
def filled(app: App) -> dict[str, set[str]]:
    """Two conversations, and one in the trash."""
    found: dict[str, set[str]] = {"kept": set(), "trashed": set()}
    for title in ("one", "two", "gone"):
        made = app.store.create_conversation(title=title)
        app.store.add_message(made.id, "user", f"about {title}")
        found["trashed" if title == "gone" else "kept"].add(made.id)
    for row in found["trashed"]:
        app.store.trash_conversation(row)
    return found


@pytest.mark.parametrize("shelf", [ALL, TRASH], ids=["all", "trash"])
def test_delete_and_backspace_anywhere_can_be_undone(
    app: App, filled: dict[str, set[str]], open_window: Callable[[], Desk], qtbot: QtBot, shelf: object
) -> None:
    desk = open_window()
    sidebar, notices = desk.window.sidebar, desk.window.chat.notices
    qtbot.waitUntil(lambda: len(sidebar.rows) == 3, timeout=REPLY_MS)
    sidebar.show_shelf(shelf)
    pressed = undone = refused = 0
    for widget in focusable(desk):
        for key, modifier in KEYS:
            if not shiboken6.isValid(widget) or not widget.isVisible():
                continue
            if sidebar.model.rowCount():
                sidebar.list.setCurrentIndex(sidebar.model.index(0))
            widget.setFocus()
            qtbot.keyClick(widget, key, modifier)
            settle(app, qtbot)
            pressed += 1
            listed = {row.id for row in app.store.conversations()}
            trashed = {row.id for row in app.store.conversations(is_trashed=True)}
            assert listed | trashed == filled["kept"] | filled["trashed"]
            for box in [box for box in desk.window.findChildren(QDialog) if box.isVisible()]:
                # Whatever asks, Escape and its default are no.
                assert not isinstance(box, QMessageBox) or box.defaultButton().text() == "Cancel"
                box.reject()
                refused += 1
            if moved := listed ^ filled["kept"]:
                assert shelf is ALL and len(moved) == 1
                assert notices.isVisible() and notices.act_button.isVisible()
                qtbot.mouseClick(notices.act_button, Qt.MouseButton.LeftButton)
                settle(app, qtbot)
                undone += 1
            assert {row.id for row in app.store.conversations()} == filled["kept"]
    assert pressed > 50
    assert (undone if shelf is ALL else refused) >= 1
