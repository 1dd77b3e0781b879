from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from teahouse_desktop.chat.find_bar import FindBar
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.search import Search, places_in
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import shown

pytestmark = pytest.mark.gui

LONG = "Water boils. " * 300


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> Transcript:
    made = Transcript(look)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    texts = ["Where is the tea?", LONG + "The **tea** is here. Tea!", "nothing", "茶在哪里", LONG + "`tea`"]
    made.open([shown(n, "user" if n % 2 == 0 else "assistant", text) for n, text in enumerate(texts)])
    made.grab()
    return made


@pytest.fixture
def bar(view: Transcript, look: Look, qtbot: QtBot) -> FindBar:
    made = FindBar(view, look)
    qtbot.addWidget(made)
    made.open()
    return made


def found(view: Transcript) -> tuple[int, str]:
    assert view.selection is not None
    return view.selection.start.item, view.selected_text


def is_in_view(view: Transcript) -> bool:
    place = view.selection
    assert place is not None
    piece, box = view.column.items[place.start.item].boxes[place.start.piece]
    top = view.item_rect(place.start.item).top() + box.top() + piece.line_top(place.start.character)
    return 0 <= top <= view.viewport().height() - 10


def test_steps_from_place_to_place_and_round(view: Transcript, bar: FindBar, qtbot: QtBot) -> None:
    view.verticalScrollBar().setValue(0)
    bar.field.setText("TEA")
    seen = []
    for _ in range(5):
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
        seen.append(found(view))
        assert is_in_view(view)
    assert seen == [(0, "tea"), (1, "tea"), (1, "Tea"), (4, "tea"), (0, "tea")]
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert found(view) == (4, "tea")
    assert is_in_view(view)


def test_begins_with_what_is_in_view(view: Transcript, bar: FindBar) -> None:
    view.jump_to_end()
    bar.field.setText("tea")
    bar.find_next()
    assert found(view)[0] == 4


def test_typing_finds_by_itself_and_says_how_many(view: Transcript, bar: FindBar, qtbot: QtBot) -> None:
    view.verticalScrollBar().setValue(0)
    qtbot.keyClicks(bar.field, "boils")
    qtbot.waitUntil(lambda: view.selection is not None, timeout=5_000)
    assert found(view) == (1, "boils")
    assert bar._count.text() == "message 1 of 2"
    bar.field.setText("coffee")
    bar.find_next()
    assert (view.selection, bar._count.text()) == (None, "not found")


def test_one_han_character_is_enough(view: Transcript, bar: FindBar) -> None:
    bar.field.setText("茶")
    bar.find_next()
    assert found(view) == (3, "茶")


def test_a_conversation_that_changes_is_searched_again(view: Transcript, bar: FindBar) -> None:
    bar.field.setText("tea")
    bar.find_next()
    view.append(shown(9, "user", "more tea"))
    bar.find_previous()
    assert found(view) == (5, "tea")


def test_marks_of_markdown_are_no_places(view: Transcript) -> None:
    assert Search.of(view.column, "**").messages == [1]
    assert places_in(view.column, 1, "**") == []
    assert Search.of(view.column, "").messages == []


def test_escape_goes_back_to_the_transcript(view: Transcript, bar: FindBar, qtbot: QtBot) -> None:
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
