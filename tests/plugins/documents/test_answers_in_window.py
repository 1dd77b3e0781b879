"""The whole way in the real window: a question, what is found for it, a citation that is clicked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.passages import Passage, Piece, Place
from teahouse_desktop.start import Desk
from teahouse_documents.panel.cited_panel import CitedPanel
from teahouse_documents.reader.excerpt import Excerpt
from teahouse_documents.values import Found
from tests.desktop.conftest import REPLY_MS, app, ask, desk, english, open_window  # noqa: F401
from tests.plugins.documents.books import KETTLE, write_pdf

pytestmark = pytest.mark.gui


class Library:
    """A library with one PDF."""

    def __init__(self, pdf: Path) -> None:
        self.pdf, self.fit = pdf, {"share": 0.9, "again": 0.95, "has_words": True}

    def start(self) -> None:
        """Nothing is watched."""

    close = start

    def collections(self) -> list[Any]:
        return [SimpleNamespace(name="Books", sources=())]

    def search(self, query: str, **_asked: Any) -> Found:
        hit = Passage(KETTLE[1], str(self.pdf), Place(page=2), "Books", 0.2, id=5)
        told = {"id": 5, "words": {"rank": 1, "score": 3.0}, "vectors": None, "again": 0.9, "score": 0.2}
        return Found((hit,), {"passages": [told], "fit": self.fit})

    def excerpt(self, path: str, passage: str, first: int | None = None) -> Excerpt:
        return Excerpt(path, (Piece(passage),), 0, 1, (0,))


@pytest.fixture
def library(app: App, desk: Desk, qtbot: QtBot, tmp_path: Path) -> Library:  # noqa: F811
    qtbot.waitUntil(lambda: "documents" in desk.window.panels._loaded, timeout=REPLY_MS)
    made = Library(write_pdf(tmp_path / "samovar.pdf"))
    vars(app.plugins.seat("documents"))["documents_library"] = made
    app.settings.set("documents.collections", "*")
    return made


def mark_points(view: Any, index: int) -> dict[int, QPointF]:
    """By each mark in the words of a message one of its points."""
    rect, found = view.item_rect(index), dict[int, QPointF]()
    for y in range(2, int(rect.height()), 4):
        for x in range(2, int(rect.width()), 3):
            point = rect.topLeft() + QPointF(x, y)
            found.setdefault(view._pointer.find(point).mark, point)
    return found


def test_a_citation_in_an_answer_leads_to_its_place(
    library: Library,
    desk: Desk,  # noqa: F811
    ask: Callable[[str], str],  # noqa: F811
    qtbot: QtBot,
) -> None:
    reply = ask("Swept every ninth day [1] and [4] by hand")
    assert "[1]" in reply
    assert "[4]" not in reply.rpartition("\n")[2]  # no fourth source was given
    view, panels = desk.window.chat.transcript, desk.window.panels
    view.grab()
    lines = [line.text for one in view.column.items[1].views for line in one.lines]
    assert lines == [
        "[1] samovar.pdf, page 2",
        "Removed, as no such source was given: [4]",
        "How this was found",
    ]
    assert not view.column.items[1].shown.is_general
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=mark_points(view, 1)[0].toPoint())
    panel = panels._dock._dock.widget()
    assert isinstance(panel, CitedPanel)
    qtbot.waitUntil(lambda: panel.reader.seen is not None, timeout=REPLY_MS)
    assert panel.reader.where.text() == "Page 2 of 3"
    assert len(panel.reader.sheet.sheet.boxes) == 1
    panel.reader.back.click()
    qtbot.waitUntil(lambda: panel.steps.sent is not None, timeout=REPLY_MS)
    assert panel.reply.query == "Swept every ninth day [1] and [4] by hand"

    library.fit = {"share": 0.0, "again": 0.5, "has_words": True}
    ask("Who won?")
    view.grab()
    item = view.column.items[3]
    assert item.shown.is_general
    assert item.pieces[0].text.startswith("Nothing in your documents (“Books”) fits this question.")
    assert "general knowledge" in [chip.text for chip in view.chips(3)]
    assert [line.text for one in item.views for line in one.lines] == ["How this was found"]
