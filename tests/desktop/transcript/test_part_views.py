"""What plugins show of parts: marks in the words, lines below them; never markup, never copied wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from teahouse.messages import ContextFound, Message, Part, Searching
from teahouse_desktop.chat.replies import LiveReply, describe
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.parts import PartLine, PartMark, PartView
from teahouse_desktop.transcript.menu import make_menu
from teahouse_desktop.transcript.pointer import Spot
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import shown

pytestmark = pytest.mark.gui

TEXT = "A 😀 cup [1] of **tea [2]**.\n\n- `[1]` [1](http://x.org)\n\n```\n[1]\n```\n\nEnd"
TIP = "<img src='http://x.org/a.png'><b>[1]</b> & more"


class Pressed:
    """What was pressed, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def press(self, name: str) -> Callable[[str], object]:
        return lambda message_id: self.names.append(f"{name}/{message_id}")


@pytest.fixture
def pressed() -> Pressed:
    return Pressed()


def part_view(pressed: Pressed) -> PartView:
    return PartView(
        (
            PartLine("[1] tea.pdf, page 3", "file-text", TIP, pressed.press("line")),
            PartLine("Removed: [7]", "triangle-alert"),
        ),
        (
            PartMark("[1]", "", TIP, pressed.press("first")),
            PartMark("[2]", "Source 2", "second", pressed.press("second")),
            PartMark("[7]", tip="not given", missing_at=(len("A 😀 cup [1] of"), len(TEXT))),
        ),
    )


@pytest.fixture
def marked(view: Transcript, pressed: Pressed) -> Transcript:
    known = part_view(pressed)
    view.set_parts(lambda message: (known,) if message.role == "assistant" else ())
    view.open([shown(0, "user", "[1]?"), shown(1, "assistant", TEXT)])
    view.grab()
    return view


def spots(view: Transcript, index: int = 1) -> dict[Spot, QPointF]:
    """Everything that lies under the pointer anywhere on a message, with one of its points."""
    rect, found = view.item_rect(index), dict[Spot, QPointF]()
    for y in range(1, int(rect.height()), 4):
        for x in range(1, int(rect.width()), 3):
            point = rect.topLeft() + QPointF(x, y)
            found.setdefault(view._pointer.find(point), point)
    return found


def click(view: Transcript, point: QPointF, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())


def test_a_mark_can_be_pressed_and_code_and_links_are_none(
    marked: Transcript, pressed: Pressed, qtbot: QtBot
) -> None:
    under = {spot.mark: point for spot, point in spots(marked).items() if spot.mark >= 0}
    assert set(under) == {0, 1, 2}
    click(marked, under[0], qtbot)
    click(marked, under[1], qtbot)
    click(marked, under[2], qtbot)
    assert pressed.names == ["first/m1", "second/m1"]
    links = {spot.link for spot in spots(marked) if spot.link}
    assert links == {"http://x.org"}
    texts = [piece.text for piece in marked.column.items[1].pieces if piece.kind == "code"]
    assert texts == ["[1]"]


def test_what_was_taken_out_is_painted_and_never_copied(marked: Transcript) -> None:
    words = "".join(piece.document.toPlainText() for piece in marked.column.items[1].pieces)
    assert "cup [1] of[7] tea [2]" in words
    marked.select_all()
    assert "[7]" not in marked.selected_text
    assert "A 😀 cup [1] of tea [2]." in marked.selected_text
    assert "tea.pdf" not in marked.selected_text
    marked.act("copy", 1)
    assert QGuiApplication.clipboard().text() == TEXT


def test_lines_stand_below_the_words(marked: Transcript, pressed: Pressed, qtbot: QtBot) -> None:
    item = marked.column.items[1]
    kinds = [piece.kind for piece in item.pieces]
    assert kinds[-2:] == ["part", "part"]
    lines = {spot.line: (spot, point) for spot, point in spots(marked).items() if spot.line >= 0}
    for spot, point in lines.values():
        click(marked, point, qtbot)
        assert bool(marked._tip(spot)) != spot.is_silent
    assert pressed.names == ["line/m1"]
    assert [spot.is_pressable for spot, _point in lines.values()] == [True, False]


def test_tips_are_never_markup(marked: Transcript) -> None:
    told = {marked._tip(spot) for spot in spots(marked) if spot.mark == 0 or (spot.line >= 0)}
    told.discard("")
    assert told
    for tip in told:
        assert "<img" not in tip
        assert "<b>" not in tip
        assert "&lt;img src=" in tip
    QToolTip.hideText()


def test_menu_and_screen_readers_offer_the_same(marked: Transcript, pressed: Pressed) -> None:
    menu = make_menu(marked, Spot(item=1), can_ask=True)
    titles = [action.text() for action in menu.actions()]
    assert {"[1] tea.pdf, page 3", "Source 2"} <= set(titles)
    next(action for action in menu.actions() if action.text() == "Source 2").trigger()
    menu.deleteLater()
    child = QAccessible.queryAccessibleInterface(marked).child(1)
    said = child.text(QAccessible.Text.Name)
    assert "[1] tea.pdf, page 3\nRemoved: [7]" in said
    assert "of tea [2]" in said
    actions = child.actionInterface()
    names = {actions.localizedActionName(name): name for name in actions.actionNames()}
    marked.act(names["[1] tea.pdf, page 3"], 1)
    assert pressed.names == ["second/m1", "line/m1"]


def test_views_that_come_later_are_shown(view: Transcript, pressed: Pressed, look: Look) -> None:
    view.open([shown(1, "assistant", TEXT)])
    view.grab()
    assert all(piece.kind != "part" for piece in view.column.items[0].pieces)
    view.set_parts(lambda _message: (part_view(pressed),))
    view.grab()
    assert [piece.kind for piece in view.column.items[0].pieces].count("part") == 2
    view.set_look(Look(DARK, look.font, look.reading, look.mono))
    view.grab()
    assert [piece.kind for piece in view.column.items[0].pieces].count("part") == 2
    view.set_parts(lambda _message: ())
    view.grab()
    assert "[7]" not in view.column.items[0].pieces[0].document.toPlainText()


def test_a_reply_that_ends_gets_its_marks(view: Transcript, pressed: Pressed) -> None:
    def parts(message: Message) -> Sequence[PartView]:
        return (part_view(pressed),) if message.state == "complete" else ()

    view.set_parts(parts)
    view.open([shown(1, "assistant", "", state="streaming")])
    view.feed(0, "Tea [1] is good.")
    view.grab()
    assert not view.column.items[0].marks
    view.refresh([shown(1, "assistant", "Tea [1] is good.")])
    view.grab()
    assert {spot.mark for spot in spots(view, 0)} >= {0}


@pytest.mark.parametrize(("text", "at"), [("x: y", 1), ("a (b)", 2), ("[x]", 0), ("ab", 99), ("ab", -1)])
def test_what_was_taken_out_never_becomes_a_link(
    view: Transcript, pressed: Pressed, text: str, at: int
) -> None:
    mark = PartMark("[7]", missing_at=(at,))
    view.set_parts(lambda _message: (PartView(marks=(mark,)),))
    view.open([shown(1, "assistant", text)])
    view.grab()
    assert view.column.items[0].pieces[0].document.toPlainText() == text


# --- the notice, and the live line --------------------------------------------------------------------

NOTICE = "Nothing in your documents fits <b>this</b>."


def told(notice: str, *sent: bool) -> Part:
    passages = [{"number": number, "is_sent": is_sent} for number, is_sent in enumerate(sent, start=1)]
    return Part("passages", json.dumps({"notice": notice, "passages": passages}), "documents", False)


def with_part(part: Part) -> Message:
    message = shown(1, "assistant", "Paris.").message
    return replace(message, parts=(*message.parts, part))


@pytest.mark.parametrize(
    ("part", "notice", "is_general"),
    [
        (told(NOTICE), NOTICE, True),
        (told("", True), "", False),
        (told(NOTICE, False, True), NOTICE, False),
        (told("", False), "", False),
        (Part("passages", "{broken", "documents"), "", False),
        (Part("passages", '{"notice": 3, "passages": 4}', "documents"), "", False),
        (Part("passages", "[1]", "documents"), "", False),
    ],
)
def test_the_notice_stands_above_the_answer(
    view: Transcript, part: Part, notice: str, is_general: bool
) -> None:
    one = replace(shown(1, "assistant", ""), message=with_part(part))
    view.open([one])
    view.grab()
    first = view.column.items[0].pieces[0]
    assert (first.kind == "note") == bool(notice)
    assert not notice or first.text == notice
    assert ("general knowledge" in [chip.text for chip in view.chips(0)]) == is_general
    child = QAccessible.queryAccessibleInterface(view).child(0)
    assert notice in child.text(QAccessible.Text.Name)


def test_a_running_turn_says_what_it_searches_and_finds(view: Transcript) -> None:
    assert describe(Searching("r")) == "Searching …"
    assert describe(ContextFound("r", 0, NOTICE)) == "Nothing was found …"
    assert describe(ContextFound("r", 1)) == "1 passage was found …"
    assert describe(ContextFound("r", 4)) == "4 passages were found …"
    live = LiveReply("c", "Who?", found=ContextFound("r", 0, NOTICE))
    view.open(live.shown())
    view.feed(1, "Paris.")
    view.grab()
    item = view.column.items[1]
    assert [piece.text for piece in item.pieces] == [NOTICE, "Paris."]
    assert item.shown.is_general
    live.found = ContextFound("r", 2)
    assert not live.shown()[-1].is_general
