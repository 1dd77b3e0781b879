"""The same question asked in two ways: the dialog, the page, the versions that stay."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QInputDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import StoreError
from teahouse.messages import Message
from teahouse_desktop.beside import compare
from teahouse_desktop.beside.asking import temperature_of
from teahouse_desktop.beside.compare import COMPARE, Way
from teahouse_desktop.beside.compare_dialog import CompareDialog
from teahouse_desktop.beside.compare_page import ComparePage
from teahouse_desktop.beside.compare_run import CompareRun
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.reply_facts_dialog import ReplyFactsDialog
from teahouse_desktop.start import Desk
from tests.desktop.conftest import REPLY_MS
from tests.desktop.test_operations import finish

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]
LONG = "abcdefghij" * 12
ECHO = Way("echo/echo", 0.7)


def open_dialog(desk: Desk, qtbot: QtBot, text: str = "") -> CompareDialog:
    """The dialog, for what is written or for the last question."""
    if text:
        desk.window.chat.composer.set_text(text)
    desk.window.menus.actions["compare"].trigger()
    found = [one for one in desk.window.findChildren(CompareDialog) if one.isVisible()]
    assert found
    return found[-1]


def choose(dialog: CompareDialog, *ways: Way) -> None:
    """Fill the two forms and ask."""
    for form, way in zip(dialog.forms, ways, strict=True):
        form.model.setCurrentText(way.model)
        form.temperature.setValue(way.temperature)
        form.seed.setText("" if way.seed is None else str(way.seed))
        if way.system_prompt is not None:
            form.prompt.setPlainText(way.system_prompt)
    dialog.start.click()


def page_of(desk: Desk) -> ComparePage:
    page = desk.window.pages.page(COMPARE)
    assert isinstance(page, ComparePage)
    return page


def wait_ended(desk: Desk, qtbot: QtBot) -> ComparePage:
    page = page_of(desk)
    qtbot.waitUntil(lambda: page.both.isEnabled(), timeout=REPLY_MS)
    return page


def said(page: ComparePage, number: int) -> str:
    items = page.columns[number].transcript.column.items
    return items[0].shown.message.text if items else ""


def replies(app: App, chat: ChatPage) -> list[Message]:
    """All versions of the last reply."""
    last = app.store.visible_path(chat.conversation.id)[-1]
    return [app.store.message(one) for one in app.store.siblings(last.id)]


def script(app: App, tmp_path: Path, *told: dict[str, object]) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    app.settings.set("echo.script", str(path))


# --- from the question to two versions ---


def test_both_replies_become_versions_with_what_each_was_made_with(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("before")
    chat = desk.window.chat
    choose(open_dialog(desk, qtbot, "Which tea?"), ECHO, Way("echo/echo", 1.5, 42, "", "Be brief."))
    assert desk.window.pages.current == COMPARE
    page = wait_ended(desk, qtbot)
    qtbot.waitUntil(lambda: (said(page, 0), said(page, 1)) == ("Which tea?", "Which tea?"), timeout=REPLY_MS)
    path = app.store.visible_path(chat.conversation.id)
    assert [message.text for message in path] == ["before", "before", "Which tea?", "Which tea?"]
    first, second = replies(app, chat)
    assert (first.state, second.state) == ("complete", "complete")
    made = app.store.generations([first.id, second.id])
    assert made[first.id].sampling["temperature"] == 0.7
    assert (made[second.id].sampling["temperature"], made[second.id].seed) == (1.5, 42)
    assert made[second.id].engine["system_prompt"] == "Be brief."
    assert "system_prompt" not in made[first.id].engine
    whole = app.store.generation(second.id)
    assert whole is not None and "".join(map(chr, whole.prompt_ids)).startswith("system: Be brief.")
    assert app.store.conversation(chat.conversation.id).system_prompt == ""


def test_the_page_says_how_each_was_asked_and_how_fast_it_was(app: App, desk: Desk, qtbot: QtBot) -> None:
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, Way("echo/fragile", 0.0, 7))
    page = wait_ended(desk, qtbot)
    assert page.question.text() == "Tea?"
    assert [column.model.text() for column in page.columns] == ["echo/echo", "echo/fragile"]
    assert [column.settings.text() for column in page.columns] == [
        "Temperature 0.7",
        "Temperature 0 · Seed 7",
    ]
    qtbot.waitUntil(lambda: all(column.facts.text() for column in page.columns), timeout=REPLY_MS)
    for column, model in zip(page.columns, ("echo/echo", "echo/fragile"), strict=True):
        assert column.facts.text().startswith("4 tokens") and column.facts.text().endswith(model)
        assert "tokens/s" in column.facts.text() and "first token" in column.facts.text()


def test_the_second_waits_in_words_and_streams_when_the_first_has_ended(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    app.settings.set("echo.delay_ms", 10)
    choose(open_dialog(desk, qtbot, LONG), ECHO, replace(ECHO, temperature=0.0))
    page = page_of(desk)
    qtbot.waitUntil(lambda: 0 < len(said(page, 0)) < len(LONG), timeout=REPLY_MS)
    assert page.columns[1].waiting.text() == "Waits for the other reply …" and said(page, 1) == ""
    assert not any(column.keep.isEnabled() for column in page.columns) and not page.both.isEnabled()
    qtbot.waitUntil(lambda: 0 < len(said(page, 1)) < len(LONG), timeout=REPLY_MS)
    assert said(page, 0) == LONG
    wait_ended(desk, qtbot)
    assert said(page, 1) == LONG


@pytest.mark.parametrize("number", [0, 1])
def test_going_on_with_one_shows_it_and_keeps_the_other(
    app: App, desk: Desk, qtbot: QtBot, number: int
) -> None:
    chat = desk.window.chat
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, Way("echo/fragile", 0.7))
    page = wait_ended(desk, qtbot)
    kept = replies(app, chat)[number].id
    page.columns[number].keep.click()
    qtbot.waitUntil(lambda: desk.window.pages.current == "", timeout=REPLY_MS)
    assert app.store.visible_path(chat.conversation.id)[-1].id == kept
    assert [message.rank == 1 for message in replies(app, chat)] == [number == 0, number == 1]
    qtbot.waitUntil(
        lambda: (
            chat.transcript.column.items[-1].shown.message.id == kept
            and chat.transcript.column.items[-1].shown.versions == 2
        ),
        timeout=REPLY_MS,
    )


def test_keeping_both_judges_nothing(app: App, desk: Desk, qtbot: QtBot) -> None:
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot).both.click()
    assert desk.window.pages.current == ""
    assert [message.rank for message in replies(app, desk.window.chat)] == [0, 0]


def test_the_last_question_is_asked_again_where_nothing_is_written(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("Tea?")
    dialog = open_dialog(desk, qtbot)
    assert dialog.text == "Tea?" and dialog.question.isReadOnly() and dialog.another.isVisible()
    choose(dialog, ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot)
    chat = desk.window.chat
    assert len(app.store.visible_path(chat.conversation.id)) == 2 and len(replies(app, chat)) == 3


def test_another_question_can_be_asked_instead(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Tea?")
    dialog = open_dialog(desk, qtbot)
    dialog.another.click()
    assert not dialog.question.isReadOnly() and not dialog.start.isEnabled()
    dialog.question.setPlainText("Coffee?")
    choose(dialog, ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot)
    path = app.store.visible_path(desk.window.chat.conversation.id)
    assert [message.text for message in path] == ["Tea?", "Tea?", "Coffee?", "Coffee?"]


def test_another_question_than_the_chosen_message_leaves_what_is_written(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask, tmp_path: Path
) -> None:
    ask("Tea?")
    notes = tmp_path / "notes.txt"
    notes.write_text("Oolong.\n", encoding="utf-8")
    desk.window.desks.files.add_files([str(notes)])
    chat = desk.window.chat
    qtbot.waitUntil(lambda: len(chat.composer.tray.items) == 1, timeout=REPLY_MS)
    chat.composer.field.insertPlainText("half a thought")
    chat.transcript.act("compare", 1)
    dialog = next(one for one in desk.window.findChildren(CompareDialog) if one.isVisible())
    assert dialog.text == "Tea?" and dialog.question.isReadOnly()
    dialog.another.click()
    dialog.question.setPlainText("Coffee?")
    choose(dialog, ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot)
    assert chat.composer.text == "half a thought" and len(chat.composer.tray.items) == 1
    path = app.store.visible_path(chat.conversation.id)
    assert [message.text for message in path] == ["Tea?", "Tea?", "Coffee?", "Coffee?"]
    assert not [part for part in path[2].parts if part.kind == "attachment"]
    conversation_id = chat.conversation.id
    qtbot.waitUntil(
        lambda: app.store.conversation(conversation_id).draft == "half a thought", timeout=REPLY_MS
    )


def test_the_dialog_goes_when_another_conversation_is_opened(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("Tea?")
    dialog = open_dialog(desk, qtbot)
    desk.window.chat.open("")  # as the window for quick questions does
    assert not dialog.isVisible()


def test_files_and_what_was_written_go_with_the_question(
    app: App, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Oolong.\n", encoding="utf-8")
    desk.window.desks.files.add_files([str(notes)])
    tray = desk.window.chat.composer.tray
    qtbot.waitUntil(lambda: len(tray.items) == 1, timeout=REPLY_MS)
    choose(open_dialog(desk, qtbot, "Read it"), ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot)
    chat = desk.window.chat
    question = app.store.visible_path(chat.conversation.id)[0]
    assert [part.kind for part in question.parts].count("attachment") == 1
    assert tray.items == () and chat.composer.text == ""
    qtbot.waitUntil(lambda: app.store.conversation(chat.conversation.id).draft == "", timeout=REPLY_MS)


# --- when something goes wrong, or is stopped ---


@pytest.mark.expected_log
def test_a_crash_of_one_leaves_the_other_whole(app: App, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    fuse = tmp_path / "fuse"
    fuse.write_text("1", encoding="utf-8")
    script(app, tmp_path, {"text": "partial words", "fault": "crash", "at": 4, "fuse": str(fuse)})
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    page = wait_ended(desk, qtbot)
    qtbot.waitUntil(lambda: said(page, 1) == "partial words", timeout=REPLY_MS)
    assert [message.state for message in replies(app, desk.window.chat)] == ["partial", "complete"]
    assert said(page, 0) == "part"
    assert all(column.keep.isEnabled() for column in page.columns)


def test_a_model_that_is_gone_fails_alone(app: App, desk: Desk, qtbot: QtBot) -> None:
    dialog = open_dialog(desk, qtbot, "Tea?")
    dialog.forms[0].model.addItem("gone")
    choose(dialog, Way("gone", 0.7), ECHO)
    page = wait_ended(desk, qtbot)
    qtbot.waitUntil(lambda: said(page, 1) == "Tea?", timeout=REPLY_MS)
    assert [message.state for message in replies(app, desk.window.chat)] == ["failed", "complete"]
    shown = page.columns[0].transcript.column.items[0].shown
    assert "gone" in shown.error


def test_stop_ends_one_and_the_other_is_asked(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 20)
    choose(open_dialog(desk, qtbot, LONG), ECHO, replace(ECHO, temperature=0.0))
    page = page_of(desk)
    qtbot.waitUntil(lambda: bool(said(page, 0)), timeout=REPLY_MS)
    app.settings.set("echo.delay_ms", 1)
    page.columns[0].stop.click()
    wait_ended(desk, qtbot)
    assert [message.state for message in replies(app, desk.window.chat)] == ["stopped", "complete"]
    assert said(page, 1)[:5] == "abcde"


def test_the_second_need_not_be_asked(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 10)
    choose(open_dialog(desk, qtbot, LONG), ECHO, replace(ECHO, temperature=0.0))
    page = page_of(desk)
    qtbot.waitUntil(lambda: bool(said(page, 0)), timeout=REPLY_MS)
    assert page.columns[1].stop.accessibleName() == "Do not ask: B"
    page.columns[1].stop.click()
    wait_ended(desk, qtbot)
    assert [message.state for message in replies(app, desk.window.chat)] == ["complete"]
    assert page.columns[1].waiting.text() == "B was not asked."
    assert page.columns[0].keep.isEnabled() and not page.columns[1].keep.isEnabled()


def test_stop_in_the_chat_stops_both(app: App, desk: Desk, qtbot: QtBot) -> None:
    app.settings.set("echo.delay_ms", 20)
    choose(open_dialog(desk, qtbot, LONG), ECHO, replace(ECHO, temperature=0.0))
    page, chat = page_of(desk), desk.window.chat
    qtbot.waitUntil(lambda: bool(said(page, 0)), timeout=REPLY_MS)
    page.back.click()
    assert desk.window.pages.current == "" and chat.notices.act_button.text() == "Show both"
    chat.stop()
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.wait(100)
    assert [message.state for message in replies(app, chat)] == ["stopped"]
    chat.notices.act_button.click()
    assert desk.window.pages.current == COMPARE and not page.columns[1].keep.isEnabled()


def test_the_chat_shows_both_one_after_the_other_and_what_waits_comes_after_both(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    app.settings.set("echo.delay_ms", 10)
    chat = desk.window.chat
    choose(open_dialog(desk, qtbot, LONG), ECHO, replace(ECHO, temperature=0.0))
    qtbot.waitUntil(lambda: chat.live is not None and bool(chat.live.text), timeout=REPLY_MS)
    page_of(desk).back.click()
    chat.composer.set_text("after")
    chat.composer.field.submitted.emit()
    app.settings.set("echo.delay_ms", 1)
    qtbot.waitUntil(
        lambda: (
            [item.shown.message.text for item in chat.transcript.column.items]
            == [LONG, LONG, "after", "after"]
        ),
        timeout=REPLY_MS,
    )
    question = app.store.visible_path(chat.conversation.id)[1]
    assert len(app.store.siblings(question.id)) == 2


def test_a_conversation_that_cannot_be_made_leaves_nobody_waiting(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise StoreError("The disk is full.")

    chat = desk.window.chat
    dialog = open_dialog(desk, qtbot, "Tea?")
    monkeypatch.setattr(app.store, "create_conversation", refuse)
    choose(dialog, ECHO, replace(ECHO, temperature=0.0))
    qtbot.waitUntil(lambda: desk.window.pages.current == "", timeout=REPLY_MS)
    assert "The disk is full." in chat.notices.label.text()
    assert chat.composer.text == "Tea?" and chat.notices.act_button.isHidden()
    page = page_of(desk)
    assert [column.waiting.text() for column in page.columns] == ["A was not asked.", "B was not asked."]


def test_a_first_that_had_not_begun_can_be_stopped_and_the_second_answers(
    app: App, desk: Desk, qtbot: QtBot, ask: Ask
) -> None:
    ask("Tea?")
    chat, asked = desk.window.chat, app.store.create_conversation(model="echo/echo")
    app.settings.set("echo.delay_ms", 20)
    app.engines.unload("echo/echo")  # it learns its delay when it is loaded
    chat.conversation.send_to(asked.id, LONG, (), draft="")  # the engine is busy with another one
    qtbot.waitUntil(lambda: chat.talk.live_in(asked.id) is not None, timeout=REPLY_MS)
    choose(open_dialog(desk, qtbot), ECHO, replace(ECHO, temperature=0.0))
    page = page_of(desk)
    page.columns[0].stop.click()
    qtbot.waitUntil(lambda: page.columns[0].waiting.text() == "A was not asked.", timeout=REPLY_MS)
    assert desk.window.pages.current == COMPARE
    app.settings.set("echo.delay_ms", 1)
    wait_ended(desk, qtbot)
    qtbot.waitUntil(lambda: said(page, 1) == "Tea?", timeout=REPLY_MS)
    assert len(replies(app, chat)) == 2 and len(chat.transcript.column.items) == 2


def test_a_stop_before_the_conversation_is_on_the_disk_is_not_lost(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, written = app.store.create_conversation, threading.Event()

    def slowly(*args: object, **options: object) -> object:
        written.wait(REPLY_MS / 1000)
        return create(*args, **options)

    app.settings.set("echo.delay_ms", 20)
    dialog = open_dialog(desk, qtbot, "Tea?")
    monkeypatch.setattr(app.store, "create_conversation", slowly)
    choose(dialog, ECHO, replace(ECHO, temperature=0.0))
    page = page_of(desk)
    page.columns[0].stop.click()
    written.set()
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.composer.text == "Tea?" or page.both.isEnabled(), timeout=REPLY_MS)
    # it was dropped before it began, and the words came back, or it had just begun and was ended
    assert chat.composer.text == "Tea?" or replies(app, chat)[0].state == "stopped"


def test_what_has_ended_is_told_of_no_more_replies(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot).both.click()
    qtbot.waitUntil(lambda: not desk.window.findChildren(CompareRun), timeout=REPLY_MS)
    assert ask("again") == "again"


# --- from the page back to the conversation ---


def test_going_on_comes_back_to_the_conversation_where_another_one_was_opened(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    chat = desk.window.chat
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    page = wait_ended(desk, qtbot)
    compared = chat.conversation.id
    desk.window.desks.lists.start()
    page.columns[1].keep.click()
    qtbot.waitUntil(lambda: chat.conversation.id == compared, timeout=REPLY_MS)
    assert desk.window.pages.current == ""
    qtbot.waitUntil(lambda: len(chat.transcript.column.items) == 2, timeout=REPLY_MS)
    assert chat.transcript.column.items[-1].shown.message.id == replies(app, chat)[1].id


def test_a_version_that_the_chat_does_not_show_is_judged_noted_and_described(
    app: App, desk: Desk, qtbot: QtBot
) -> None:
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    page, chat = wait_ended(desk, qtbot), desk.window.chat
    qtbot.waitUntil(lambda: all(column.facts.text() for column in page.columns), timeout=REPLY_MS)
    first = replies(app, chat)[0].id
    assert chat.transcript.column.index_of(first) < 0
    page.columns[0].transcript.act("good", 0)
    shown = page.columns[0].transcript.column
    qtbot.waitUntil(lambda: shown.items[0].shown.message.thumb == 1, timeout=REPLY_MS)
    page.columns[0].transcript.act("pin", 0)
    qtbot.waitUntil(lambda: shown.items[0].shown.message.is_pinned, timeout=REPLY_MS)
    page.columns[0].transcript.act("note", 0)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QInputDialog)), timeout=REPLY_MS)
    dialog = desk.window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("shorter")
    dialog.accept()
    qtbot.waitUntil(lambda: shown.items[0].shown.message.note == "shorter", timeout=REPLY_MS)
    page.columns[0].about.click()
    described = desk.window.findChildren(ReplyFactsDialog)
    assert described and described[-1].isVisible()
    described[-1].close()


def test_links_in_a_reply_ask_before_they_open(
    app: App, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "teahouse_desktop.widgets.dialogs.ask_link", lambda _window, target: asked.append(target)
    )
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    wait_ended(desk, qtbot).columns[1].transcript.link_requested.emit("https://tea.example/")
    assert asked == ["https://tea.example/"]


# --- looking at versions, and the dialog ---


def test_two_stored_versions_stand_side_by_side(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Tea?")
    chat = desk.window.chat
    chat.act("regenerate", chat.last_message_id("assistant"))
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.transcript.column.items[-1].shown.versions == 2, timeout=REPLY_MS)
    chat.transcript.act("compare_versions", 1)
    qtbot.waitUntil(lambda: desk.window.pages.current == COMPARE, timeout=REPLY_MS)
    page = page_of(desk)
    qtbot.waitUntil(lambda: page.question.text() == "Tea?", timeout=REPLY_MS)
    assert (said(page, 0), said(page, 1)) == ("Tea?", "Tea?")
    assert [column.model.text() for column in page.columns] == ["echo/echo"] * 2
    page.columns[0].keep.click()
    qtbot.waitUntil(lambda: desk.window.pages.current == "", timeout=REPLY_MS)
    assert replies(app, chat)[0].rank == 1


def test_the_dialog_begins_with_what_holds_and_refuses_what_cannot_be(desk: Desk, qtbot: QtBot) -> None:
    dialog = open_dialog(desk, qtbot, "Tea?")
    first, second = dialog.forms
    assert (first.way, second.way) == (ECHO, Way("echo/fragile", 0.7))
    second.seed.setText("a lot")
    assert not dialog.start.isEnabled() and "4,294,967,294" in dialog.problem.text()
    second.seed.setText("9" * 5000)
    assert not dialog.start.isEnabled()
    second.seed.setText(str(2**32))
    assert not dialog.start.isEnabled()
    second.seed.setText("")
    second.model.setCurrentText("echo/echo")
    for form in dialog.forms:
        form.temperature.setValue(0.0)
    assert dialog.problem.isVisible() and dialog.start.isEnabled()
    dialog.question.clear()
    assert not dialog.start.isEnabled()
    kinds = (QComboBox, QLineEdit, QPlainTextEdit, QAbstractButton)
    for kind in kinds:
        for widget in dialog.findChildren(kind):
            is_inner = not widget.isVisible() or widget.objectName() == "qt_spinbox_lineedit"
            assert widget.accessibleName() or getattr(widget, "text", str)() or is_inner
    dialog.reject()


def test_it_is_not_offered_while_a_reply_is_made(app: App, desk: Desk, qtbot: QtBot) -> None:
    from teahouse_desktop.availability import is_possible

    assert is_possible(desk.window, "compare")
    app.settings.set("echo.delay_ms", 20)
    desk.window.chat.conversation.send(LONG)
    qtbot.waitUntil(lambda: desk.window.chat.live is not None, timeout=REPLY_MS)
    assert not is_possible(desk.window, "compare")
    desk.window.desks.compare.ask()
    assert not desk.window.findChildren(CompareDialog)
    assert "Two models can be asked when it has ended." in desk.window.chat.notices.label.text()
    desk.window.chat.stop()
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)


def test_an_edited_message_is_not_taken_for_a_question(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Tea?")
    desk.window.menus.actions["edit"].trigger()
    desk.window.desks.compare.ask()
    assert not desk.window.findChildren(CompareDialog) and desk.window.chat.composer.is_editing
    assert "edited" in desk.window.chat.notices.label.text()


def test_slash_command_opens_it(desk: Desk, qtbot: QtBot) -> None:
    desk.window.chat.composer.set_text("/compare")
    desk.window.chat.composer.field.submitted.emit()
    qtbot.waitUntil(
        lambda: any(one.isVisible() for one in desk.window.findChildren(CompareDialog)), timeout=REPLY_MS
    )


def test_a_narrow_page_puts_one_below_the_other(desk: Desk, qtbot: QtBot) -> None:
    choose(open_dialog(desk, qtbot, "Tea?"), ECHO, replace(ECHO, temperature=0.0))
    page = wait_ended(desk, qtbot)
    desk.window.sidebar.hide()
    desk.window.resize(480, 700)
    first, second = page.columns
    qtbot.waitUntil(lambda: second.geometry().top() > first.geometry().bottom(), timeout=REPLY_MS)
    desk.window.resize(1180, 700)
    qtbot.waitUntil(lambda: second.geometry().left() > first.geometry().right(), timeout=REPLY_MS)


def test_an_operation_asks_an_existing_question_in_its_own_way(app: App) -> None:
    made = app.store.create_conversation(model="echo/echo")
    question = app.store.add_message(made.id, "user", "Tea?")
    for seed in (1, 2):
        way = Way("echo/echo", 1.0, seed)
        finish(compare.ask_way(app=app, conversation_id=made.id, way=way, parent_id=question.id))
    last = app.store.visible_path(made.id)[-1]
    found = app.store.generations(app.store.siblings(last.id))
    assert sorted(one.seed for one in found.values()) == [1, 2]
    assert compare.way_of(found[last.id]) == Way("echo/echo", 1.0, 2)
    assert compare.way_of(replace(found[last.id], sampling={})).temperature is None


def test_a_way_changes_nothing_but_what_it_names(app: App) -> None:
    made = app.store.create_conversation(model="echo/echo")
    app.store.change_conversation(made.id, settings={"sampling.logit_bias": '[["x", 2.5]]'})
    app.settings.set("sampling.top_k", 7, model="echo/fragile")
    question = app.store.add_message(made.id, "user", "Tea?")
    finish(
        compare.ask_way(app=app, conversation_id=made.id, way=Way("echo/fragile", 1.5), parent_id=question.id)
    )
    found = app.store.generation(app.store.visible_path(made.id)[-1].id)
    assert found is not None
    assert (found.sampling["temperature"], found.sampling["top_k"]) == (1.5, 7)  # that model's own
    assert [bias for _token, bias in found.sampling["logit_bias"]] == [2.5]


def test_the_usual_way_is_as_warm_as_what_is_in_force(app: App) -> None:
    assert temperature_of(app, {}, "echo/echo") == 0.7
    app.settings.set("chat.temperature", 0.4, model="echo/echo")
    assert temperature_of(app, {}, "echo/echo") == 0.4
    assert temperature_of(app, {"sampling.preset": "precise"}, "echo/echo") == 0.2
    assert temperature_of(app, {"chat.temperature": "hot"}, "echo/echo") == 0.4
    both = {"sampling.grammar": 'root ::= "a"', "sampling.json_schema": "{}", "chat.temperature": 1.5}
    assert temperature_of(app, both, "echo/echo") == 1.5


@pytest.mark.gguf
def test_the_starter_model_answers_steady_and_varied(
    app: App, starter: Path, open_window: Callable[[], Desk], qtbot: QtBot
) -> None:
    """The real model: temperature 0 twice is the same, two seeds at 1.5 are not."""
    desk = open_window()
    name, other = str(starter), Way(str(starter), 1.5, 1)
    for ways, is_same in (
        ((Way(name, 0.0), Way(name, 0.0, 9)), True),
        ((other, replace(other, seed=2)), False),
    ):
        dialog = open_dialog(desk, qtbot, "Write two sentences about tea.")
        for form in dialog.forms:
            form.model.addItem(name)
        desk.window.chat.conversation.choose("chat.max_tokens", 24)
        choose(dialog, *ways)
        page = page_of(desk)
        qtbot.waitUntil(lambda page=page: page.both.isEnabled(), timeout=4 * REPLY_MS)
        qtbot.waitUntil(lambda page=page: all(c.facts.text() for c in page.columns), timeout=REPLY_MS)
        assert (said(page, 0) == said(page, 1)) is is_same
        assert said(page, 0) and said(page, 1)
        page.both.click()
        desk.window.desks.lists.start()
