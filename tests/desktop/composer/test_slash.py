"""Slash commands in the real window, and what is a message all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.chat.system_prompt import SystemPromptDialog
from teahouse_desktop.composer.slash import Offer, find, matching, unescaped
from teahouse_desktop.composer.variables import VariablesDialog, fill, variables_in
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
OFFERS = [
    Offer("/new", "", print),
    Offer("/prompt", "", print, is_open=True),
    Offer("/prompt Translate", "", print, ("Translate",)),
]


def typed(offers: list[Offer]) -> list[str]:
    return [offer.typed for offer in offers]


@pytest.fixture
def field_desk(desk: Desk, qtbot: QtBot) -> Desk:
    """The window with the keyboard in the field."""
    desk.window.activateWindow()
    desk.window.chat.composer.field.setFocus()
    qtbot.waitUntil(lambda: desk.window.chat.composer.field.hasFocus(), timeout=REPLY_MS)
    return desk


def texts(desk: Desk) -> list[str]:
    return [item.shown.message.text for item in desk.window.chat.transcript.column.items]


def press(desk: Desk, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(desk.window.chat.composer.field, key)


# --- what is a command ---


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/", ["/new", "/prompt", "/prompt Translate"]),
        ("/p", ["/prompt", "/prompt Translate"]),
        ("/PROMPT t", ["/prompt Translate"]),
        ("/tra", ["/prompt Translate"]),
        ("//", []),
        ("/new\nline", []),
        ("/etc/hosts", []),
        ("word /new", []),
    ],
)
def test_the_beginning_of_a_command_is_offered(text: str, wanted: list[str]) -> None:
    assert typed(matching(text, OFFERS)) == wanted


@pytest.mark.parametrize("text", ["/newer", "/new things", "/etc/hosts", "/prompt Nobody", "new"])
def test_what_is_no_command_is_a_message(text: str) -> None:
    assert find(text, OFFERS) is None
    assert unescaped(text, OFFERS) == text


def test_two_slashes_stand_for_one_before_a_command_only() -> None:
    assert unescaped("//new", OFFERS) == "/new"
    assert unescaped("// a comment", OFFERS) == "// a comment"
    assert unescaped("//server/share", OFFERS) == "//server/share"


# --- in the window ---


def test_a_command_is_chosen_by_keyboard(app: App, field_desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    popup, composer = field_desk.window.desks.slash.popup, field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "/")
    assert {"/new", "/model", "/system", "/attach", "/export", "/regenerate"} <= set(typed(popup.offers))
    qtbot.keyClicks(composer.field, "s")
    assert typed(popup.offers) == ["/system", "/search", "/settings"]
    press(field_desk, qtbot, Qt.Key.Key_Down)
    press(field_desk, qtbot, Qt.Key.Key_Up)
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(field_desk.window.findChildren(SystemPromptDialog)), timeout=REPLY_MS)
    assert composer.text == ""
    assert texts(field_desk) == ["hello", "hello"]
    field_desk.window.findChildren(SystemPromptDialog)[-1].reject()


def test_a_command_is_chosen_by_mouse(field_desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    popup, chat = field_desk.window.desks.slash.popup, field_desk.window.chat
    qtbot.keyClicks(chat.composer.field, "/ne")
    place = popup.visualItemRect(popup.item(0)).center()
    qtbot.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: chat.conversation.id == "" and chat.composer.text == "", timeout=REPLY_MS)


def test_escape_closes_the_list_and_enter_sends_then(field_desk: Desk, qtbot: QtBot) -> None:
    popup, composer = field_desk.window.desks.slash.popup, field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "/ne")
    press(field_desk, qtbot, Qt.Key.Key_Escape)
    assert popup.offers == []
    qtbot.keyClicks(composer.field, "w")
    assert popup.offers == []
    qtbot.keyClicks(composer.field, "s of today")
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(field_desk) == ["/news of today"] * 2, timeout=REPLY_MS)


@pytest.mark.parametrize(("text", "sent"), [("/usr/bin/env", "/usr/bin/env"), ("//new", "/new")])
def test_a_path_and_an_escaped_command_are_sent(field_desk: Desk, qtbot: QtBot, text: str, sent: str) -> None:
    qtbot.keyClicks(field_desk.window.chat.composer.field, text)
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts(field_desk) == [sent, sent], timeout=REPLY_MS)


def test_a_command_that_cannot_be_done_is_not_sent(field_desk: Desk, qtbot: QtBot) -> None:
    chat = field_desk.window.chat
    qtbot.keyClicks(chat.composer.field, "/regenerate")
    assert field_desk.window.desks.slash.popup.offers == []
    press(field_desk, qtbot, Qt.Key.Key_Return)
    assert chat.notices.label.text().startswith("/regenerate cannot be done now.")
    assert (texts(field_desk), chat.composer.text) == ([], "/regenerate")


def test_nothing_is_chosen_while_an_input_method_composes(field_desk: Desk, qtbot: QtBot) -> None:
    composer = field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "/new")
    QApplication.sendEvent(composer.field, QInputMethodEvent("ni", []))
    press(field_desk, qtbot, Qt.Key.Key_Return)
    assert composer.text == "/new"


# --- prompts ---


def keep_prompt(app: App, desk: Desk, qtbot: QtBot, name: str, text: str) -> None:
    app.store.save_prompt(name, text)
    desk.window.desks.prompts.refresh()
    qtbot.waitUntil(lambda: bool(desk.window.desks.prompts.prompts), timeout=REPLY_MS)


def test_a_prompt_is_found_and_inserted(app: App, field_desk: Desk, qtbot: QtBot) -> None:
    keep_prompt(app, field_desk, qtbot, "Polish", "Make this better:")
    popup, composer = field_desk.window.desks.slash.popup, field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "/prompt")
    press(field_desk, qtbot, Qt.Key.Key_Tab)
    assert composer.text == "/prompt "
    assert typed(popup.offers) == ["/prompt Polish"]
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.text == "Make this better:", timeout=REPLY_MS)
    assert texts(field_desk) == []


def test_variables_are_filled_in_by_keyboard(app: App, field_desk: Desk, qtbot: QtBot) -> None:
    keep_prompt(app, field_desk, qtbot, "Translate", "From {{from}} to {{ 语言 }}; again {{from}}.")
    composer = field_desk.window.chat.composer
    qtbot.keyClicks(composer.field, "/tra")
    press(field_desk, qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(field_desk.window.findChildren(VariablesDialog)), timeout=REPLY_MS)
    [dialog] = field_desk.window.findChildren(VariablesDialog)
    assert list(dialog.fields) == ["from", "语言"]
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.fields["from"].hasFocus(), timeout=REPLY_MS)
    qtbot.keyClicks(dialog.fields["from"], "en")
    qtbot.keyClick(dialog.fields["from"], Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.fields["语言"]
    qtbot.keyClicks(dialog.fields["语言"], "zh")
    qtbot.keyClick(dialog.fields["语言"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.text == "From en to zh; again en.", timeout=REPLY_MS)


def test_variables_of_a_text() -> None:
    assert variables_in("{{a}} {{ b c }} {{a}} {{}} {{x|upper}} { {d} }") == ["a", "b c"]
    assert fill("{{a}} {{b}}", {"a": "{{b}}"}) == "{{b}} {{b}}"
