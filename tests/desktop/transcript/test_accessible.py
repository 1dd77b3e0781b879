"""The transcript as a screen reader meets it: a list of messages with words and actions."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.accessible import (
    MOST_TOLD,
    MessageInterface,
    TranscriptInterface,
    announce_list,
)
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import generation, shown

NAME = QAccessible.Text.Name


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[QAccessible.Event]:
    """The kinds of events that screen readers get."""
    kinds: list[QAccessible.Event] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: kinds.append(event.type()))
    return kinds


@pytest.fixture
def reader(view: Transcript) -> TranscriptInterface:
    """The list, with a question and a reply."""
    text = "Look at $x^2$:\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    view.open([shown(0, "user", "**Why** $x$?"), shown(1, "assistant", text, generation=generation())])
    view.grab()
    found = QAccessible.queryAccessibleInterface(view)
    assert isinstance(found, TranscriptInterface)
    return found


def message(reader: TranscriptInterface, index: int) -> MessageInterface:
    """One item of the list."""
    found = reader.child(index)
    assert found is not None
    return found


def test_it_is_a_list_of_messages_in_order(view: Transcript, reader: TranscriptInterface) -> None:
    assert reader.role() == QAccessible.Role.List
    assert reader.text(NAME) == "Conversation"
    assert reader.childCount() == 2
    items = [message(reader, index) for index in range(2)]
    assert [item.role() for item in items] == [QAccessible.Role.ListItem] * 2
    assert items[0].text(NAME) == "You: **Why** $x$?"
    assert items[1].text(NAME).startswith("Assistant: Look at x^2:\nTable: a, b\na: 1; b: 2\n")
    assert "142 tokens" in items[1].text(NAME)
    assert [reader.indexOfChild(item) for item in items] == [0, 1]
    assert reader.child(2) is None
    assert message(reader, 0) is items[0], "Qt keeps only a pointer to it"


def test_a_message_is_under_its_place_on_the_screen(view: Transcript, reader: TranscriptInterface) -> None:
    for index in range(2):
        place = message(reader, index).rect()
        found = reader.childAt(place.center().x(), place.center().y())
        assert found is not None
        assert found.index == index
    assert message(reader, 0).rect().bottom() <= message(reader, 1).rect().top() + 1


def test_the_words_can_be_read_piece_by_piece(reader: TranscriptInterface) -> None:
    words = message(reader, 1).textInterface()
    whole = "Look at x^2:\nTable: a, b\na: 1; b: 2"
    assert words.characterCount() == len(whole)
    assert words.text(0, -1) == whole
    assert words.text(5, 12) == "at x^2:"
    words.setCursorPosition(4)
    assert words.cursorPosition() == 4
    words.setCursorPosition(10_000)
    assert words.cursorPosition() == len(whole)
    assert words.selectionCount() == 0
    assert message(reader, 0).textInterface().text(0, -1) == "**Why** $x$?", "a person's words as they are"


def test_what_a_message_is_not_is_no_wrong_pointer(reader: TranscriptInterface) -> None:
    item: QAccessibleInterface = message(reader, 0)
    assert item.valueInterface() is None
    assert item.tableCellInterface() is None
    assert item.selectionInterface() is None
    assert item.editableTextInterface() is None


def test_everything_in_the_menu_is_an_action(
    view: Transcript, reader: TranscriptInterface, qtbot: QtBot
) -> None:
    actions = message(reader, 1).actionInterface()
    names = actions.actionNames()
    assert {"copy", "regenerate", "branch", "delete", "good", "bad", "note", "pin"} <= set(names)
    assert all(actions.localizedActionName(name) for name in names)
    assert actions.localizedActionName("copy") == "Copy"
    asked: list[tuple[str, str]] = []
    view.action_requested.connect(lambda name, target: asked.append((name, target)))
    actions.doAction("good")
    actions.doAction("copy")
    actions.doAction("no such thing")
    assert asked == [], "the reader does not wait for what it asked for"
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == [("good", view.column.items[1].shown.message.id)]
    assert QGuiApplication.clipboard().text() == view.column.items[1].shown.message.text


def test_while_a_reply_is_made_nothing_asks_the_model(view: Transcript, reader: TranscriptInterface) -> None:
    view.set_can_ask(False)
    names = message(reader, 1).actionInterface().actionNames()
    assert "copy" in names
    assert not {"regenerate", "continue", "delete"} & set(names)


def test_a_message_that_is_gone_is_not_valid_and_says_nothing(
    view: Transcript, reader: TranscriptInterface
) -> None:
    gone = message(reader, 1)
    view.open([shown(0, "user", "x")])
    assert not gone.isValid()
    assert gone.text(NAME) == ""
    assert gone.rect().isEmpty()
    assert gone.textInterface().characterCount() == 0
    assert gone.actionInterface().actionNames() == []


def test_it_outlives_what_python_forgets(view: Transcript, reader: TranscriptInterface) -> None:
    gc.collect()
    found = QAccessible.queryAccessibleInterface(view)
    assert found.child(1).actionInterface().actionNames()
    assert found.childAt(*_centre(view)) is not None


def test_qt_frees_each_interface_once(look: Look, qtbot: QtBot) -> None:
    view = Transcript(look)
    view.open([shown(0, "user", "x")])
    before = QAccessible.queryAccessibleInterface(view)
    item = before.child(0)
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(view.select_all)  # the view has a meta-object of its own from here on
    after = QAccessible.queryAccessibleInterface(view)
    assert after is not before, "Qt frees both: the same one would be freed twice"
    assert after.child(0) is item, "what a reader has read stays where it was"
    assert item.parent() is after
    delete(view)
    assert not any(isValid(one) for one in (before, after, item)), "all are freed with the view"


def _centre(view: Transcript) -> tuple[int, int]:
    point = view.viewport().mapToGlobal(QPoint(view.viewport().width() // 2, 20))
    return point.x(), point.y()


def test_a_new_list_is_told_unless_it_is_endless(view: Transcript, heard: list[QAccessible.Event]) -> None:
    view.open([shown(0, "user", "x")])
    heard.clear()
    announce_list(view)
    assert heard == [QAccessible.Event.ObjectReorder]
    view.open([shown(number, "user", "x") for number in range(MOST_TOLD + 1)])
    heard.clear()
    announce_list(view)
    assert heard == []
