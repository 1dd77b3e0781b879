"""Names of files and collections in tool tips: text, whatever they are."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.passages import Passage
from teahouse_documents.panel.cited_reply import Candidate
from teahouse_documents.panel.collection_card import CollectionCard
from teahouse_documents.panel.hit_card import HitCard
from teahouse_documents.panel.problems_page import ProblemCard
from teahouse_documents.panel.reader_page import ReaderPage
from teahouse_documents.panel.source_row import SourceRow
from teahouse_documents.panel.status_line import StatusLine
from teahouse_documents.values import Collection, Found, Problem, Source, Status
from tests.plugins.documents.stand_ins import make_look

pytestmark = pytest.mark.gui

EVIL = "/x/<b>a & b</b><img src='file:///y'>.txt"


def tips(qtbot: QtBot, widget: QWidget) -> list[str]:
    """The tips of a widget and its parts, as people read them."""
    qtbot.addWidget(widget)
    found = [part.toolTip() for part in (widget, *widget.findChildren(QWidget)) if part.toolTip()]
    return [QTextDocumentFragment.fromHtml(tip).toPlainText() for tip in found]


def test_no_name_is_markup_in_a_tip(qtbot: QtBot) -> None:
    look = make_look()
    reader, line = ReaderPage(look), StatusLine(look)
    reader.show_candidate(Candidate(Passage("tea", EVIL), 1))
    line.show_status(Status(files=2, waiting=1, current=EVIL))
    shown: tuple[QWidget, ...] = (
        *(HitCard(Passage("tea", EVIL), Found(), look), reader, line),
        ProblemCard(Problem("failed", "It is empty.", "", EVIL, 1, 1), look, can_ignore=True),
        SourceRow(Source(1, 1, "file", EVIL), look),
    )
    for one in shown:
        assert EVIL in tips(qtbot, one), type(one).__name__
    assert f"Add to {EVIL}" in tips(qtbot, CollectionCard(Collection(1, EVIL, 0), look))


def test_what_has_no_path_has_no_tip(qtbot: QtBot) -> None:
    look = make_look()
    line = StatusLine(look)
    line.show_status(Status(files=2, waiting=1))
    assert line.current.toolTip() == ""
    assert tips(qtbot, ProblemCard(Problem("index", "It is broken."), look, can_ignore=False)) == []
    past = SourceRow(Source(1, 1, "conversations", "conversations"), look)
    assert past.name.toolTip() == ""
