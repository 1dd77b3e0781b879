"""The list of conversations in the real window: order, trash and back, questions before what is final."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import StoreError
from teahouse_desktop.conversations.shelves import ARCHIVE, TRASH, Shelf
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Open = Callable[..., Desk]


def add(app: App, title: str, **facts: object) -> str:
    made = app.store.create_conversation(title=title)
    app.store.add_message(made.id, "user", f"about {title}")
    if facts:
        app.store.change_conversation(made.id, **facts)
    return made.id


def titles(desk: Desk) -> list[str]:
    model = desk.window.sidebar.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def wait_titles(desk: Desk, qtbot: QtBot, *expected: str) -> None:
    qtbot.waitUntil(lambda: titles(desk) == list(expected), timeout=REPLY_MS)


def last_box(desk: Desk) -> QMessageBox:
    return desk.window.findChildren(QMessageBox)[-1]


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def test_delete_key_moves_to_the_trash_and_undo_brings_it_back(
    app: App, open_window: Open, qtbot: QtBot
) -> None:
    first, second = add(app, "first"), add(app, "second")
    desk = open_window()
    wait_titles(desk, qtbot, "second", "first")
    desk.window.desks.lists.open(first)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.facts is not None, timeout=REPLY_MS)
    qtbot.keyClick(desk.window.sidebar.list, Qt.Key.Key_Delete)
    wait_titles(desk, qtbot, "second")
    assert desk.window.chat.conversation.id == ""
    assert [row.id for row in app.store.conversations(is_trashed=True)] == [first]
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: "“first” is in the trash" in notices.label.text(), timeout=REPLY_MS)
    qtbot.mouseClick(notices.act_button, Qt.MouseButton.LeftButton)
    wait_titles(desk, qtbot, "second", "first")
    qtbot.waitUntil(lambda: desk.window.chat.conversation.id == first, timeout=REPLY_MS)
    assert notices.isHidden()
    assert app.store.conversations(is_trashed=True) == []
    assert second in [row.id for row in app.store.conversations()]


def test_undo_stays_while_another_conversation_is_opened(app: App, open_window: Open, qtbot: QtBot) -> None:
    first, second = add(app, "first"), add(app, "second")
    desk = open_window()
    wait_titles(desk, qtbot, "second", "first")
    desk.window.desks.lists.act("trash", first)
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: notices.act_button.text() == "Undo", timeout=REPLY_MS)
    desk.window.desks.lists.open(second)
    assert notices.isVisible() and notices.act_button.text() == "Undo"
    desk.window.desks.lists.act("trash", second)
    qtbot.waitUntil(lambda: "“second”" in notices.label.text(), timeout=REPLY_MS)
    notices.drop_offer()
    assert notices.isHidden()


def test_in_the_trash_nothing_is_deleted_for_good_without_a_question(
    app: App, open_window: Open, qtbot: QtBot
) -> None:
    kept = add(app, "kept")
    app.store.trash_conversation(kept)
    app.states.prepare("model")
    state = app.states.path(kept, "model", "key")
    state.write_bytes(b"state")
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 1, timeout=REPLY_MS)
    desk.window.sidebar.show_shelf(TRASH)
    assert titles(desk) == ["kept"]
    desk.window.sidebar.list.setCurrentIndex(desk.window.sidebar.model.index(0))
    qtbot.keyClick(desk.window.sidebar.list, Qt.Key.Key_Delete)
    box = last_box(desk)
    assert box.text() == "Delete “kept” for good?"
    assert "Backups that were made before still have it." in box.informativeText()
    assert box.defaultButton().text() == "Cancel"
    box.defaultButton().click()
    assert app.store.conversation(kept).trashed_ms is not None
    desk.window.desks.lists.act("delete", kept)
    press(last_box(desk), "Delete for good")
    wait_titles(desk, qtbot)
    assert app.store.conversations(is_trashed=True) == []
    assert not state.exists()
    assert desk.window.chat.conversation.id == ""


def test_trash_is_emptied_after_a_question(app: App, open_window: Open, qtbot: QtBot) -> None:
    for title in ("a", "b"):
        app.store.trash_conversation(add(app, title))
    add(app, "c")
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 3, timeout=REPLY_MS)
    desk.window.desks.lists.trash.ask_empty()
    assert "Conversations: 2." in last_box(desk).text()
    assert "Backups that were made before still have them." in last_box(desk).informativeText()
    press(last_box(desk), "Empty the trash")
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 1, timeout=REPLY_MS)
    assert [row.title for row in app.store.conversations()] == ["c"]
    assert app.store.conversations(is_trashed=True) == []


def test_writing_in_a_trashed_conversation_takes_it_back(app: App, open_window: Open, qtbot: QtBot) -> None:
    found = add(app, "again")
    app.store.trash_conversation(found)
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 1, timeout=REPLY_MS)
    desk.window.desks.lists.open(found)
    assert desk.window.chat.notices.act_button.text() == "Restore"
    qtbot.waitUntil(lambda: desk.window.chat.conversation.facts is not None, timeout=REPLY_MS)
    desk.window.chat.send("still here")
    qtbot.waitUntil(lambda: app.store.conversation(found).trashed_ms is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)


def test_the_list_is_cleared_by_keys_and_taken_back(app: App, open_window: Open, qtbot: QtBot) -> None:
    one, two, three = add(app, "one"), add(app, "two"), add(app, "three")
    desk = open_window()
    wait_titles(desk, qtbot, "three", "two", "one")
    listed, chat = desk.window.sidebar.list, desk.window.chat
    desk.window.desks.lists.open(two)
    qtbot.waitUntil(lambda: chat.conversation.facts is not None, timeout=REPLY_MS)
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: chat.conversation.id == one, timeout=REPLY_MS)
    wait_titles(desk, qtbot, "three", "one")
    assert listed.hasFocus()
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "", autorep=True
    )
    QApplication.sendEvent(listed, held)
    qtbot.waitUntil(lambda: chat.conversation.facts is not None, timeout=REPLY_MS)
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: chat.conversation.id == three, timeout=REPLY_MS)
    wait_titles(desk, qtbot, "three")
    for expected in (["three", "one"], ["three", "two", "one"]):
        qtbot.keyClick(listed, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        wait_titles(desk, qtbot, *expected)
    qtbot.keyClick(listed, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert app.store.conversations(is_trashed=True) == []


def test_what_cannot_be_thrown_away_stays_open(
    app: App, open_window: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(conversation_id: str) -> None:
        raise StoreError("The disk is full.")

    one = add(app, "one")
    desk = open_window()
    wait_titles(desk, qtbot, "one")
    desk.window.desks.lists.open(one)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.facts is not None, timeout=REPLY_MS)
    monkeypatch.setattr(app.store, "trash_conversation", refuse)
    desk.window.desks.lists.trash_current()
    notices = desk.window.chat.notices
    qtbot.waitUntil(lambda: "The disk is full." in notices.label.text(), timeout=REPLY_MS)
    assert desk.window.chat.conversation.id == one
    assert notices.act_button.isHidden()


def test_by_tab_the_list_shows_where_one_is_and_opens_nothing(
    app: App, open_window: Open, qtbot: QtBot
) -> None:
    _one, two = add(app, "one"), add(app, "two")
    desk = open_window()
    wait_titles(desk, qtbot, "two", "one")
    listed = desk.window.sidebar.list
    assert not listed.currentIndex().isValid()
    listed.setFocus(Qt.FocusReason.TabFocusReason)
    assert listed.currentIndex().row() == 0 and not listed.selectedIndexes()
    assert desk.window.chat.conversation.id == ""
    qtbot.keyClick(listed, Qt.Key.Key_Space)
    assert desk.window.chat.conversation.id == two


def test_the_right_button_opens_no_conversation(app: App, open_window: Open, qtbot: QtBot) -> None:
    add(app, "one")
    desk = open_window()
    wait_titles(desk, qtbot, "one")
    listed = desk.window.sidebar.list
    place = listed.visualRect(desk.window.sidebar.model.index(0)).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert desk.window.chat.conversation.id == ""
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.window.chat.conversation.id != ""


def test_that_one_is_in_the_trash_is_said_as_long_as_it_is(app: App, open_window: Open, qtbot: QtBot) -> None:
    gone, other = add(app, "gone"), add(app, "other")
    app.store.trash_conversation(gone)
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 2, timeout=REPLY_MS)
    notices = desk.window.chat.notices
    desk.window.desks.lists.open(gone)
    assert notices.isVisible() and not notices._timer.isActive()
    desk.window.desks.lists.act("trash", other)
    qtbot.waitUntil(lambda: notices.act_button.text() == "Undo", timeout=REPLY_MS)
    assert notices._timer.isActive()


def test_what_is_listed_elsewhere_can_be_renamed(app: App, open_window: Open, qtbot: QtBot) -> None:
    add(app, "one")
    old = add(app, "old", is_archived=True)
    desk = open_window()
    wait_titles(desk, qtbot, "one")
    sidebar = desk.window.sidebar
    desk.window.desks.lists.open(old)
    qtbot.waitUntil(lambda: desk.window.chat.conversation.facts is not None, timeout=REPLY_MS)
    sidebar.search.setText("on")
    sidebar.search.flush()
    sidebar.hide()
    sidebar.rename()
    assert sidebar.isVisible() and sidebar.list.isVisible() and sidebar.shelf == ARCHIVE
    assert sidebar.list.is_editing
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_X)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: app.store.conversation(old).title == "x", timeout=REPLY_MS)


def test_long_names_do_not_make_the_menu_wide(app: App, open_window: Open, qtbot: QtBot) -> None:
    add(app, "one", folder="A folder " * 40)
    desk = open_window()
    wait_titles(desk, qtbot, "one")
    menu = desk.window.sidebar.shelves.menu()
    desk.window.sidebar.shelves.fill()
    assert max(len(action.text()) for action in menu.actions()) < 60
    assert any("…" in action.text() for action in menu.actions() if action.isCheckable())


def test_pinned_archived_filed_and_tagged(app: App, open_window: Open, qtbot: QtBot) -> None:
    one, _two, three = add(app, "one"), add(app, "two"), add(app, "three")
    desk = open_window()
    lists, sidebar = desk.window.desks.lists, desk.window.sidebar
    wait_titles(desk, qtbot, "three", "two", "one")
    lists.act("pin", one, True)
    wait_titles(desk, qtbot, "one", "three", "two")
    lists.act("archive", three, True)
    wait_titles(desk, qtbot, "one", "two")
    notices = desk.window.chat.notices
    assert notices.label.text() == "“three” is in the archive."
    notices.act_button.click()
    wait_titles(desk, qtbot, "one", "three", "two")
    lists.act("archive", three, True)
    wait_titles(desk, qtbot, "one", "two")
    sidebar.show_shelf(ARCHIVE)
    assert titles(desk) == ["three"]
    lists.act("new_folder", three)
    dialog = desk.window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("  Tea   & cake ")
    dialog.accept()
    qtbot.waitUntil(lambda: app.store.conversation(three).folder == "Tea & cake", timeout=REPLY_MS)
    lists.act("new_tags", one)
    dialog = desk.window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("#茶, warm")
    dialog.accept()
    qtbot.waitUntil(lambda: set(app.store.conversation(one).tags) == {"warm", "茶"}, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: bool(sidebar.rows and sidebar.conversation(one).tags), timeout=REPLY_MS)  # type: ignore[union-attr]
    sidebar.shelves.fill()
    offered = [action.text() for action in sidebar.shelves.menu().actions() if action.isCheckable()]
    assert offered == [
        *("Conversations  (2)", "Tea && cake  (1)", "#warm  (1)", "#茶  (1)", "Archive  (1)", "Trash  (0)")
    ]
    sidebar.show_shelf(Shelf("tag", "茶"))
    assert titles(desk) == ["one"]
    said = sidebar.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "pinned" in said and "#茶" in said
    lists.act("tags", one, ())
    wait_titles(desk, qtbot, "one", "two")  # the tag is gone with its last conversation


def test_menu_of_a_conversation_from_the_keyboard(app: App, open_window: Open, qtbot: QtBot) -> None:
    add(app, "one", folder="Work")
    desk = open_window()
    wait_titles(desk, qtbot, "one")
    listed = desk.window.sidebar.list
    listed.setCurrentIndex(desk.window.sidebar.model.index(0))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(listed, event)
    menu = [found for found in desk.window.sidebar.findChildren(QMenu) if found.isVisible()][-1]
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        *("Open beside", "Rename", "System prompt …", "Pin to the top", "Move to the archive", "Folder"),
        *("Tags", "Export …"),
        "Move to the trash",
    ]
    next(action for action in menu.actions() if action.text() == "Pin to the top").trigger()
    qtbot.waitUntil(lambda: app.store.conversations()[0].is_pinned, timeout=REPLY_MS)
    menu.close()


def test_new_conversation_goes_back_to_all(app: App, open_window: Open, qtbot: QtBot) -> None:
    app.store.trash_conversation(add(app, "gone"))
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 1, timeout=REPLY_MS)
    desk.window.sidebar.show_shelf(TRASH)
    qtbot.mouseClick(desk.window.sidebar.new_button, Qt.MouseButton.LeftButton)
    assert desk.window.sidebar.shelf.kind == "all"
    assert titles(desk) == []
