"""The quick-ask window: a question in between, kept like any other, and on in the main window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.doorbell import Doorbell
from teahouse_desktop.looks.look import Look
from teahouse_desktop.quick.doorbell_watch import DoorbellWatch
from teahouse_desktop.quick.quick_desk import QuickDesk
from teahouse_desktop.quick.quick_window import MOST_CLIPBOARD, QuickWindow, elided
from teahouse_desktop.start import Desk, make_application, open_desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


@pytest.fixture
def quick(desk: Desk, qtbot: QtBot) -> QuickDesk:
    """The desk with its window open."""
    found = desk.window.desks.quick
    found.show()
    qtbot.waitUntil(lambda: shown(found).composer.can_ask is True, timeout=REPLY_MS)
    return found


def shown(quick: QuickDesk) -> QuickWindow:
    assert quick.window is not None
    return quick.window


def wait_for_reply(quick: QuickDesk, qtbot: QtBot) -> str:
    talk, transcript = quick.talk, shown(quick).transcript
    assert talk is not None
    qtbot.waitUntil(lambda: bool(transcript.column.items) and talk.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not transcript.column.items[-1].shown.is_live, timeout=REPLY_MS)
    return transcript.column.items[-1].shown.message.text


def ask(quick: QuickDesk, qtbot: QtBot, text: str) -> str:
    """Ask, wait for the reply's end and return its text."""
    talk, count = quick.talk, len(shown(quick).transcript.column.items)
    assert talk is not None
    shown(quick).composer.set_text(text)
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown(quick).transcript.column.items) > count, timeout=REPLY_MS)
    return wait_for_reply(quick, qtbot)


def test_a_question_is_answered_and_kept_and_a_second_one_follows(
    quick: QuickDesk, app: App, qtbot: QtBot
) -> None:
    assert shown(quick).transcript.isHidden()
    small = shown(quick).height()
    assert "one" in ask(quick, qtbot, "one")
    assert shown(quick).height() > small
    ask(quick, qtbot, "two")
    [conversation] = app.store.conversations()
    told = [message.text for message in app.store.visible_path(conversation.id) if message.role == "user"]
    assert told == ["one", "two"]
    assert app.store.conversation(conversation.id).draft == ""


def test_each_time_it_comes_up_it_is_for_a_new_question(quick: QuickDesk, app: App, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Escape)
    assert shown(quick).isHidden()
    quick.show()
    assert shown(quick).transcript.isHidden()
    ask(quick, qtbot, "two")
    assert len(app.store.conversations()) == 2


def test_new_question_begins_another_conversation(quick: QuickDesk, app: App, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    shown(quick).new.click()
    assert not shown(quick).new.isEnabled()
    ask(quick, qtbot, "two")
    assert len(app.store.conversations()) == 2


def test_enter_while_composing_sends_nothing(quick: QuickDesk, qtbot: QtBot) -> None:
    field = shown(quick).composer.field
    QCoreApplication.sendEvent(field, QInputMethodEvent("ni hao", []))
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        qtbot.keyClick(field, Qt.Key.Key_Return, modifier)
    assert shown(quick).isVisible()
    assert quick.talk is not None
    assert not quick.talk.is_begun
    assert not quick.talk.is_on_its_way


def test_closing_lets_a_running_reply_go_on(quick: QuickDesk, app: App, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 40)
    shown(quick).composer.set_text("word " * 30)
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return)
    assert quick.talk is not None
    qtbot.waitUntil(lambda: quick.talk.live is not None and bool(quick.talk.live.text), timeout=REPLY_MS)
    qtbot.keyClick(shown(quick), Qt.Key.Key_Escape)
    assert shown(quick).isHidden()
    quick.show()  # for a new question, while the other reply goes on
    assert quick.talk.live is None
    [conversation] = app.store.conversations()
    qtbot.waitUntil(lambda: app.store.visible_path(conversation.id)[-1].state == "complete", timeout=REPLY_MS)


def test_what_was_typed_is_still_there_after_closing(quick: QuickDesk, qtbot: QtBot) -> None:
    qtbot.keyClicks(shown(quick).composer.field, "half a question")
    shown(quick).dismiss()
    quick.show()
    assert shown(quick).composer.text == "half a question"


def test_what_was_typed_is_a_draft_when_the_app_ends(
    quick: QuickDesk, desk: Desk, app: App, qtbot: QtBot
) -> None:
    qtbot.keyClicks(shown(quick).composer.field, "half a question")
    desk.window.close()
    assert [one.draft for one in app.store.conversations()] == ["half a question"]
    assert quick.window is None


def test_stop_stops_and_enter_waits_while_a_reply_is_made(quick: QuickDesk, app: App, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 100)
    window = shown(quick)
    window.composer.set_text("word " * 200)
    qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.composer.button.is_replying, timeout=REPLY_MS)
    qtbot.keyClicks(window.composer.field, "next")
    qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)
    assert window.composer.text == "next"
    assert "Esc" not in window.composer.button.toolTip()
    window.composer.button.click()
    wait_for_reply(quick, qtbot)
    [conversation] = app.store.conversations()
    assert app.store.visible_path(conversation.id)[-1].state != "complete"
    assert window.composer.text == "next"


def test_an_enter_before_the_models_are_known_counts_once_they_are(look: Look, qtbot: QtBot) -> None:
    window = QuickWindow(look)
    qtbot.addWidget(window)
    asked = QSignalSpy(window.asked)
    qtbot.keyClicks(window.composer.field, "early")
    qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)
    assert (asked.count(), window.composer.text) == (0, "early")
    window.show_model("some model")
    assert (asked.count(), asked.at(0)) == (1, ["early"])


def test_a_failing_engine_is_told_in_words_and_the_question_is_kept(
    quick: QuickDesk, app: App, qtbot: QtBot
) -> None:
    ask(quick, qtbot, "/exit 2 some words to lose")
    last = shown(quick).transcript.column.items[-1].shown
    qtbot.waitUntil(lambda: bool(shown(quick).transcript.column.items[-1].shown.error), timeout=REPLY_MS)
    assert last.message.state in ("failed", "partial", "streaming")
    [conversation] = app.store.conversations()
    assert "some words" in app.store.visible_path(conversation.id)[0].text


def test_ctrl_enter_works_beside_the_field_too(quick: QuickDesk, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    shown(quick).transcript.setFocus()
    qtbot.keyClick(shown(quick).transcript, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert shown(quick).isHidden()


# --- the main window --------------------------------------------------------------------------------


def test_it_goes_on_in_the_main_window_with_what_is_typed(quick: QuickDesk, desk: Desk, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    qtbot.keyClicks(shown(quick).composer.field, "and then")
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert shown(quick).isHidden()
    chat = desk.window.chat
    qtbot.waitUntil(lambda: len(chat.transcript.column.items) == 2, timeout=REPLY_MS)
    assert chat.composer.text == "and then"
    assert quick.talk is not None
    assert not quick.talk.is_begun  # one conversation is not open twice
    quick.show()
    assert shown(quick).composer.text == ""


def test_a_running_reply_goes_on_in_the_main_window(
    quick: QuickDesk, desk: Desk, app: App, qtbot: QtBot
) -> None:
    app.settings.set("echo.delay_ms", 20)
    shown(quick).composer.set_text("word " * 40)
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return)
    shown(quick).carry.click()  # at once: the conversation may not even have an id
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(
        lambda: chat.transcript.column.items[-1].shown.message.text.count("word") == 40, timeout=REPLY_MS
    )


def test_words_without_a_question_become_a_draft_of_the_main_window(
    quick: QuickDesk, desk: Desk, qtbot: QtBot
) -> None:
    qtbot.keyClicks(shown(quick).composer.field, "only words")
    shown(quick).carry.click()
    assert desk.window.chat.composer.text == "only words"
    assert desk.window.chat.conversation.id == ""


def test_what_takes_the_main_window_is_done_there(quick: QuickDesk, desk: Desk, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    first = shown(quick).transcript.column.items[0].shown.message.id
    shown(quick).transcript.act("edit", 0)
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.composer.is_editing, timeout=REPLY_MS)
    assert (chat.edited_id, chat.composer.text) == (first, "one")


def test_what_takes_the_main_window_is_done_where_the_conversation_is_open_already(
    quick: QuickDesk, desk: Desk, app: App, qtbot: QtBot
) -> None:
    ask(quick, qtbot, "one")
    chat, first = desk.window.chat, shown(quick).transcript.column.items[0].shown.message.id
    assert quick.talk is not None
    chat.open(quick.talk.conversation.id)
    qtbot.waitUntil(lambda: len(chat.transcript.column.items) == 2, timeout=REPLY_MS)
    chat.composer.set_text("typed there")
    qtbot.keyClicks(shown(quick).composer.field, "typed here")
    shown(quick).transcript.act("edit", 0)
    assert (chat.composer.is_editing, chat.edited_id) == (True, first)
    chat.composer.end_edit()
    assert "typed there" in chat.composer.text and "typed here" in chat.composer.text


def test_what_was_being_typed_in_the_main_window_stays_before_what_comes(
    quick: QuickDesk, desk: Desk, qtbot: QtBot
) -> None:
    ask(quick, qtbot, "one")
    chat = desk.window.chat
    assert quick.talk is not None
    chat.open(quick.talk.conversation.id)
    qtbot.waitUntil(lambda: len(chat.transcript.column.items) == 2, timeout=REPLY_MS)
    chat.composer.set_text("typed there")
    chat.open("")
    qtbot.keyClicks(shown(quick).composer.field, "typed here")
    shown(quick).carry.click()
    qtbot.waitUntil(lambda: chat.composer.text == "typed there\n\ntyped here", timeout=REPLY_MS)


def test_going_on_is_done_once_however_often_it_is_pressed(
    quick: QuickDesk, desk: Desk, app: App, qtbot: QtBot
) -> None:
    app.settings.set("echo.delay_ms", 20)
    shown(quick).composer.set_text("word " * 20)
    qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return)
    assert quick.talk is not None and quick.talk.is_on_its_way
    quick.carry_on()
    quick.carry_on()
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    assert chat.conversation.id != ""


def test_versions_are_made_and_shown_here(quick: QuickDesk, qtbot: QtBot) -> None:
    ask(quick, qtbot, "one")
    items = shown(quick).transcript.column.items
    shown(quick).transcript.act("regenerate", 1)
    qtbot.waitUntil(
        lambda: quick.talk is not None and quick.talk.live is None and items is not None, timeout=REPLY_MS
    )
    qtbot.waitUntil(lambda: shown(quick).transcript.column.items[-1].shown.versions == 2, timeout=REPLY_MS)
    shown(quick).transcript.act("previous", 1)
    qtbot.waitUntil(lambda: shown(quick).transcript.column.items[-1].shown.version == 1, timeout=REPLY_MS)


# --- the clipboard ----------------------------------------------------------------------------------


def test_the_clipboard_comes_behind_what_is_typed(quick: QuickDesk, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("  a paragraph \n")
    qtbot.keyClicks(shown(quick).composer.field, "Translate:")
    shown(quick).clip.click()
    assert shown(quick).composer.text == "Translate:\n\na paragraph"


@pytest.mark.parametrize(
    ("text", "said"), [(" \n", "no text"), ("x" * (MOST_CLIPBOARD + 1), "too long")], ids=["empty", "long"]
)
def test_a_clipboard_that_is_of_no_use_is_said(quick: QuickDesk, qtbot: QtBot, text: str, said: str) -> None:
    QGuiApplication.clipboard().setText(text)
    shown(quick).clip.click()
    assert shown(quick).composer.text == ""
    assert said in shown(quick).notices.label.text()


# --- states -----------------------------------------------------------------------------------------


def test_without_a_model_it_says_so_and_leads_to_one(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.engines.keep_backends(set())  # the echo models go
    desk = open_desk(app, make_application())
    qtbot.addWidget(desk.window)
    try:
        quick = desk.window.desks.quick
        quick.show()
        qtbot.waitUntil(lambda: "no model" in shown(quick).notices.label.text(), timeout=REPLY_MS)
        qtbot.keyClicks(shown(quick).composer.field, "hello")
        qtbot.keyClick(shown(quick).composer.field, Qt.Key.Key_Return)
        assert shown(quick).composer.text == "hello"
        shown(quick).notices.act_button.click()
        assert shown(quick).isHidden()
        assert desk.window.chat.composer.text == "hello"
    finally:
        desk.window.close()


def test_every_control_is_named_in_both_languages(quick: QuickDesk, desk: Desk) -> None:
    for language in ("en", "zh_CN"):
        desk.languages.show(language)
        buttons = shown(quick).findChildren(QAbstractButton)
        assert [one for one in buttons if not one.isHidden() and not one.accessibleName()] == []
        assert shown(quick).composer.field.accessibleName()
        assert shown(quick).windowTitle()


def test_another_theme_is_taken(quick: QuickDesk, desk: Desk) -> None:
    desk.appearance.choose("dark")
    assert shown(quick).transcript.column.look is desk.appearance.look
    desk.appearance.choose("light")


def test_names_of_models_are_never_markup(look: Look, qtbot: QtBot) -> None:
    window = QuickWindow(look)
    qtbot.addWidget(window)
    window.show_model("<b>bold</b>")
    assert window._model.textFormat() == Qt.TextFormat.PlainText
    assert "&lt;b&gt;" in window._model.toolTip()


def test_long_names_of_models_are_cut() -> None:
    assert elided("m" * 200).endswith("…")
    assert len(elided("m" * 200)) <= 40
    assert elided("short") == "short"


# --- from elsewhere ---------------------------------------------------------------------------------


def test_another_process_calls_it(desk: Desk, app: App, qtbot: QtBot) -> None:
    bell = Doorbell(app.paths.data / "window")
    assert bell.occupy()
    bell.ring("quick")  # before anyone listens: the app has just been started by it
    desk.window.desks.reach.listen(bell)
    quick = desk.window.desks.quick
    qtbot.waitUntil(lambda: quick.window is not None and quick.window.isVisible(), timeout=REPLY_MS)
    shown(quick).dismiss()
    waiting = bell.ring("quick")
    qtbot.waitUntil(lambda: not waiting.exists(), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: shown(quick).isVisible(), timeout=REPLY_MS)
    desk.window.hide()
    bell.ring("show")
    qtbot.waitUntil(lambda: desk.window.isVisible(), timeout=REPLY_MS)
    bell.leave()


@pytest.mark.expected_log
def test_a_folder_that_cannot_be_read_is_logged(
    desk: Desk, app: App, qtbot: QtBot, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Doorbell(app.paths.data / "window")
    bell.occupy()

    def fail() -> list[object]:
        raise OSError("the disk is gone")

    monkeypatch.setattr(bell, "take", fail)
    DoorbellWatch(bell, desk.window.runner, desk.window)
    qtbot.waitUntil(lambda: "the disk is gone" in caplog.text, timeout=REPLY_MS)
    bell.leave()


def test_the_menu_and_the_keys_show_and_hide_it(desk: Desk, qtbot: QtBot) -> None:
    desk.window.menus.actions["quick"].trigger()
    quick = desk.window.desks.quick
    assert shown(quick).isVisible()
    qtbot.waitUntil(lambda: shown(quick).isActiveWindow(), timeout=REPLY_MS)
    quick.toggle()
    assert shown(quick).isHidden()
    quick.toggle()
    assert shown(quick).isVisible()
