from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.transcript import keys
from teahouse_desktop.transcript.column import KEPT
from teahouse_desktop.transcript.footer import Chip
from teahouse_desktop.transcript.selection import Place, Selection
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import MARKDOWN, conversation, generation, shown

pytestmark = pytest.mark.gui

LONG = "A line of text that is long enough to wrap in a narrow window. " * 6


def scroll(view: Transcript, value: int) -> None:
    view.verticalScrollBar().setValue(value)
    view.grab()


def top_text(view: Transcript) -> tuple[int, float]:
    """The message at the top of the view, and the share of it that is scrolled out."""
    first = view.visible()[0]
    rect = view.item_rect(first)
    return first, -rect.top() / rect.height()


def chip(view: Transcript, index: int, name: str) -> Chip:
    view._pointer._hover(view._pointer.find(view.item_rect(index).center()))
    return next(chip for chip in view.chips(index) if chip.name == name)


def click(view: Transcript, point: QPointF, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())


# --- selecting by keys ---


def press(view: Transcript, qtbot: QtBot, key: Qt.Key, *, is_ctrl: bool = False) -> str:
    modifiers = Qt.KeyboardModifier.ShiftModifier
    if is_ctrl:
        modifiers |= Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, key, modifiers)
    return view.selected_text


def test_whole_messages_are_selected_by_keys(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(n, "assistant", f"**Number** {n}") for n in range(4)])
    view.set_current(2)
    assert press(view, qtbot, Qt.Key.Key_Up, is_ctrl=True) == "Number 2"
    assert press(view, qtbot, Qt.Key.Key_Up, is_ctrl=True) == "Number 1\n\nNumber 2"
    assert view.current == 1
    assert press(view, qtbot, Qt.Key.Key_Down, is_ctrl=True) == "Number 2"
    assert press(view, qtbot, Qt.Key.Key_Down, is_ctrl=True) == "Number 2\n\nNumber 3"
    assert press(view, qtbot, Qt.Key.Key_Down, is_ctrl=True) == "Number 2\n\nNumber 3"
    view.copy(is_markdown=True)
    assert QGuiApplication.clipboard().text() == "**Number** 2\n\n**Number** 3"
    view.copy()
    assert QGuiApplication.clipboard().text() == "Number 2\n\nNumber 3"


def test_a_selection_grows_by_words_characters_and_paragraphs(view: Transcript, qtbot: QtBot) -> None:
    view.open(
        [
            shown(0, "user", "one two"),
            shown(1, "assistant", "three **four**\n\nfive"),
            shown(2, "user", "six"),
        ]
    )
    view.select(Selection(Place(0, 0, 4), Place(0, 0, 4)))
    assert press(view, qtbot, Qt.Key.Key_Right) == "t"
    assert press(view, qtbot, Qt.Key.Key_Right, is_ctrl=True) == "two"
    press(view, qtbot, Qt.Key.Key_Right)
    assert press(view, qtbot, Qt.Key.Key_Right) == "two\n\nt"
    assert press(view, qtbot, Qt.Key.Key_Down) == "two\n\nthree four"
    assert press(view, qtbot, Qt.Key.Key_Down) == "two\n\nthree four\n\nfive"
    view.copy(is_markdown=True)
    assert QGuiApplication.clipboard().text() == "two\n\nthree **four**\n\nfive"
    assert press(view, qtbot, Qt.Key.Key_Up) == "two\n\nthree four"
    assert press(view, qtbot, Qt.Key.Key_Up) == "two"
    assert press(view, qtbot, Qt.Key.Key_Left) == "two"
    for _ in range(20):
        press(view, qtbot, Qt.Key.Key_Left)
    assert view.selected_text == "one "
    for _ in range(9):
        press(view, qtbot, Qt.Key.Key_Down)
    assert view.selection is not None
    assert view.selection.head == Place(2, 0, 3)


def test_a_message_is_copied_as_markdown_and_as_text(view: Transcript) -> None:
    view.open([shown(0, "assistant", "A **bold** word\n\n- one")])
    view.act("copy", 0)
    assert QGuiApplication.clipboard().text() == "A **bold** word\n\n- one"
    view.act("copy_text", 0)
    assert QGuiApplication.clipboard().text() == "A bold word\n\n- one"


def test_home_and_end_with_ctrl(view: Transcript, qtbot: QtBot) -> None:
    view.open(conversation(200))
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.verticalScrollBar().value() == 0
    assert view.visible()[0] == 0
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.is_at_end


# --- laying out ---


def test_thousands_of_messages_open_with_few_documents(view: Transcript) -> None:
    view.open(conversation(5_000))
    view.grab()
    assert view.column.built_count < 10
    for value in range(0, view.verticalScrollBar().maximum(), view.verticalScrollBar().maximum() // 60):
        scroll(view, value)
    assert view.column.built_count <= KEPT + 20


def test_opens_at_the_end(view: Transcript) -> None:
    view.open(conversation(40))
    view.grab()
    assert view.is_at_end
    assert view.visible()[-1] == 39
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_sticks_to_the_end_only_while_there(view: Transcript) -> None:
    view.open([*conversation(10), shown(10, "assistant", "", state="streaming")])
    for _ in range(40):
        view.feed(10, "More text.\n\n")
    bar = view.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(bar.value() - 200)
    before = (bar.value(), view.item_rect(view.visible()[0]).top())
    for _ in range(40):
        view.feed(10, "More text.\n\n")
    assert (bar.value(), view.item_rect(view.visible()[0]).top()) == before
    assert bar.maximum() > before[0] + 400
    assert view._jump.isVisible()
    view._jump.click()
    assert bar.value() == bar.maximum()
    assert not view._jump.isVisible()


@pytest.mark.parametrize("width", [420, 640, 1100])
def test_resize_keeps_what_is_read_in_place(view: Transcript, width: int) -> None:
    view.open(conversation(60, LONG * 4))
    scroll(view, view.verticalScrollBar().maximum() // 2)
    before = top_text(view)
    view.resize(width, 600)
    view.grab()
    after = top_text(view)
    assert after[0] == before[0]
    assert after[1] == pytest.approx(before[1], abs=0.12)


def test_resize_at_the_end_stays_at_the_end(view: Transcript) -> None:
    view.open(conversation(30))
    view.resize(430, 500)
    view.grab()
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_scrolling_up_through_estimates_does_not_jump(view: Transcript) -> None:
    view.open(conversation(40))
    view.grab()
    seen = []
    while view.verticalScrollBar().value() > 0:
        keys_before = view.visible()[0]
        scroll(view, view.verticalScrollBar().value() - 150)
        seen.append(keys_before - view.visible()[0])
    assert set(seen) <= {0, 1, 2, 3}
    assert view.visible()[0] == 0


def test_refresh_keeps_documents_of_the_same_messages(view: Transcript) -> None:
    messages = conversation(6)
    view.open(messages)
    view.grab()
    last = view.column.items[-1].pieces
    view.refresh([*messages[:-1], messages[-1]])
    assert view.column.items[-1].pieces == last
    view.refresh(messages[:4])
    assert len(view.column.items) == 4


def test_theme_change_rebuilds_in_place(view: Transcript, look: Look) -> None:
    view.open(conversation(40))
    scroll(view, 900)
    before = top_text(view)
    dark = Look(DARK, look.font, look.reading, look.mono)
    view.set_look(dark)
    picture = view.grab().toImage()
    assert picture.pixelColor(5, 300).name() == DARK.base
    assert top_text(view)[0] == before[0]


# --- selecting ---


def test_selection_across_messages_copies_what_is_marked(view: Transcript) -> None:
    view.open(
        [shown(0, "user", "First question"), shown(1, "assistant", "Para one.\n\n```py\nx = 1\n```\n\nEnd.")]
    )
    view.select(Selection(Place(1, 2, 3), Place(0, 0, 6)))
    assert view.selected_text == "question\n\nPara one.\n\nx = 1\n\nEnd"
    view.copy()
    assert QGuiApplication.clipboard().text() == view.selected_text


def test_dragging_selects(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "assistant", "Alpha beta gamma"), shown(1, "assistant", "Delta")])
    view.grab()
    start = view.item_rect(0).topLeft() + view.column.items[0].boxes[0][1].topLeft() + QPointF(1, 10)
    end = view.item_rect(1).topLeft() + view.column.items[1].boxes[0][1].topLeft() + QPointF(400, 10)
    target = view.viewport()
    qtbot.mousePress(target, Qt.MouseButton.LeftButton, pos=start.toPoint())
    qtbot.mouseMove(target, end.toPoint())
    qtbot.mouseRelease(target, Qt.MouseButton.LeftButton, pos=end.toPoint())
    assert view.selected_text == "Alpha beta gamma\n\nDelta"


def test_double_click_takes_a_word(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "assistant", "Alpha beta")])
    view.grab()
    point = view.item_rect(0).topLeft() + view.column.items[0].boxes[0][1].topLeft() + QPointF(8, 10)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
    assert view.selected_text == "Alpha"


def test_everything_can_be_copied_by_keyboard(view: Transcript, qtbot: QtBot) -> None:
    view.open(conversation(300, "Reply **bold**"))
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    expected = "\n\n".join("Reply bold" if n % 2 else f"Question {n}" for n in range(300))
    assert QGuiApplication.clipboard().text() == expected
    assert view.column.built_count < 40


# --- keys ---


def test_keys_scroll(view: Transcript, qtbot: QtBot) -> None:
    view.open(conversation(60))
    view.grab()
    bar = view.verticalScrollBar()
    values = [bar.value()]
    for key in (Qt.Key.Key_PageUp, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_End):
        qtbot.keyClick(view, key)
        view.grab()
        values.append(bar.value())
    end, page_up, up, home, page_down, end_again = values
    assert end > page_up > up > home == 0 < page_down < end_again == bar.maximum()


def test_ctrl_arrows_walk_through_the_messages(view: Transcript, qtbot: QtBot) -> None:
    view.open(conversation(20))
    view.grab()
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, Qt.Key.Key_Up, control)
    assert view.current == 19
    for _ in range(12):
        qtbot.keyClick(view, Qt.Key.Key_Up, control)
    assert view.current == 7
    assert 7 in view.visible()


def test_return_opens_the_menu_of_the_marked_message(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "user", "Q"), shown(1, "assistant", "A\n\n```py\nx\n```\n\n```py\ny\n```")])
    view.set_current(1)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    titles = [action.text() for action in menu.actions() if action.text()]  # type: ignore[union-attr]
    pin = "Pin: always send this message"
    codes = ["Copy code block 1", "Copy code block 2"]
    said = ["Good reply", "Bad reply", "Note on this reply …"]
    copies = ["Copy message as Markdown", "Copy message as plain text"]
    more = [pin, "Branch from here", "Delete with what follows"]
    compare = "Ask two models or settings …"
    assert titles == [*codes, *copies, "Answer again", *more, *said, compare, "Select all"]
    menu.actions()[1].trigger()  # type: ignore[union-attr]
    assert QGuiApplication.clipboard().text() == "y"
    menu.close()  # type: ignore[union-attr]


def test_letters_are_meant_for_the_composer(view: Transcript, qtbot: QtBot) -> None:
    view.open(conversation(2))
    typed = QSignalSpy(view.typed)
    qtbot.keyClicks(view, "H")
    qtbot.keyClick(view, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert [typed.at(n) for n in range(typed.count())] == [["H"]]
    assert keys.press.__doc__


# --- actions ---


def test_chips_ask_for_actions(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "user", "Q"), shown(1, "assistant", "A", sibling_ids=("m9", "m1", "m8"))])
    view.grab()
    asked = QSignalSpy(view.action_requested)
    for index, name in ((0, "edit"), (1, "previous"), (1, "next"), (1, "regenerate")):
        box = chip(view, index, name).box
        click(view, view.item_rect(index).topLeft() + box.center(), qtbot)
    assert [asked.at(n) for n in range(4)] == [
        ["edit", "m0"], ["previous", "m1"], ["next", "m1"], ["regenerate", "m1"],
    ]  # fmt: skip


def test_copy_chip_copies_markdown_and_says_so(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "assistant", "**A**")])
    view.grab()
    click(view, view.item_rect(0).topLeft() + chip(view, 0, "copy").box.center(), qtbot)
    assert QGuiApplication.clipboard().text() == "**A**"
    assert any(one.text == "Copied" for one in view.chips(0))


def test_copy_button_of_code(view: Transcript, qtbot: QtBot) -> None:
    from teahouse_desktop.transcript.painting import copy_button

    view.open([shown(0, "assistant", "Text\n\n```py\nx = '中'\n```")])
    view.grab()
    piece, box = view.column.items[0].boxes[1]
    click(view, view.item_rect(0).topLeft() + copy_button(piece, box).center(), qtbot)
    assert QGuiApplication.clipboard().text() == "x = '中'"


def test_nothing_can_be_asked_while_a_reply_is_made(view: Transcript) -> None:
    view.open([shown(0, "user", "Q"), shown(1, "assistant", "A", state="partial", sibling_ids=("m9", "m1"))])
    view.grab()
    assert {chip.name for chip in view.chips(1) if chip.is_enabled} >= {"retry", "previous"}
    view.set_can_ask(False)
    view._pointer._hover(view._pointer.find(view.item_rect(1).center()))
    assert {one.name for one in view.chips(1) if one.is_enabled and one.name} == {
        "copy",
        "good",
        "bad",
    }


def test_links_are_shown_and_asked_about(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "assistant", "[site](https://example.org/path)")])
    view.grab()
    point = view.item_rect(0).topLeft() + view.column.items[0].boxes[0][1].topLeft() + QPointF(8, 12)
    spot = view._pointer.find(point)
    assert spot.link == "https://example.org/path"
    assert view._tip(spot) == "https://example.org/path"
    with qtbot.waitSignal(view.link_requested) as asked:
        click(view, point, qtbot)
    assert asked.args == ["https://example.org/path"]


# --- states and statistics ---


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (
            shown(0, "assistant", "x", state="partial"),
            "This reply was interrupted. What had arrived is kept.",
        ),
        (
            shown(0, "assistant", "", state="failed", error="No memory.", hint="Free some."),
            "No memory.\nFree some.",
        ),
        (shown(0, "assistant", "", state="stopped"), "Stopped before the first word."),
        (shown(0, "assistant", ""), "The model ended its reply without a word."),
    ],
)
def test_states_are_said_in_words(view: Transcript, one: object, said: str) -> None:
    view.open([one])  # type: ignore[list-item]
    view.grab()
    assert view.column.items[0].pieces[-1].text == said
    interface = QAccessible.queryAccessibleInterface(view)
    assert said in interface.child(0).text(QAccessible.Text.Name)


def test_statistics_are_those_of_the_generation(view: Transcript) -> None:
    view.open([shown(0, "assistant", "x", generation=generation())])
    view.grab()
    texts = [one.text for one in view.chips(0) if not one.name]
    assert texts == [
        "142 tokens · 18.2 tokens/s · first token after 0.42 s · 120 of 300 prompt tokens reused · echo"
    ]


def test_stopped_reply_says_so(view: Transcript) -> None:
    view.open([shown(0, "assistant", "half", state="stopped", generation=generation())])
    view.grab()
    assert view.chips(0)[-1].text.startswith("Stopped · 142 tokens")


def test_what_goes_on_is_said_while_a_reply_is_made(view: Transcript) -> None:
    view.open([shown(0, "assistant", "", state="streaming", status="Loading the model … 42 %")])
    view.grab()
    assert [one.text for one in view.chips(0)] == ["Loading the model … 42 %"]


# --- reading aloud ---


def test_screen_readers_find_a_list_with_one_item_for_each_message(view: Transcript) -> None:
    view.open(conversation(4, "Reply"))
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.role() == QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Conversation"
    assert interface.childCount() == 4
    assert interface.child(1).role() == QAccessible.Role.ListItem
    names = [interface.child(n).text(QAccessible.Text.Name) for n in range(4)]
    assert names == ["You: Question 0", "Assistant: Reply", "You: Question 2", "Assistant: Reply"]
    assert interface.child(4) is None
    view.open(conversation(1))
    assert interface.childCount() == 1


def test_item_of_a_screen_reader_lies_where_the_message_is(view: Transcript) -> None:
    view.open(conversation(4, "Reply"))
    view.grab()
    item = QAccessible.queryAccessibleInterface(view).child(1)
    place = view.viewport().mapToGlobal(view.item_rect(1).topLeft().toPoint())
    assert item.rect().topLeft() == place
    found = QAccessible.queryAccessibleInterface(view).childAt(*(place + QPoint(5, 5)).toTuple())
    assert found.text(QAccessible.Text.Name) == item.text(QAccessible.Text.Name)


def test_nothing_remote_is_loaded(view: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    from PySide6.QtGui import QTextDocument

    asked: list[object] = []
    monkeypatch.setattr(QTextDocument, "loadResource", lambda *args: asked.append(args))
    view.open([shown(0, "assistant", MARKDOWN + "\n\n<img src='http://example.org/a.png'>")])
    view.grab()
    assert asked == []
