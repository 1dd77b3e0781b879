"""The system prompt of a conversation in the real window: written, marked, taken along, sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.chat.system_prompt import SystemPromptDialog
from teahouse_desktop.conversations.conversation_menu import make_conversation_menu
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


def dialog(desk: Desk, qtbot: QtBot) -> SystemPromptDialog:
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(SystemPromptDialog)), timeout=REPLY_MS)
    return desk.window.findChildren(SystemPromptDialog)[-1]


def mark(desk: Desk) -> str:
    """What the mark in the bar says to a screen reader, when it shows words too."""
    button = desk.window.topbar.system_prompt
    has_words = button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    return button.accessibleDescription() if has_words else ""


def write(desk: Desk, qtbot: QtBot, text: str) -> None:
    desk.window.topbar.system_prompt.click()
    made = dialog(desk, qtbot)
    made.field.setPlainText(text)
    made.save.click()
    qtbot.waitUntil(lambda: not desk.window.findChildren(SystemPromptDialog), timeout=REPLY_MS)


def test_a_new_conversation_takes_it_along(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    write(desk, qtbot, " Be brief.\nAnd kind. ")
    assert mark(desk) == "Be brief.\nAnd kind."
    assert app.store.conversations() == []
    ask("hello")
    [made] = app.store.conversations()
    assert made.system_prompt == "Be brief.\nAnd kind."
    assert mark(desk) == "Be brief.\nAnd kind."
    desk.window.desks.lists.start()
    assert mark(desk) == ""


def test_it_is_changed_counted_sent_and_taken_away(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    chat, meter = desk.window.chat, desk.window.chat.bar.meter
    qtbot.waitUntil(lambda: bool(meter.text()), timeout=REPLY_MS)
    before = meter.text()
    desk.window.desks.instruct.open()
    made = dialog(desk, qtbot)
    assert (made.text, made.field.hasFocus() or not made.isActiveWindow()) == ("", True)
    made.field.setPlainText("Be brief.")
    qtbot.waitUntil(lambda: made.count.text() == "9 tokens", timeout=REPLY_MS)
    made.save.click()
    qtbot.waitUntil(lambda: app.store.conversations()[0].system_prompt == "Be brief.", timeout=REPLY_MS)
    assert mark(desk) == "Be brief."
    qtbot.waitUntil(lambda: meter.text() not in ("", before), timeout=REPLY_MS)
    desk.window.desks.contexts.show_preview()
    preview = desk.window.desks.contexts._preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.prompt is not None, timeout=REPLY_MS)
    assert preview.prompt is not None and preview.prompt.text.startswith("system: Be brief.\nuser: hello")
    preview.close()
    write(desk, qtbot, "")
    qtbot.waitUntil(
        lambda: app.store.conversation(chat.conversation.id).system_prompt == "", timeout=REPLY_MS
    )
    assert mark(desk) == ""


def test_cancel_changes_nothing(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    write(desk, qtbot, "Be brief.")
    ask("hello")
    desk.window.desks.instruct.open()
    made = dialog(desk, qtbot)
    assert made.text == "Be brief."
    assert "hello" in made.heading.text()
    made.field.setPlainText("Be long.")
    made.cancel.click()
    qtbot.wait(100)
    assert app.store.conversations()[0].system_prompt == "Be brief."
    assert mark(desk) == "Be brief."


def test_that_of_another_conversation_from_its_menu(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("first")
    first = app.store.conversations()[0]
    desk.window.desks.lists.start()
    ask("second")
    qtbot.waitUntil(lambda: desk.window.sidebar.model.rowCount() == 2, timeout=REPLY_MS)
    chosen: list[str] = []
    menu = make_conversation_menu(desk.window, first, [first], lambda name, _value: chosen.append(name))
    next(action for action in menu.actions() if action.text() == "System prompt …").trigger()
    assert chosen == ["system_prompt"]
    desk.window.desks.lists.act("system_prompt", first.id)
    made = dialog(desk, qtbot)
    assert "first" in made.heading.text()
    made.field.setPlainText("For the first.")
    qtbot.keyClick(made.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: app.store.conversation(first.id).system_prompt == "For the first.", timeout=REPLY_MS
    )
    assert mark(desk) == ""
    desk.window.desks.lists.open(first.id)
    qtbot.waitUntil(lambda: mark(desk) == "For the first.", timeout=REPLY_MS)


def test_what_the_settings_say_shows_where_nothing_is_written(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("chat.system_prompt", "Be nice.")
    desk.window.desks.instruct.open()
    made = dialog(desk, qtbot)
    assert made.field.placeholderText() == "As in the settings: Be nice."
    made.reject()
    desk.languages.show("zh_CN")
    assert desk.window.topbar.system_prompt.accessibleName()
