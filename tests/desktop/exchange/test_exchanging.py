"""Exporting and importing in the real window."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QHeaderView, QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS
from tests.desktop.test_window import interactive

pytestmark = pytest.mark.gui

Open = Callable[..., Desk]


def add(app: App, title: str) -> str:
    made = app.store.create_conversation(title=title)
    app.store.add_message(made.id, "user", f"about {title}")
    app.store.add_message(made.id, "assistant", "yes")
    return made.id


@pytest.fixture
def ready(app: App, open_window: Open, qtbot: QtBot) -> Desk:
    for title in ("one", "two"):
        add(app, title)
    desk = open_window()
    qtbot.waitUntil(lambda: len(desk.window.sidebar.rows) == 2, timeout=REPLY_MS)
    return desk


def test_one_is_exported_and_read_back_as_it_was(app: App, ready: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    one = next(row for row in ready.window.sidebar.rows if row.title == "one")
    before = app.store.whole(one.id)
    dialog = ready.window.desks.exchange.open_export(one.id)
    assert [dialog.scope.itemText(n) for n in range(dialog.scope.count())] == ["one", "All conversations: 2"]
    file = tmp_path / "茶.json"
    dialog.start(str(file))
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Exported: 1, to "), timeout=REPLY_MS)
    dialog.close()
    app.store.delete_conversation(one.id)
    reading = ready.window.desks.exchange.open_import()
    reading.is_own.setChecked(True)
    reading.start([str(file)])
    qtbot.waitUntil(lambda: reading.outcome.text() == "Imported: 1.", timeout=REPLY_MS)
    assert reading.report.isHidden()
    reading.close()
    assert app.store.whole(one.id) == before
    qtbot.waitUntil(lambda: len(ready.window.sidebar.rows) == 2, timeout=REPLY_MS)


def test_formats_of_one_conversation_a_file_get_a_folder(ready: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = ready.window.desks.exchange.open_export()
    dialog.format.setCurrentIndex(dialog.format.findData("html"))
    assert dialog.needs_folder
    folder = tmp_path / "pages"
    folder.mkdir()
    dialog.start(str(folder))
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Exported: 2"), timeout=REPLY_MS)
    assert len(list(folder.glob("*.html"))) == 2
    page, other = next(folder.glob("one*.html")), folder / "other.txt"
    page.write_text("edited", "utf-8")
    other.write_text("mine", "utf-8")
    dialog.start(str(folder))
    box = dialog.findChildren(QMessageBox)[-1]
    assert "There are files in “pages” already." in box.text()
    box.defaultButton().click()
    assert page.read_text("utf-8") == "edited"
    dialog.outcome.setText("")
    dialog.start(str(folder))
    box = dialog.findChildren(QMessageBox)[-1]
    next(button for button in box.buttons() if button.text() == "Export here").click()
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Exported: 2"), timeout=REPLY_MS)
    assert "about one" in page.read_text("utf-8") and other.read_text("utf-8") == "mine"
    dialog.close()


def test_a_file_is_named_after_what_is_in_it(ready: Desk) -> None:
    one = next(row for row in ready.window.sidebar.rows if row.title == "one")
    dialog = ready.window.desks.exchange.open_export(one.id)
    dialog.format.setCurrentIndex(dialog.format.findData("markdown"))
    assert dialog.suggested_name.startswith("one ") and dialog.suggested_name.endswith(".md")
    dialog.scope.setCurrentIndex(dialog.scope.findData("all"))
    assert dialog.suggested_name == "teahouse.md"
    dialog.close()


def test_all_choices_can_be_seen_at_once(ready: Desk, qtbot: QtBot) -> None:
    dialog = ready.window.desks.exchange.open_export()
    for box in (dialog.scope, dialog.format):
        box.showPopup()
        QApplication.processEvents()
        view = box.view()
        last = view.visualRect(box.model().index(box.count() - 1, 0))
        assert view.viewport().rect().contains(last)
        box.hidePopup()
    dialog.close()


def test_every_control_of_the_dialogs_has_a_name(ready: Desk) -> None:
    exchange, restore = ready.window.desks.exchange, ready.window.desks.restore
    restore.open()
    assert restore.dialog is not None
    for dialog in (exchange.open_export(), exchange.open_import(), restore.dialog):
        names = {
            widget: QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
            for widget in interactive(dialog)
            if widget.isVisible()
        }
        assert names and all(names.values())
        assert all(
            widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            for widget in names
            if not isinstance(widget, QHeaderView)
        )
        dialog.close()


def test_where_there_is_nothing_nothing_is_exported(desk: Desk) -> None:
    dialog = desk.window.desks.exchange.open_export()
    assert not dialog.start_button.isEnabled()
    dialog.close()


def test_an_import_says_what_it_left_out(ready: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "share.json"
    turns = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "ho"}]
    file.write_text(json.dumps([{"conversations": turns}, {"x": 1}]), "utf-8")
    dialog = ready.window.desks.exchange.open_import()
    dialog.start([str(file)])
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Imported: 1."), timeout=REPLY_MS)
    assert "share.json" in dialog.report.toPlainText() and dialog.report.isVisible()
    dialog.close()


def test_a_file_of_nothing_known_is_an_error_in_words(ready: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "x.json"
    file.write_text("[]", "utf-8")
    dialog = ready.window.desks.exchange.open_import()
    dialog.start([str(file)])
    qtbot.waitUntil(lambda: "can be imported" in dialog.outcome.text(), timeout=REPLY_MS)
    assert dialog.start_button.isEnabled()
    dialog.close()


def test_a_stopped_import_keeps_whole_conversations(
    app: App, ready: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "many.json"
    turns = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "ho"}]
    file.write_text(json.dumps([{"id": str(n), "conversations": turns} for n in range(5000)]), "utf-8")
    dialog = ready.window.desks.exchange.open_import()
    dialog.start([str(file)])
    assert not dialog.close_button.isEnabled()
    qtbot.waitUntil(lambda: len(app.store.conversations()) > 12, timeout=REPLY_MS)
    assert dialog.progress.isVisible()
    dialog.reject()
    qtbot.waitUntil(lambda: dialog.outcome.text().startswith("Stopped."), timeout=REPLY_MS)
    kept = app.store.conversations()
    assert 2 < len(kept) < 5002
    assert {len(app.store.visible_path(row.id)) for row in kept} == {2}
    dialog.close()
