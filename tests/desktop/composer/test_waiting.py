"""Messages that wait for the end of a reply, two-stage stop and files alone, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.chat.attachments import attachments_of
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.composer.waiting_rows import WaitingRow
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
LONG = "abcdefghij" * 12


def texts(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def type_and_send(desk: Desk, qtbot: QtBot, text: str) -> None:
    field = desk.window.chat.composer.field
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def rows(desk: Desk) -> list[WaitingRow]:
    return desk.window.chat.composer.rows.rows


def said(desk: Desk) -> list[str]:
    return [row.text for row in rows(desk)]


def begin(app: App, desk: Desk, qtbot: QtBot, text: str = LONG, *, delay_ms: int = 30) -> ChatPage:
    """Ask something that takes a while, and wait for its first words."""
    app.settings.set("echo.delay_ms", delay_ms)
    type_and_send(desk, qtbot, text)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and bool(texts(desk)[1]), timeout=REPLY_MS)
    return desk.window.chat


def draft(app: App, desk: Desk) -> str:
    return app.store.conversation(desk.window.chat.conversation.id).draft


def attach(desk: Desk, qtbot: QtBot, path: Path) -> None:
    tray = desk.window.chat.composer.tray
    desk.window.desks.files.add_files([str(path)])
    qtbot.waitUntil(lambda: len(tray.items) == 1, timeout=REPLY_MS)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("Oolong.\n", encoding="utf-8")
    return path


# --- waiting ---


def test_messages_wait_and_are_sent_in_order(app: App, desk: Desk, qtbot: QtBot) -> None:
    begin(app, desk, qtbot)
    type_and_send(desk, qtbot, "second")
    type_and_send(desk, qtbot, "third")
    assert said(desk) == ["Waiting: second", "Waiting: third"]
    assert not any(row.send.isVisible() for row in rows(desk))
    qtbot.keyClicks(desk.window.chat.composer.field, "typing")
    qtbot.waitUntil(lambda: draft(app, desk) == "second\n\nthird\n\ntyping", timeout=REPLY_MS)
    app.settings.set("echo.delay_ms", 1)
    wanted = [LONG, LONG, "second", "second", "third", "third"]
    qtbot.waitUntil(lambda: texts(desk) == wanted, timeout=REPLY_MS)
    assert said(desk) == []
    assert desk.window.chat.composer.text == "typing"
    qtbot.waitUntil(lambda: draft(app, desk) == "typing", timeout=REPLY_MS)


@pytest.mark.parametrize("how", ["stop", "crash"])
def test_nothing_goes_by_itself_after_a_stop_or_an_error(
    app: App, desk: Desk, qtbot: QtBot, how: str
) -> None:
    chat = begin(app, desk, qtbot, LONG if how == "stop" else f"/crash 20 {LONG}")
    type_and_send(desk, qtbot, "next")
    if how == "stop":
        qtbot.keyClick(chat.composer.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.wait(200)
    assert said(desk) == ["Not sent: next"]
    assert chat.live is None and len(texts(desk)) == 2
    assert rows(desk)[0].send.isVisible() and rows(desk)[0].send.text() == "Send now"
    app.settings.set("echo.delay_ms", 1)
    qtbot.mouseClick(rows(desk)[0].send, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: texts(desk)[2:] == ["next", "next"], timeout=REPLY_MS)
    assert said(desk) == []


def test_a_waiting_message_is_edited_and_removed(app: App, desk: Desk, qtbot: QtBot, notes: Path) -> None:
    chat = begin(app, desk, qtbot)
    attach(desk, qtbot, notes)
    type_and_send(desk, qtbot, "read it")
    type_and_send(desk, qtbot, "and this")
    assert said(desk) == ["Waiting: read it · notes.txt", "Waiting: and this"]
    assert chat.composer.tray.items == ()
    qtbot.keyClicks(chat.composer.field, "more")
    rows(desk)[0].edit.click()
    assert chat.composer.text == "read it\n\nmore"
    assert [one.attachment.name for one in chat.composer.tray.items] == ["notes.txt"]
    assert said(desk) == ["Waiting: and this"]
    rows(desk)[0].remove.click()
    assert said(desk) == []
    qtbot.waitUntil(lambda: draft(app, desk) == "read it\n\nmore", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    assert len(texts(desk)) == 2


def test_each_conversation_has_its_own_and_goes_on_without_being_seen(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    chat = begin(app, desk, qtbot)
    first = chat.conversation.id
    type_and_send(desk, qtbot, "second")
    qtbot.keyClicks(chat.composer.field, "typing")
    desk.window.desks.lists.start()
    assert (said(desk), chat.composer.text) == ([], "")
    chat.open(first)
    qtbot.waitUntil(lambda: said(desk) == ["Waiting: second"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.composer.text == "typing", timeout=REPLY_MS)
    desk.window.desks.lists.start()
    qtbot.waitUntil(lambda: len(app.store.visible_path(first)) == 4, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not chat.talk.conversation_ids, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: app.store.conversation(first).draft == "typing", timeout=REPLY_MS)
    assert [m.text for m in app.store.visible_path(first)][2:] == ["second", "second"]


def test_what_waits_is_found_again_after_closing(
    app: App, open_window: Callable[[], Desk], qtbot: QtBot, notes: Path
) -> None:
    desk = open_window()
    chat = begin(app, desk, qtbot, LONG * 5)
    attach(desk, qtbot, notes)
    type_and_send(desk, qtbot, "second")
    qtbot.keyClicks(chat.composer.field, "typing")
    kept = chat.conversation.id
    qtbot.waitUntil(lambda: len(app.drafts.read(kept)) == 1, timeout=REPLY_MS)
    desk.window.close()
    again = open_window()
    composer = again.window.chat.composer
    qtbot.waitUntil(lambda: composer.text == "second\n\ntyping", timeout=REPLY_MS)
    qtbot.waitUntil(lambda: len(composer.tray.items) == 1, timeout=REPLY_MS)


# --- stopping ---


def test_an_engine_that_does_not_stop_can_be_ended(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = begin(app, desk, qtbot, f"/hang 5 {LONG}", delay_ms=1)
    qtbot.waitUntil(lambda: texts(desk)[1] == "abcde", timeout=REPLY_MS)
    button = chat.composer.button
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Escape)
    assert button.accessibleName() == "Stopping …"
    assert chat.transcript.column.items[-1].shown.status == "Stopping …"
    qtbot.waitUntil(lambda: button.accessibleName() == "Force stop", timeout=REPLY_MS)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: chat.live is None, timeout=1500)  # an engine that is only asked is killed later
    items = chat.transcript.column.items
    qtbot.waitUntil(lambda: items[-1].shown.message.state == "stopped", timeout=REPLY_MS)
    assert texts(desk)[1] == "abcde"
    assert chat.notices.label.text().startswith("The engine did not stop by itself and was ended.")
    qtbot.waitUntil(lambda: app.engines.loaded == [], timeout=REPLY_MS)
    assert ask("still there?") == "still there?"


def test_a_question_that_has_not_begun_stops_at_once(app: App, desk: Desk, qtbot: QtBot) -> None:
    begin(app, desk, qtbot, LONG * 5)
    first = desk.window.chat.conversation.id
    desk.window.desks.lists.start()
    type_and_send(desk, qtbot, "not begun")
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.live is not None and texts(desk) == ["not begun", ""], timeout=REPLY_MS)
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: chat.live is None and chat.composer.text == "not begun", timeout=REPLY_MS)
    assert first in chat.talk.conversation_ids
    desk.window.chat.open(first)
    chat.stop()


# --- files alone ---


def test_files_alone_are_sent(app: App, desk: Desk, qtbot: QtBot, notes: Path) -> None:
    chat = desk.window.chat
    assert not chat.composer.button.isEnabled()
    attach(desk, qtbot, notes)
    assert chat.composer.button.isEnabled()
    qtbot.mouseClick(chat.composer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(texts(desk)) == 2 and chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not chat.transcript.column.items[-1].shown.is_live, timeout=REPLY_MS)
    asked, reply = app.store.visible_path(chat.conversation.id)
    assert asked.text == ""
    assert [one.name for one in attachments_of(asked)] == ["notes.txt"]
    assert reply.text == "Attached file: notes.txt\n```\nOolong.\n```"
    assert chat.composer.tray.items == ()
    assert chat.transcript.column.items[0].height > 20
    qtbot.waitUntil(lambda: app.drafts.read(chat.conversation.id) == [], timeout=REPLY_MS)


def test_files_alone_wait_too(app: App, desk: Desk, qtbot: QtBot, notes: Path) -> None:
    chat = begin(app, desk, qtbot)
    attach(desk, qtbot, notes)
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Return)
    assert said(desk) == ["Waiting: notes.txt"]
    app.settings.set("echo.delay_ms", 1)
    qtbot.waitUntil(lambda: len(texts(desk)) == 4 and chat.live is None, timeout=REPLY_MS)
    [sent] = attachments_of(app.store.visible_path(chat.conversation.id)[2])
    assert sent.name == "notes.txt"
