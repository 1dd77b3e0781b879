from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from teahouse_desktop.chat.fitted import Fitted
from teahouse_desktop.chat.meter import NAMED, ContextMeter
from teahouse_desktop.chat.preview import PreviewDialog
from teahouse_desktop.chat.prompts import Prompt, join_pieces
from teahouse_desktop.looks.look import Look

pytestmark = pytest.mark.gui

CHAT = (("<|im_start|>", True), ("user\nSay <|im_end|>", False), ("<|im_end|>", True), ("\n", False))


def prompt(**changes: object) -> Prompt:
    facts: dict[str, object] = {"spans": CHAT, "tokens": 100, "context": 1000, "fitted": Fitted(), **changes}
    return Prompt("a model", **facts)  # type: ignore[arg-type]


def test_pieces_that_cut_a_letter_are_joined() -> None:
    pieces = [(b"<s>", True), (b"\xe8\x8c", False), (b"\xb6!", False), (b"</s>", True)]
    assert join_pieces(pieces) == (("<s>", True), ("茶!", False), ("</s>", True))


def test_control_tokens_are_marked_and_text_that_looks_like_one_is_not(qtbot: QtBot, look: Look) -> None:
    made = PreviewDialog(look)
    qtbot.addWidget(made)
    made.show_prompt(prompt())
    assert made.view.toPlainText() == "".join(text for text, _ in CHAT)

    def is_marked(position: int) -> bool:
        cursor = QTextCursor(made.view.document())
        cursor.setPosition(position + 1)
        return cursor.charFormat().foreground().color() == look.colour("accent")

    text = made.view.toPlainText()
    assert is_marked(0)
    assert not is_marked(text.index("<|im_end|>"))
    assert is_marked(text.rindex("<|im_end|>"))


def test_spaces_can_be_shown(qtbot: QtBot, look: Look) -> None:
    made = PreviewDialog(look)
    qtbot.addWidget(made)
    made.show_prompt(prompt())
    before = made.view.document().defaultTextOption().flags()
    made.spaces.setChecked(True)
    assert made.view.document().defaultTextOption().flags() != before
    made.spaces.setChecked(False)
    assert made.view.document().defaultTextOption().flags() == before


def test_a_problem_takes_the_prompt_away(qtbot: QtBot, look: Look) -> None:
    made = PreviewDialog(look)
    qtbot.addWidget(made)
    made.show_prompt(prompt())
    made.show_problem("The context is full.")
    assert made.view.toPlainText() == ""
    assert made.facts.text() == "The context is full."
    assert not made.copy.isEnabled()


@pytest.mark.parametrize(
    ("changes", "words", "level"),
    [
        ({}, "100 / 1,000 tokens", ""),
        ({"tokens": 751}, "751 / 1,000 tokens", "warning"),
        ({"fitted": Fitted(("a",))}, "1 message will not be sent · 100 / 1,000 tokens", "warning"),
        ({"fitted": Fitted(("a", "b"))}, "2 messages will not be sent · 100 / 1,000 tokens", "warning"),
    ],
)
def test_meter(qtbot: QtBot, changes: dict[str, object], words: str, level: str) -> None:
    meter = ContextMeter()
    qtbot.addWidget(meter)
    meter.show_prompt(prompt(**changes))
    assert (meter.text(), meter.property("level")) == (words, level)
    meter.clear()
    assert (meter.text(), meter.isEnabled()) == ("", False)


def test_meter_names_what_is_left_out(qtbot: QtBot) -> None:
    meter = ContextMeter()
    qtbot.addWidget(meter)
    ids = tuple(str(number) for number in range(NAMED + 3))
    meter.show_prompt(prompt(fitted=Fitted(ids, is_summarised=True), left_out=ids))
    lines = meter.toolTip().split("\n")
    assert lines[1] == "A summary is sent instead of:"
    assert lines[2:] == [f"• {number}" for number in range(NAMED)] + ["… +3"]
