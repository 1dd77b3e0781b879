from __future__ import annotations

import pytest
from PySide6.QtGui import QImage, QPainter

from teahouse_desktop.transcript.growth import changed_rect, drawn
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import MARKDOWN, conversation, shown

pytestmark = pytest.mark.gui

WORDS = "It was a dark and stormy night, and the tea was cold. " * 20


@pytest.fixture
def view(view: Transcript) -> Transcript:
    view.open([*conversation(2), shown(2, "assistant", "", state="streaming")])
    return view


def picture(view: Transcript) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("kind", ["text", "reasoning"])
@pytest.mark.parametrize("text", [WORDS, MARKDOWN, "从前有一座山，" * 60])
def test_painting_only_what_has_changed_shows_the_same(view: Transcript, text: str, kind: str) -> None:
    seen, parts = picture(view), 0
    for start in range(0, min(len(text), 900), 7):
        before = drawn(view, 2)
        view.feed(2, text[start : start + 7], kind)
        rect, now = changed_rect(before, drawn(view, 2)), picture(view)
        if rect is None:
            seen = now
            continue
        area = rect.toAlignedRect().intersected(now.rect())
        parts += area.height() < now.height() / 2
        painter = QPainter(seen)
        painter.drawImage(area.topLeft(), now, area)
        painter.end()
        assert seen == now, text[: start + 7]
    assert parts > 20


def test_words_repaint_their_last_line_only(view: Transcript) -> None:
    view.feed(2, WORDS[:600])
    before = drawn(view, 2)
    view.feed(2, "more")
    rect = changed_rect(before, drawn(view, 2))
    assert rect is not None
    assert rect.height() < view.item_rect(2).height() / 2
    assert rect.bottom() >= view.item_rect(2).bottom()


def test_everything_is_painted_when_the_view_scrolls(view: Transcript) -> None:
    view.feed(2, "Line.\n\n" * 40)
    before = drawn(view, 2)
    view.feed(2, "Line.\n\n" * 3)
    assert changed_rect(before, drawn(view, 2)) is None
