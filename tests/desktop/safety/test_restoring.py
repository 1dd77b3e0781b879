"""Backups and the ways back from damage, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.store import Store, trash
from teahouse_desktop.safety import care
from teahouse_desktop.safety.restore_dialog import RestoreDialog
from teahouse_desktop.safety.restoring import Condition
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Open = Callable[..., Desk]


@pytest.fixture
def filled(home: Path, app: App) -> Path:
    """A database with one conversation and a backup of it, closed; the app has not opened it yet."""
    file = app.paths.database
    store = Store(file)
    made = store.create_conversation(title="kept")
    store.add_message(made.id, "user", "a word that must not be lost")
    for _ in store.back_up(Cancel()):
        pass
    store.close()
    return file


def break_file(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.write(b"no database any more" * 50)


def titles(desk: Desk) -> list[str]:
    model = desk.window.sidebar.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def dialog_of(desk: Desk, qtbot: QtBot) -> RestoreDialog:
    qtbot.waitUntil(lambda: desk.window.desks.restore.dialog is not None, timeout=REPLY_MS)
    dialog = desk.window.desks.restore.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.backups), timeout=REPLY_MS)
    return dialog


def consent(desk: Desk, text: str) -> None:
    box = desk.window.findChildren(QMessageBox)[-1]
    next(button for button in box.buttons() if button.text() == text).click()


def test_a_file_that_cannot_be_opened_shows_the_backups_and_one_is_restored(
    filled: Path, open_window: Open, qtbot: QtBot
) -> None:
    break_file(filled)
    broken = filled.read_bytes()
    desk = open_window()
    dialog = dialog_of(desk, qtbot)
    assert dialog.isVisible() and desk.window.banner.isVisible()
    assert "is not a database of Teahouse" in dialog.about.text()
    assert dialog.list.topLevelItem(0).text(2) == "1"
    assert desk.window.sidebar._empty.text() == "The conversations cannot be read now."
    dialog.restore.click()
    consent(desk, "Restore")
    qtbot.waitUntil(lambda: "The backup is in place." in dialog.status.text(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: titles(desk) == ["kept"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not desk.window.banner.isVisible(), timeout=REPLY_MS)
    [aside] = (filled.parent / "set-aside").glob("*.db")
    assert aside.read_bytes() == broken
    dialog.close()


def test_salvage_reports_what_it_saved(filled: Path, open_window: Open, qtbot: QtBot) -> None:
    break_file(filled)
    desk = open_window()
    dialog = dialog_of(desk, qtbot)
    desk.window.chat.composer.set_text("typed meanwhile")
    dialog.salvage.click()
    consent(desk, "Salvage")
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Conversations saved: 1"), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: titles(desk) == ["kept"], timeout=REPLY_MS)
    assert desk.window.chat.composer.text == "typed meanwhile"
    assert "kept:" in dialog.status.text()
    dialog.close()


def test_nothing_is_restored_without_consent(filled: Path, open_window: Open, qtbot: QtBot) -> None:
    desk = open_window()
    desk.window.desks.restore.open()
    dialog = dialog_of(desk, qtbot)
    assert "What was deleted for good after a backup was made is still in that backup." in dialog.about.text()
    assert str(filled.parent / "backups") in dialog.about.text()
    dialog.restore.click()
    consent(desk, "Cancel")
    assert not (filled.parent / "set-aside").exists()
    [before] = [backup.path for backup in dialog.backups]
    dialog.backup.click()
    qtbot.waitUntil(lambda: dialog.status.text() == "The backup was made.", timeout=REPLY_MS)
    # The newest of a day takes the place of an earlier one.
    qtbot.waitUntil(lambda: [b.path for b in dialog.backups] not in ([], [before]), timeout=REPLY_MS)
    dialog.close()


def test_the_banner_says_why_and_goes(desk: Desk) -> None:
    banner = desk.window.banner
    banner.show_condition(Condition("Written by a newer version.", "Install it."))
    assert banner.isVisible() and banner.label.text() == "Written by a newer version. Install it."
    banner.show_condition(Condition())
    assert not banner.isVisible()


def test_a_newer_file_is_shown_read_only(filled: Path, open_window: Open, qtbot: QtBot, app: App) -> None:
    import sqlite3

    with sqlite3.connect(filled) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    desk = open_window()
    qtbot.waitUntil(lambda: desk.window.banner.isVisible(), timeout=REPLY_MS)
    assert "newer version" in desk.window.banner.label.text()
    qtbot.waitUntil(lambda: titles(desk) == ["kept"], timeout=REPLY_MS)
    assert desk.window.desks.restore.dialog is None
    assert app.store.is_read_only


def test_a_file_with_damaged_pages_is_shown_and_salvaged_from_the_banner(
    home: Path, app: App, open_window: Open, qtbot: QtBot
) -> None:
    store = Store(app.paths.database)
    made = store.create_conversation(title="half")
    for number in range(60):
        store.add_message(made.id, "user", f"word {number} " * 200)
    store.close()
    data = bytearray(app.paths.database.read_bytes())
    middle = len(data) // 8192 * 4096
    data[middle : middle + 4096] = b"\xff" * 4096
    app.paths.database.write_bytes(data)
    desk = open_window()
    qtbot.waitUntil(lambda: desk.window.banner.isVisible(), timeout=REPLY_MS)
    assert "is damaged" in desk.window.banner.label.text()
    qtbot.waitUntil(lambda: titles(desk) == ["half"], timeout=REPLY_MS)
    desk.window.banner.button.click()
    qtbot.waitUntil(lambda: desk.window.desks.restore.dialog is not None, timeout=REPLY_MS)
    dialog = desk.window.desks.restore.dialog
    assert dialog is not None and not dialog.backup.isEnabled() and not dialog.restore.isEnabled()
    dialog.salvage.click()
    consent(desk, "Salvage")
    qtbot.waitUntil(lambda: "Conversations saved: 1" in dialog.status.text(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not desk.window.banner.isVisible(), timeout=REPLY_MS)
    assert not app.store.is_read_only
    dialog.close()


# --- in the background ---


def test_what_is_due_is_done_in_the_background(app: App, open_window: Open, qtbot: QtBot) -> None:
    old = app.store.create_conversation(title="old")
    app.store.trash_conversation(old.id)
    with app.store._database.writing() as connection:
        connection.execute("UPDATE conversation SET trashed_ms = 1600000000000")
    app.paths.database.with_name(trash.NAME).write_text(f'{{"looked_ms": {now_ms() - 2 * trash.DAY_MS}}}')
    app.states.prepare("model")
    state = app.states.path(old.id, "model", "key")
    state.write_bytes(b"state")
    assert app.store.is_backup_due and app.store.is_look_due
    desk = open_window()
    desk.window.desks.care.begin()
    qtbot.waitUntil(lambda: not desk.window.desks.care._running, timeout=REPLY_MS)
    assert app.store.backups()
    assert not app.store.is_backup_due and not app.store.is_look_due
    assert app.store.conversations(is_trashed=True) == []
    assert not state.exists()
    assert app.store.is_search_complete
    assert desk.window.chat.notices.isHidden()


def test_damage_that_is_found_is_said(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(care, "list_due", lambda app: [care.Operation("look", lambda cancel: _found())])
    desk.window.desks.care.begin()
    qtbot.waitUntil(lambda: "page 3 is broken" in desk.window.chat.notices.label.text(), timeout=REPLY_MS)


def _found():  # type: ignore[no-untyped-def]
    yield from ()
    return "page 3 is broken"
