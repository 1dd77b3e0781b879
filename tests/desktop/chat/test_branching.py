"""Replies that go on, branches, and deleted messages in the real window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.availability import is_possible
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript.footer import more_actions_of
from teahouse_desktop.transcript.words import describe_generation
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def texts(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def names(desk: Desk, index: int) -> list[str]:
    return [chip.name for chip in desk.window.chat.transcript.chips(index)]


def test_a_cut_reply_goes_on_by_key(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = desk.window.chat
    app.settings.set("chat.max_tokens", 5)
    assert ask("hello there, tea house") == "hello"
    assert "continue" in names(desk, 1)
    assert next(c.text for c in chat.transcript.chips(1) if c.name == "continue") == "Continue"
    assert is_possible(desk.window, "continue")
    app.settings.set("chat.max_tokens", 100)
    seen: list[str] = []
    chat.talk.begun.connect(lambda _live: seen.append(texts(desk)[-1]))
    qtbot.keyClick(desk.window, Qt.Key.Key_R, CTRL_SHIFT)
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None and names(desk, 1)[:1] == ["previous"], timeout=REPLY_MS)
    assert seen == ["hello"]
    assert texts(desk) == ["hello there, tea house"] * 2
    item = chat.transcript.column.items[1]
    assert (item.shown.version, item.shown.versions) == (2, 2)
    assert "17 tokens added to 5" in describe_generation(item.shown)
    assert "continue" not in names(desk, 1)
    assert not is_possible(desk.window, "continue")
    desk.window.desks.last_turn.go_on()
    assert chat.live is None
    chat.transcript.act("previous", 1)
    qtbot.waitUntil(lambda: texts(desk)[-1] == "hello", timeout=REPLY_MS)
    assert "continue" in names(desk, 1)


def test_a_stopped_reply_goes_on_where_it_was(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 20)
    chat = desk.window.chat
    chat.composer.set_text("one two three four five six seven eight nine ten")
    chat.composer.field.submitted.emit()
    qtbot.waitUntil(lambda: chat.live is not None and len(chat.live.text) > 5, timeout=REPLY_MS)
    chat.stop()
    qtbot.waitUntil(lambda: chat.live is None and "continue" in names(desk, 1), timeout=REPLY_MS)
    before = texts(desk)[1]
    app.settings.set("echo.delay_ms", 1)
    chat.transcript.act("continue", 1)
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    assert texts(desk)[1].startswith(before)
    assert "continue" not in names(desk, 1)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    assert texts(desk)[1] == "one two three four five six seven eight nine ten"


def test_a_branch_opens_as_a_conversation_of_its_own(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = desk.window.chat
    ask("one")
    ask("two")
    first = chat.conversation.id
    assert "branch" in more_actions_of(chat.transcript.column.items[1], can_ask=True)
    chat.transcript.act("branch", 1)
    qtbot.waitUntil(lambda: chat.conversation.id != first and texts(desk) == ["one", "one"], timeout=REPLY_MS)
    assert app.store.conversation(chat.conversation.id).title.endswith("(branch)")
    assert [m.text for m in app.store.visible_path(first)] == ["one", "one", "two", "two"]
    ask("three")
    assert [m.text for m in app.store.visible_path(first)] == ["one", "one", "two", "two"]
    second = chat.conversation.id
    qtbot.keyClick(desk.window, Qt.Key.Key_B, CTRL_SHIFT)
    qtbot.waitUntil(lambda: chat.conversation.id not in (first, second), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: texts(desk) == ["one", "one", "three", "three"], timeout=REPLY_MS)


def test_a_message_is_deleted_with_undo(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = desk.window.chat
    ask("one")
    ask("two")
    assert not is_possible(desk.window, "delete")
    desk.window.desks.branches.delete()
    chat.transcript.set_current(2)
    assert is_possible(desk.window, "delete")
    desk.window.desks.branches.delete()
    qtbot.waitUntil(lambda: texts(desk) == ["one", "one"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.notices.act_button.text() == "Undo", timeout=REPLY_MS)
    assert "Deleted messages: 2" in chat.notices.label.text()
    assert [m.text for m in app.store.visible_path(chat.conversation.id)] == ["one", "one"]
    assert len(app.store.conversations(is_trashed=True)) == 1
    chat.notices.act_button.click()
    qtbot.waitUntil(lambda: texts(desk) == ["one", "one", "two", "two"], timeout=REPLY_MS)
    assert app.store.conversations(is_trashed=True) == []


def test_the_first_message_can_be_deleted_and_comes_back(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    chat = desk.window.chat
    ask("one")
    chat.transcript.act("delete", 0)
    qtbot.waitUntil(lambda: chat.pages.currentWidget() is chat.welcome, timeout=REPLY_MS)
    chat.notices.act_button.click()
    qtbot.waitUntil(lambda: texts(desk) == ["one", "one"], timeout=REPLY_MS)
