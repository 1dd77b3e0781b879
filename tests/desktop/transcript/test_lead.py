"""What stands above an answer: the reasoning, folded or open, and what was not sent."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse.messages import Message, MessageState, Part, Timings
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import MARKDOWN, generation, shown

pytestmark = pytest.mark.gui

THOUGHT = "First I recall.\n\n- one\n- two\n\nThen I `answer`."


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> Transcript:
    made = Transcript(look)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def reply(
    number: int, text: str = "The answer.", thought: str = THOUGHT, *, state: MessageState = "complete"
) -> Shown:
    """A reply with reasoning that took 4.23 s."""
    parts = tuple(Part(kind, data) for kind, data in (("reasoning", thought), ("text", text)) if data)
    made = generation(timings=Timings(0.0, 0.4, 100.0, 18.0, 4.23)) if state != "streaming" else None
    return Shown(Message(f"m{number}", "c", None, "assistant", state, 0, parts), made, (f"m{number}",))


def fitted_reply(number: int, **facts: object) -> Shown:
    """A reply for which something was left out."""
    parts = (Part("text", "Short."), Part("context", json.dumps(facts)))
    return Shown(Message(f"m{number}", "c", None, "assistant", "complete", 0, parts), None, (f"m{number}",))


def kinds(view: Transcript, index: int) -> list[str]:
    view.column.ensure(index)
    return [piece.kind for piece in view.column.items[index].pieces]


def line(view: Transcript, index: int, kind: str) -> tuple[str, QPointF]:
    """The words of a line, and a point on it in the viewport."""
    view.grab()
    piece, box = next(pair for pair in view.column.items[index].boxes if pair[0].kind == kind)
    return piece.text, view.item_rect(index).topLeft() + box.topLeft() + QPointF(30, box.height() / 2)


def spoken(view: Transcript, index: int) -> str:
    interface = QAccessible.queryAccessibleInterface(view)
    return str(interface.child(index).text(QAccessible.Text.Name))


def chips(view: Transcript, index: int) -> list[str]:
    return [chip.text for chip in view.chips(index)]


# --- reasoning ---


def test_finished_reasoning_is_folded_and_not_built(view: Transcript) -> None:
    view.open([shown(0, "user", "Q"), reply(1)])
    assert kinds(view, 1) == ["fold", "text"]
    assert line(view, 1, "fold")[0] == "Thought for 4.2 s"
    assert "I recall" not in spoken(view, 1)
    assert "Thought for 4.2 s" in spoken(view, 1)


def test_click_and_space_unfold_and_fold(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "user", "Q"), reply(1)])
    place = line(view, 1, "fold")[1].toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert kinds(view, 1) == ["fold", *["text"] * 4]
    asides = [piece for piece in view.column.items[1].pieces if piece.is_aside]
    assert "I recall" in asides[0].text
    assert all(piece.indent > 0 for piece in asides)
    assert "I recall" in spoken(view, 1)
    view.set_current(1)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert kinds(view, 1) == ["fold", "text"]


def test_space_scrolls_where_there_is_no_reasoning(view: Transcript, qtbot: QtBot) -> None:
    view.open([shown(0, "user", "Q"), shown(1, "assistant", "Line.\n\n" * 200)])
    view.set_current(0)
    view.verticalScrollBar().setValue(0)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.verticalScrollBar().value() > 300


def test_what_is_above_stays_in_place_when_unfolding(view: Transcript) -> None:
    view.open([reply(n, "Answer. " * 60, THOUGHT * 10) for n in range(12)])
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    view.grab()
    index = view.visible()[1]
    before = view.item_rect(index).top()
    view.act("unfold", index)
    view.grab()
    assert view.item_rect(index).top() == pytest.approx(before, abs=1)
    assert kinds(view, index)[1] == "text" and len(kinds(view, index)) > 4


def test_copying_a_reply_leaves_the_reasoning_out(view: Transcript) -> None:
    view.open([reply(0)])
    view.act("unfold", 0)
    view.act("copy", 0)
    assert QGuiApplication.clipboard().text() == "The answer."
    view.act("copy_reasoning", 0)
    assert QGuiApplication.clipboard().text() == THOUGHT


def test_open_reasoning_is_selected_and_its_head_is_not(view: Transcript) -> None:
    view.open([reply(0, thought="Hm, tea.")])
    view.select_all()
    assert view.selected_text == "The answer."
    view.act("unfold", 0)
    assert view.selection is None  # its pieces were counted anew
    view.select_all()
    assert view.selected_text == "Hm, tea.\n\nThe answer."


def test_menu_offers_the_reasoning(view: Transcript) -> None:
    view.open([reply(0)])
    view.open_menu(0)
    menu = QApplication.activePopupWidget()
    titles = [action.text() for action in menu.actions()]  # type: ignore[union-attr]
    assert "Show the reasoning" in titles and "Copy the reasoning" in titles
    next(a for a in menu.actions() if a.text() == "Show the reasoning").trigger()  # type: ignore[union-attr]
    menu.close()  # type: ignore[union-attr]
    assert view.column.items[0].is_open


def test_reasoning_streams_open_and_folds_with_the_first_word(view: Transcript) -> None:
    view.open([shown(0, "user", "Q"), reply(1, "", "", state="streaming")])
    for word in ("Hm, ", "let me ", "think."):
        view.feed(1, word, "reasoning")
    assert kinds(view, 1) == ["fold", "text"]
    assert view.column.items[1].pieces[1].text == "Hm, let me think."
    assert line(view, 1, "fold")[0] == "Thinking …"
    view.feed(1, "So:", "text")
    assert kinds(view, 1) == ["fold", "text"]
    assert view.column.items[1].pieces[1].text == "So:"
    assert view.column.items[1].shown.reasoning == "Hm, let me think."


def test_reasoning_that_is_being_read_stays_open(view: Transcript) -> None:
    view.open([shown(0, "user", "Q"), reply(1, "", "", state="streaming")])
    view.feed(1, "A thought.\n\n" * 80, "reasoning")
    view.verticalScrollBar().setValue(40)
    view.feed(1, "So:", "text")
    assert view.column.items[1].is_open
    assert view.verticalScrollBar().value() == 40
    view.update_message(1, reply(1, "So: yes.", "A thought.\n\n" * 80))
    assert view.column.items[1].is_open


def test_seconds_are_shown_while_it_thinks(view: Transcript) -> None:
    live = reply(0, "", "Hm", state="streaming")
    view.open([live])
    view.update_message(0, Shown(live.message, thought_s=3.4))
    assert line(view, 0, "fold")[0] == "Thinking … 3 s"
    view.update_message(0, Shown(live.message, thought_s=65.2))
    assert line(view, 0, "fold")[0] == "Thinking … 1 min 5 s"


@pytest.mark.parametrize("size", [1, 7, 64])
def test_streamed_reasoning_is_the_same_as_at_once(view: Transcript, look: Look, size: int) -> None:
    view.open([reply(0, "", "", state="streaming")])
    for start in range(0, len(MARKDOWN), size):
        view.feed(0, MARKDOWN[start : start + size], "reasoning")
    view.update_message(0, reply(0, "", MARKDOWN, state="stopped"))
    body = Body(look)
    body.set_text(MARKDOWN)
    streamed = [piece for piece in view.column.items[0].pieces if piece.is_aside]
    assert [(p.kind, p.text) for p in streamed] == [(p.kind, p.text) for p in body.pieces]


def test_closed_blocks_of_reasoning_are_built_once(view: Transcript) -> None:
    view.open([reply(0, "", "", state="streaming")])
    view.feed(0, "One.\n\nTwo.\n\nThree", "reasoning")
    first = view.column.items[0].pieces[1]
    for _ in range(50):
        view.feed(0, " more\n\nand", "reasoning")
    assert view.column.items[0].pieces[1] is first


def test_stopped_while_thinking_shows_the_thoughts(view: Transcript) -> None:
    view.open([reply(0, "", state="stopped")])
    assert kinds(view, 0)[0] == "fold"
    assert view.column.items[0].is_open
    assert "Stopped while the model was thinking." in spoken(view, 0)


# --- what was not sent ---


def test_line_says_what_was_not_sent_and_leads_there(view: Transcript, qtbot: QtBot) -> None:
    messages = [shown(n, "user" if n % 2 == 0 else "assistant", "Text. " * 80) for n in range(12)]
    view.open([*messages, shown(12, "user", "Q"), fitted_reply(13, not_sent=["gone", "m1", "m2"])])
    words, place = line(view, 13, "context")
    assert words == "3 earlier messages were not sent: the context is full."
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert view.current == 1
    assert 1 in view.visible()


def test_left_out_messages_are_dim_and_marked(view: Transcript) -> None:
    view.open([shown(0, "user", "Q"), shown(1, "assistant", "A"), shown(2, "user", "Q2")])
    plain = view.grab().toImage()
    view.append(fitted_reply(3, not_sent=["m0", "m1"]))
    assert [item.is_left_out for item in view.column.items] == [True, True, False, False]
    assert "not sent" in chips(view, 0) and "not sent" not in chips(view, 2)
    assert "not sent" in spoken(view, 1)
    box = view.item_rect(0).toRect()
    assert view.grab(box).toImage() != plain.copy(box)


def test_only_the_newest_reply_counts(view: Transcript) -> None:
    told = [shown(0, "user", "Q"), fitted_reply(1, not_sent=["m0"]), shown(2, "user", "Q2")]
    view.open([*told, shown(3, "assistant", "", state="streaming")])
    assert view.column.items[0].is_left_out  # the reply on its way has not told yet
    view.update_message(3, shown(3, "assistant", "All was sent."))
    assert not view.column.items[0].is_left_out
    view.refresh(told)
    assert view.column.items[0].is_left_out


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"not_sent": ["a"]}, "1 earlier message was not sent: the context is full."),
        ({"not_sent": ["a"], "is_summarised": True}, "1 earlier message was replaced by a summary"),
        ({"not_sent": ["a", "b"], "is_summarised": True}, "2 earlier messages were replaced by a summary"),
        ({"not_sent": [], "repair": "joined"}, "Messages of one speaker in a row are sent as one"),
        ({"not_sent": [], "repair": "system"}, "The system prompt is sent with the first question:"),
        ({"not_sent": [], "repair": "system, joined"}, "and messages of one speaker in a row as one"),
    ],
)
def test_what_was_done_is_said_in_words(view: Transcript, facts: dict[str, object], words: str) -> None:
    view.open([fitted_reply(0, **facts)])
    assert words in line(view, 0, "context")[0]
    assert words in spoken(view, 0)


@pytest.mark.parametrize("data", ["", "{", "[]", '{"not_sent": 3}', "null"])
def test_a_broken_context_part_is_not_shown(view: Transcript, data: str) -> None:
    parts = (Part("text", "A"), Part("context", data))
    view.open([Shown(Message("m", "c", None, "assistant", "complete", 0, parts))])
    assert kinds(view, 0) == ["text"]


def test_line_about_a_repair_asks_for_what_was_sent(view: Transcript, qtbot: QtBot) -> None:
    view.open([fitted_reply(0, not_sent=[], repair="joined")])
    asked = QSignalSpy(view.action_requested)
    place = line(view, 0, "context")[1].toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.at(0) == ["sent", "m0"]


# --- pins and offers ---


def test_pinned_message_is_marked(view: Transcript) -> None:
    pinned = Shown(Message("m", "c", None, "user", "complete", 0, (Part("text", "Q"),), is_pinned=True))
    view.open([pinned])
    assert "always sent" in chips(view, 0)
    assert "always sent" in spoken(view, 0)


def test_a_model_without_format_offers_to_choose_one(view: Transcript, qtbot: QtBot) -> None:
    failed = Message("m", "c", None, "assistant", "failed", 0)
    view.open([Shown(failed, None, ("m",), "No template.", lacks_format=True)])
    view.grab()
    asked = QSignalSpy(view.action_requested)
    chip = next(chip for chip in view.chips(0) if chip.name == "format")
    assert chip.text == "Choose a format"
    place = (view.item_rect(0).topLeft() + chip.box.center()).toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.at(0) == ["format", "m"]
