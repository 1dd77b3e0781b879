"""What is sent, counted and shown: the real window on the echo back end, whose tokens are letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.messages import ContextFitted, Message, TextDelta
from teahouse_desktop.bridge import joined
from teahouse_desktop.chat.preview import PreviewDialog
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


def meter(desk: Desk) -> str:
    return desk.window.chat.bar.meter.text()


def wait_for_count(desk: Desk, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: bool(meter(desk)), timeout=REPLY_MS)
    return meter(desk)


def dialog(qtbot: QtBot, *, is_stored: bool) -> PreviewDialog:
    found: list[PreviewDialog] = []

    def look() -> bool:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, PreviewDialog)]
        found[:] = [w for w in windows if w.isVisible() and w._is_stored == is_stored and w.prompt]
        return bool(found)

    qtbot.waitUntil(look, timeout=REPLY_MS)
    return found[0]


def messages(app: App, desk: Desk) -> list[Message]:
    return app.store.visible_path(desk.window.chat.conversation.id)


def overflow(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    """Fill a context of 256 letters, so that the next question pushes something out."""
    app.settings.set("engine.context", 256)
    app.settings.set("chat.max_tokens", 64)
    for number in range(3):
        ask(f"{number} " + "tea " * 9)


# --- counting ---


def test_count_is_shown_after_a_reply_and_follows_the_typing(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    assert wait_for_count(desk, qtbot) == "29 / 8,192 tokens"  # "user: Hello\nassistant: Hello\n"
    qtbot.keyClicks(desk.window.chat.composer.field, "Well")
    assert meter(desk) == ""  # what was counted is not what would be sent now
    assert wait_for_count(desk, qtbot) == "40 / 8,192 tokens"
    assert desk.window.chat.bar.meter.accessibleName() == meter(desk)


def test_no_model_is_loaded_only_to_count(app: App, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClicks(desk.window.chat.composer.field, "A draft")
    qtbot.waitUntil(lambda: bool(desk.window.chat.conversation.id), timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not app.jobs.live and not desk.window.desks.contexts.count._timer.isActive())
    assert app.engines.loaded == []
    assert meter(desk) == ""


def test_nothing_is_counted_while_a_reply_is_made(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    wait_for_count(desk, qtbot)
    app.settings.set("echo.delay_ms", 50)
    desk.window.chat.send("a long reply " * 30)
    qtbot.waitUntil(lambda: desk.window.chat.live is not None, timeout=REPLY_MS)
    assert meter(desk) == ""
    qtbot.wait(700)
    assert meter(desk) == ""
    desk.window.chat.stop()
    assert wait_for_count(desk, qtbot)


def test_messages_that_will_not_fit_are_told_before(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    overflow(app, desk, qtbot, ask)
    qtbot.keyClicks(desk.window.chat.composer.field, "tea " * 9)
    qtbot.waitUntil(lambda: "will not be sent" in meter(desk), timeout=REPLY_MS)
    button = desk.window.chat.bar.meter
    assert button.property("level") == "warning"
    assert "0 tea tea" in button.toolTip()


def test_a_question_that_cannot_fit_says_so(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    app.settings.set("engine.context", 256)
    ask("Hello")
    desk.window.chat.composer.field.insertPlainText("x" * 400)
    qtbot.waitUntil(lambda: meter(desk) == "does not fit into the context", timeout=REPLY_MS)
    assert desk.window.chat.bar.meter.property("level") == "danger"


# --- looking ---


def test_preview_shows_exactly_what_would_be_sent(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    desk.window.chat.composer.field.insertPlainText("Two  spaces\tand a tab")
    qtbot.keyClick(desk.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    shown = dialog(qtbot, is_stored=False)
    assert shown.prompt is not None
    text = "user: Hello\nassistant: Hello\nuser: Two  spaces\tand a tab\n"
    assert shown.prompt.text == text
    assert shown.view.toPlainText() == text
    assert f"{len(text)} of 8,192 tokens" in shown.facts.text()
    shown.copy.click()
    assert QGuiApplication.clipboard().text() == text
    desk.window.chat.composer.field.insertPlainText("!")
    shown.refresh.click()
    qtbot.waitUntil(lambda: shown.view.toPlainText().endswith("tab!\n"), timeout=REPLY_MS)
    shown.close()


def test_preview_of_a_new_conversation_waits_for_its_first_draft(desk: Desk, qtbot: QtBot) -> None:
    desk.window.chat.composer.field.insertPlainText("First")
    desk.window.desks.contexts.show_preview()
    assert dialog(qtbot, is_stored=False).view.toPlainText() == "user: First\n"


def test_preview_of_nothing_says_so(desk: Desk) -> None:
    desk.window.desks.contexts.show_preview()
    shown = desk.window.desks.contexts._preview
    assert shown is not None and "no message yet" in shown.facts.text()
    shown.close()


def test_preview_follows_the_message_that_is_edited(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("first")
    ask("second")
    desk.window.desks.last_turn.edit()
    desk.window.chat.composer.set_text("other")
    desk.window.desks.contexts.show_preview()
    text = dialog(qtbot, is_stored=False).view.toPlainText()
    assert text == "user: first\nassistant: first\nuser: other\n"


def test_what_was_sent_is_read_back(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Grüße, 茶")
    reply = messages(app, desk)[-1]
    desk.window.chat.transcript.action_requested.emit("sent", reply.id)
    shown = dialog(qtbot, is_stored=True)
    assert shown.view.toPlainText() == "user: Grüße, 茶\n"
    assert not shown.refresh.isVisible()
    shown.close()


def test_what_was_sent_needs_its_model(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    app.engines.unload("echo/echo")
    desk.window.desks.contexts.show_sent(messages(app, desk)[-1].id)
    shown = next(w for w in QApplication.topLevelWidgets() if isinstance(w, PreviewDialog) and w.isVisible())
    qtbot.waitUntil(lambda: "echo/echo" in shown.facts.text(), timeout=REPLY_MS)
    assert "memory" in shown.facts.text()
    shown.close()


# --- replies ---


def test_reasoning_arrives_apart_from_the_answer(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    assert ask("/think Hm, tea.\nTwo minutes.") == "Two minutes."
    item = desk.window.chat.transcript.column.items[-1]
    assert item.shown.reasoning == "Hm, tea."
    assert item.shown.generation is not None and item.shown.reasoning_s > 0
    assert item.pieces[0].text.startswith("Thought")
    desk.window.desks.last_turn.copy()
    assert QGuiApplication.clipboard().text() == "Two minutes."


def test_reply_without_the_oldest_says_so(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    overflow(app, desk, qtbot, ask)
    ask("3 " + "tea " * 9)
    items = desk.window.chat.transcript.column.items
    fitted = items[-1].shown.fitted
    assert fitted is not None and fitted.not_sent
    assert [i.shown.message.id for i in items if i.is_left_out] == list(fitted.not_sent)


def test_a_running_turn_tells_what_it_leaves_out(desk: Desk) -> None:
    talk = desk.window.chat.talk
    live = LiveReply("c", "Question", reply_id="r")
    talk._on_progress(live, ContextFitted("r", 900, 1024, ("a", "b")))
    talk._on_progress(live, TextDelta("r", "Hm.", "reasoning"))
    assert live.is_thinking and live.thought_s >= 0
    talk._on_progress(live, TextDelta("r", "So."))
    assert (live.reasoning, live.text, live.is_thinking) == ("Hm.", "So.", False)
    reply = live.shown()[-1]
    assert reply.fitted is not None and reply.fitted.not_sent == ("a", "b")
    assert reply.message.text == "So."


def test_text_of_two_kinds_is_not_joined() -> None:
    from tests.desktop.test_bridge import delta, job

    one = job()
    events = [delta(one, "a"), delta(one, "b")]
    thought = [type(e)(e.job, TextDelta("r", e.value.text, "reasoning")) for e in events]
    got = [(event.value.kind, event.value.text) for event in joined([*thought, *events])]  # type: ignore[attr-defined]
    assert got == [("reasoning", "ab"), ("text", "ab")]


# --- choosing ---


def test_pin_is_kept_and_shown(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Keep this")
    qtbot.waitUntil(lambda: bool(desk.window.chat.last_message_id("user")), timeout=REPLY_MS)
    desk.window.desks.contexts.toggle_pin()
    column = desk.window.chat.transcript.column
    qtbot.waitUntil(lambda: column.items[0].shown.message.is_pinned, timeout=REPLY_MS)
    assert messages(app, desk)[0].is_pinned
    desk.window.desks.contexts._act("unpin", column.items[0].shown.message.id)
    qtbot.waitUntil(lambda: not column.items[0].shown.message.is_pinned, timeout=REPLY_MS)


def test_choices_of_a_conversation_are_kept_with_it(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    chat = desk.window.chat
    chat.bar._overflow["refuse"].trigger()
    chat.bar._reproducible.trigger()
    here = chat.conversation.id
    wanted = {"chat.overflow": "refuse", "chat.reproducible": True}
    qtbot.waitUntil(lambda: app.store.conversation(here).settings == wanted, timeout=REPLY_MS)
    desk.window.desks.lists.start()
    assert chat.bar._overflow["drop"].isChecked()
    assert not chat.bar._reproducible.isChecked()
    chat.open(here)
    qtbot.waitUntil(lambda: chat.bar._overflow["refuse"].isChecked(), timeout=REPLY_MS)
    assert chat.bar._reproducible.isChecked()


def test_choice_made_before_the_first_message_goes_with_it(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    desk.window.chat.bar._reasoning["off"].trigger()
    assert ask("/think Hm.\nAnswer.") == "Answer."
    settings = app.store.conversation(desk.window.chat.conversation.id).settings
    assert settings == {"chat.reasoning": "off"}
    assert desk.window.chat.transcript.column.items[-1].shown.reasoning == ""


def test_thinking_is_offered_where_the_model_can_switch_it(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    assert desk.window.chat.bar.thinking.isHidden()
    ask("Hello")
    qtbot.waitUntil(lambda: not desk.window.chat.bar.thinking.isHidden(), timeout=REPLY_MS)
    assert desk.window.chat.bar.thinking.accessibleName() == "Thinking: auto"
    desk.window.desks.models._unload("echo/echo")
    qtbot.waitUntil(lambda: desk.window.chat.bar.thinking.isHidden(), timeout=REPLY_MS)
