from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from teahouse.ids import now_ms
from teahouse.messages import Conversation
from teahouse_desktop.conversations.conversation_row import LIVE_ROLE
from teahouse_desktop.conversations.conversations import LONGEST_TITLE
from teahouse_desktop.conversations.sidebar import Sidebar
from teahouse_desktop.looks.look import Look

pytestmark = pytest.mark.gui


def conversation(name: str, **facts: str) -> Conversation:
    return Conversation(name, facts.pop("title", name), now_ms(), now_ms(), **facts)


@pytest.fixture
def sidebar(qtbot: QtBot, look: Look) -> Sidebar:
    made = Sidebar(look)
    qtbot.addWidget(made)
    made.show()
    return made


def titles(sidebar: Sidebar) -> list[str]:
    return [str(sidebar.model.index(row).data()) for row in range(sidebar.model.rowCount())]


def test_empty_list_says_what_will_be_there(sidebar: Sidebar) -> None:
    sidebar.show_conversations([], "")
    assert sidebar._empty.isVisible()
    sidebar.show_conversations([conversation("a")], "")
    assert not sidebar._empty.isVisible()


def test_titles_drafts_and_nothing(sidebar: Sidebar) -> None:
    rows = [
        conversation("a"),
        conversation("b", title="", draft="\n typed\nmore"),
        conversation("c", title=""),
    ]
    sidebar.show_conversations(rows, "")
    assert titles(sidebar) == ["a", "typed", "New conversation"]


def test_screen_reader_hears_title_and_date(sidebar: Sidebar) -> None:
    sidebar.show_conversations([conversation("a")], "")
    said = sidebar.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("a, ") and ":" in said


def test_mark_follows_the_conversation_when_the_order_changes(sidebar: Sidebar) -> None:
    one, two = conversation("one"), conversation("two")
    opened = QSignalSpy(sidebar.opened)
    sidebar.show_conversations([one, two], "two")
    assert sidebar.list.currentIndex().row() == 1
    sidebar.show_conversations([two, one], "two")
    assert sidebar.list.currentIndex().row() == 0
    sidebar.mark("")
    assert not sidebar.list.currentIndex().isValid()
    assert opened.count() == 0


def test_choosing_a_row_opens_it(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.show_conversations([conversation("one"), conversation("two")], "one")
    opened = QSignalSpy(sidebar.opened)
    box = sidebar.list.visualRect(sidebar.model.index(1))
    qtbot.mouseClick(sidebar.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert opened.at(0) == ["two"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("  New \n name ", "New name"),
        ("x" * 500, "x" * LONGEST_TITLE),
        ("", None),
        ("   ", None),
        ("old", None),
    ],
)
def test_titles_are_tidied_and_empty_ones_change_nothing(
    sidebar: Sidebar, typed: str, told: str | None
) -> None:
    sidebar.show_conversations([conversation("old")], "old")
    renamed = QSignalSpy(sidebar.renamed)
    assert sidebar.model.setData(sidebar.model.index(0), typed) is (told is not None)
    assert [renamed.at(n) for n in range(renamed.count())] == ([["old", told]] if told else [])


def test_conversations_with_a_running_reply_are_marked(sidebar: Sidebar) -> None:
    sidebar.show_conversations([conversation("one"), conversation("two")], "")
    sidebar.model.mark_live(frozenset({"two"}))
    assert [sidebar.model.index(row).data(LIVE_ROLE) for row in range(2)] == [False, True]


def test_very_long_titles_do_not_widen_the_list(sidebar: Sidebar) -> None:
    sidebar.show_conversations([conversation("a", title="short")], "")
    sidebar.grab()  # takes on the style sheet, which changes the hint
    before = sidebar.sizeHint().width()
    sidebar.show_conversations([conversation("a", title="很长的标题 long title " * 40)], "")
    assert sidebar.sizeHint().width() == before
    assert not sidebar.grab().isNull()


@pytest.mark.parametrize("others", [[], ["newer"]])
def test_a_change_of_the_list_does_not_undo_a_title_being_typed(
    sidebar: Sidebar, qtbot: QtBot, others: list[str]
) -> None:
    renamed = QSignalSpy(sidebar.renamed)
    sidebar.show_conversations([conversation("a")], "a")
    sidebar.rename()
    field = sidebar.list.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    qtbot.keyClicks(field, "half a ti")
    sidebar.show_conversations([*map(conversation, others), conversation("a", title="from the disk")], "a")
    sidebar.model.mark_live(frozenset({"a"}))
    assert sidebar.list.findChild(QLineEdit) is field
    qtbot.keyClicks(field, "tle")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: renamed.count() == 1)
    assert renamed.at(0) == ["a", "half a title"]
    qtbot.waitUntil(lambda: titles(sidebar) == [*others, "from the disk"])


def test_the_press_decides_whether_a_click_opens_beside(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.show_conversations([conversation("one"), conversation("two")], "")
    listed, clicked = sidebar.list, QSignalSpy(sidebar.list.clicked)
    beside = QSignalSpy(listed.beside_requested)
    left, control = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    place = listed.visualRect(listed.model().index(1, 0)).center()
    qtbot.mousePress(listed.viewport(), left, control, place)
    qtbot.mouseRelease(listed.viewport(), left, Qt.KeyboardModifier.NoModifier, place)
    assert (beside.count(), clicked.count()) == (1, 0)
    qtbot.mousePress(listed.viewport(), left, Qt.KeyboardModifier.NoModifier, place)
    qtbot.mouseRelease(listed.viewport(), left, control, place)
    assert (beside.count(), clicked.count()) == (1, 1)
