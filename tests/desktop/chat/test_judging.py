"""Thumbs, notes, the best version, and the prompt library in the real window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.messages import Message
from teahouse_desktop.chat.ranking import RankingDialog
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.footer import judgements_of
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


def last(desk: Desk) -> Message:
    return desk.window.chat.transcript.column.items[-1].shown.message


def icons(desk: Desk) -> list[str]:
    chips = desk.window.chat.transcript.chips(len(desk.window.chat.transcript.column.items) - 1)
    return [chip.icon for chip in chips if chip.icon and (not chip.name or chip.is_filled)]


def test_thumbs_by_keys_and_taken_back(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    qtbot.keyClick(desk.window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: last(desk).thumb == 1, timeout=REPLY_MS)
    assert icons(desk) == ["thumbs-up"]
    assert "Good reply" in words.spoken(desk.window.chat.transcript.column.items[-1].shown, "x")
    qtbot.keyClick(desk.window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: last(desk).thumb == -1, timeout=REPLY_MS)
    assert icons(desk) == ["thumbs-down"]
    assert app.store.message(last(desk).id).thumb == -1
    desk.window.desks.judge.criticise()
    qtbot.waitUntil(lambda: last(desk).thumb == 0, timeout=REPLY_MS)
    assert icons(desk) == []


def test_thumbs_below_a_reply_are_pressed_filled_and_emptied(desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    view = desk.window.chat.transcript

    def press(name: str) -> None:
        qtbot.mouseMove(view.viewport(), view.item_rect(1).center().toPoint())
        chip = next(chip for chip in view.chips(1) if chip.name == name)
        point = view.item_rect(1).topLeft() + chip.box.center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())

    def thumbs() -> list[tuple[str, bool]]:
        return [(c.name, c.is_filled) for c in view.chips(1) if c.icon.startswith("thumbs")]

    assert thumbs() == []
    view.setFocus()
    view.set_current(1)
    assert thumbs() == [("good", False), ("bad", False)]
    view.set_current(0)
    qtbot.mouseMove(view.viewport(), view.item_rect(1).center().toPoint())
    assert thumbs() == [("good", False), ("bad", False)]
    press("bad")
    qtbot.waitUntil(lambda: last(desk).thumb == -1, timeout=REPLY_MS)
    assert thumbs() == [("good", False), ("no_thumb", True)]
    press("good")
    qtbot.waitUntil(lambda: last(desk).thumb == 1, timeout=REPLY_MS)
    assert thumbs() == [("no_thumb", True), ("bad", False)]
    view._pointer.leave()
    assert thumbs() == [("no_thumb", True)]
    press("no_thumb")
    qtbot.waitUntil(lambda: last(desk).thumb == 0, timeout=REPLY_MS)


def test_a_note_is_kept_and_shown(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    assert judgements_of(desk.window.chat.transcript.column.items[-1]) == ["good", "bad", "note"]
    assert judgements_of(desk.window.chat.transcript.column.items[0]) == []
    desk.window.chat.transcript.act("note", 1)
    dialog = desk.window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("too short\n" + "x" * 80)
    dialog.accept()
    qtbot.waitUntil(lambda: last(desk).note.startswith("too short"), timeout=REPLY_MS)
    assert icons(desk) == ["pencil"]
    assert len(words.short_note(last(desk).note)) == words.LONGEST_NOTE


def test_the_best_of_its_versions(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    chat = desk.window.chat
    first = last(desk).id
    desk.window.desks.last_turn.answer_again()
    qtbot.waitUntil(
        lambda: chat.live is None and chat.transcript.column.items[-1].shown.versions == 2, timeout=REPLY_MS
    )
    second = last(desk).id
    chat.transcript.act("best", 1)
    qtbot.waitUntil(lambda: last(desk).rank == 1, timeout=REPLY_MS)
    assert icons(desk) == ["star"]
    assert "best" not in judgements_of(chat.transcript.column.items[-1])
    desk.window.desks.judge.act("best", first)
    qtbot.waitUntil(lambda: last(desk).rank == 0, timeout=REPLY_MS)
    assert (app.store.message(first).rank, app.store.message(second).rank) == (1, 0)
    desk.window.desks.judge.act("best", second)
    qtbot.waitUntil(lambda: last(desk).rank == 1, timeout=REPLY_MS)
    assert "not_best" in judgements_of(chat.transcript.column.items[-1])
    chat.transcript.act("not_best", 1)
    qtbot.waitUntil(lambda: last(desk).rank == 0, timeout=REPLY_MS)
    assert icons(desk) == []
    assert (app.store.message(first).rank, app.store.message(second).rank) == (0, 0)


def test_prompts_are_saved_inserted_renamed_and_deleted(app: App, desk: Desk, qtbot: QtBot) -> None:
    chat, prompts = desk.window.chat, desk.window.desks.prompts
    chat.composer.set_text("Explain like tea & cake:")
    prompts.ask_save()
    dialog = desk.window.findChildren(QInputDialog)[-1]
    assert dialog.textValue() == "Explain like tea & cake:"
    dialog.setTextValue("Tea & cake")
    dialog.accept()
    qtbot.waitUntil(lambda: [p.name for p in app.store.prompts()] == ["Tea & cake"], timeout=REPLY_MS)
    qtbot.waitUntil(lambda: bool(prompts._prompts), timeout=REPLY_MS)
    chat.composer.set_text("Before. ")
    prompts.fill()
    first = chat.bar.prompts.menu().actions()[0]
    assert first.text() == "Tea && cake"
    first.trigger()
    assert chat.composer.text == "Before. Explain like tea & cake:"
    prompts._ask_name("Tea & cake")
    dialog = desk.window.findChildren(QInputDialog)[-1]
    assert dialog.textValue() == "Tea & cake"
    dialog.setTextValue("Cake")
    dialog.accept()
    qtbot.waitUntil(lambda: [p.name for p in prompts._prompts] == ["Cake"], timeout=REPLY_MS)
    prompts._ask_delete("Cake")
    box = desk.window.findChildren(QMessageBox)[-1]
    next(button for button in box.buttons() if button.text() == "Delete").click()
    qtbot.waitUntil(lambda: app.store.prompts() == [], timeout=REPLY_MS)
    prompts.fill()
    assert not chat.bar.prompts.menu().actions()[0].isEnabled()


def versions_of(app: App, message_id: str) -> dict[str, int]:
    ids = app.store.siblings_of([message_id])[message_id]
    return {one: app.store.message(one).rank for one in ids}


def test_versions_are_put_in_order_by_keys_and_let_go(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("hello")
    for count in (2, 3):
        desk.window.chat.act("regenerate", last(desk).id)
        qtbot.waitUntil(
            lambda count=count: (
                desk.window.chat.transcript.column.items[-1].shown.versions == count
                and desk.window.chat.live is None
            ),
            timeout=REPLY_MS,
        )
    first, second, third = versions_of(app, last(desk).id)

    def dialog() -> RankingDialog:
        desk.window.desks.judge.act("rank", last(desk).id)
        qtbot.waitUntil(lambda: bool(desk.window.findChildren(RankingDialog)), timeout=REPLY_MS)
        [found] = desk.window.findChildren(RankingDialog)
        return found

    opened = dialog()
    assert opened.order == [first, second, third] and not opened.clear.isEnabled()
    opened.list.setCurrentRow(2)
    qtbot.keyClick(opened, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(opened, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(opened, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert opened.order == [third, first, second]
    assert opened.view.toPlainText() == app.store.message(third).text
    opened.keep.click()
    qtbot.waitUntil(lambda: versions_of(app, first) == {first: 2, second: 3, third: 1}, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: last(desk).rank == 1 and not desk.window.findChildren(RankingDialog))
    again = dialog()
    assert again.order == [third, first, second]
    again.clear.click()
    qtbot.waitUntil(lambda: set(versions_of(app, first).values()) == {0}, timeout=REPLY_MS)


def test_one_version_alone_has_no_order(desk: Desk, ask: Ask) -> None:
    ask("hello")
    item = desk.window.chat.transcript.column.items[-1]
    assert "rank" not in judgements_of(item) and "note" in judgements_of(item)
