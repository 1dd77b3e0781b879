"""The recall test: ranks by each method, sets of questions, and what may be tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from teahouse.language import activate, active
from teahouse_documents.evaluation import Step, Trying
from teahouse_documents.panel.rank_table import RankTable
from teahouse_documents.panel.recall_page import RecallPage
from teahouse_documents.panel.recall_words import HEADS, missed_rows
from teahouse_documents.settings import WORDINGS
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.stand_ins import WAIT_MS, Shown, make_look
from tests.plugins.documents.test_panel_documents import app, show, shown  # noqa: F401

pytestmark = pytest.mark.gui

TRACE = [
    {"id": 5, "words": {"rank": 2, "score": 12.4}, "vectors": {"rank": 1, "score": 0.87},
     "fused": {"rank": 1, "score": 0.18}, "second": {"rank": 2, "score": 0.8}, "rerank": None},
    {"id": 6, "words": None, "vectors": {"rank": 2, "score": 0.84},
     "fused": {"rank": 2, "score": 0.09}, "second": {"rank": 1, "score": 0.9}, "rerank": None},
    {"id": 7, "words": {"rank": 1, "score": 3.1}, "vectors": None,
     "fused": {"rank": 3, "score": 0.05}, "second": {"rank": 3, "score": 0.7}, "rerank": None},
]  # fmt: skip
LISTS = {"words": {"found": 2, "ms": 1.0}, "vectors": {"found": 2, "ms": 1.0, "by": "exact"}}


def page_of(shown: Shown) -> RecallPage:  # noqa: F811
    action = next(one for one in shown.panel.more.menu().actions() if one.text() == "Recall test")
    action.trigger()
    page = shown.study.recall
    assert page is not None and shown.panel.pages.currentWidget() is page
    return page


def cells(table: RankTable) -> list[list[str]]:
    rows = range(table.topLevelItemCount())
    return [[table.topLevelItem(r).text(c) for c in range(table.columnCount())] for r in rows]


def test_a_question_shows_the_rank_by_each_method(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.library.trace = {**shown.library.trace, "passages": TRACE, "lists": LISTS}
    page = page_of(shown)
    question = page.question
    assert [question.collection.itemText(n) for n in range(question.collection.count())] == [
        "All collections", "Work", "书房",
    ]  # fmt: skip
    question.collection.setCurrentIndex(1)
    question.field.setText("Who collects the fee?")
    qtbot.keyClick(question.field, Qt.Key.Key_Return)
    qtbot.waitUntil(question.table.isVisible, timeout=WAIT_MS)
    assert shown.library.asked("search")[-1][:2] == ("Who collects the fee?", ("Work",))
    header = question.table.headerItem()
    assert [header.text(n) for n in range(5)] == ["Passage", "Words", "Meaning", "Both", "2nd look"]
    assert header.toolTip(4) == "After the second look"
    tip = question.table.topLevelItem(0).toolTip(0)
    assert tip.startswith("<qt>rules.docx") and "&lt;b&gt;dried&lt;/b&gt;" in tip, "nothing of it is markup"
    found = cells(question.table)
    assert [row[1:] for row in found] == [["2", "1", "1", "2"], ["–", "2", "2", "1"], ["1", "–", "3", "3"]]
    assert found[0][0].startswith("rules.docx")
    assert "lighthouse keeper" in question.text.text()
    question.table.setCurrentItem(question.table.topLevelItem(1))
    assert question.place.text().startswith("山中茶事.epub")
    plain = question.ranks.text().replace("\u00a0", " ")
    assert plain == (
        "by words: not found · by meaning: no. 2 (0.84) · both lists together: no. 2 (0.09)"
        " · after the second look: no. 1 (0.9)"
    )


def test_a_passage_is_opened(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    page = page_of(shown)
    page.question.field.setText("fee")
    page.question.ask.click()
    qtbot.waitUntil(page.question.table.isVisible, timeout=WAIT_MS)
    qtbot.keyClick(page.question.table, Qt.Key.Key_Return)
    qtbot.waitUntil(shown.panel.notices.isVisible, timeout=WAIT_MS)
    assert "/x/rules.docx is not there any more." in shown.panel.notices.label.text()


def test_other_wordings_are_one_setting_with_answers(
    shown: Shown,  # noqa: F811
    app: Any,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from teahouse_documents.retrieval import asking

    said: list[Any] = []

    def reworded(_app: object, model: str, question: str, count: int) -> list[str]:
        said.append((model, question, count))
        return ["Who takes the toll?", "toll keeper"]

    monkeypatch.setattr(asking, "other_wordings", reworded)
    shown.window.model = "big"
    page = page_of(shown)
    page.question.wordings.setCurrentIndex(2)
    qtbot.waitUntil(lambda: app.settings.get(WORDINGS) == 2, timeout=WAIT_MS)
    page.question.field.setText("Who collects the fee?")
    page.question.ask.click()
    qtbot.waitUntil(page.question.table.isVisible, timeout=WAIT_MS)
    assert said == [("big", "Who collects the fee?", 2)]
    assert [one[0] for one in shown.library.asked("search")][-2:] == ["Who takes the toll?", "toll keeper"]
    assert "Also searched: toll keeper" in page.question.state.text()
    assert page.question.table.headerItem().text(page.question.table.columnCount() - 1) == "Wordings"


def test_nothing_found_and_a_failure_are_told(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    page = page_of(shown)
    shown.library.hits = []
    page.question.field.setText("zeppelin")
    page.question.ask.click()
    qtbot.waitUntil(lambda: page.question.state.text().startswith("Nothing was found."), timeout=WAIT_MS)
    assert not page.question.table.isVisible()
    shown.library.fault = DocumentsError("The disk is full.", "Make room.")
    page.question.ask.click()
    qtbot.waitUntil(page.question.error.isVisible, timeout=WAIT_MS)
    assert "The disk is full. Make room." in page.question.error.text()
    shown.library.fault = None


def test_a_set_shows_a_table_and_the_questions_that_miss(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "question,file,text\nWho collects the fee?,rules.docx,lighthouse\n多久焙火？,山中茶事.epub,\n"
        "Chimney?,samovar.pdf,\n",
        "utf-8",
    )
    shown.library.trace = {**shown.library.trace, "passages": TRACE, "lists": LISTS}
    page = page_of(shown)
    import teahouse_documents.library as library_module

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library_module.Library, "of", classmethod(lambda cls, app: shown.library))
        desk = next(one for one in page.children() if type(one).__name__ == "RecallDesk")
        desk.measure(file)
        qtbot.waitUntil(page.set.table.isVisible, timeout=WAIT_MS)
    found = {row[0]: row[1:] for row in cells(page.set.table)}
    assert found["Words"] == ["33.3", "66.7", "66.7", "0.50"]
    assert found["2nd look"] == ["33.3", "100.0", "100.0", "0.61"]
    assert "3 questions" in page.set.state.text()
    assert cells(page.set.missed) == [["Chimney?", "3"], ["Who collects the fee?", "2"]]
    assert not page.set.bar.isVisible() and page.set.load.isEnabled()
    page.set.missed.chosen.emit(0)
    qtbot.waitUntil(lambda: shown.library.asked("search")[-1][0] == "Chimney?", timeout=WAIT_MS)
    assert page.question.field.text() == "Chimney?"


def test_a_set_that_cannot_be_read_says_how_it_is_written(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    page = page_of(shown)
    desk = next(one for one in page.children() if type(one).__name__ == "RecallDesk")
    file = tmp_path / "odd.csv"
    file.write_text("a,b\n1,2\n", "utf-8")
    desk.measure(file)
    qtbot.waitUntil(page.set.error.isVisible, timeout=WAIT_MS)
    assert "headings question, file and text" in page.set.error.text()
    assert page.set.load.isEnabled() and not page.set.stop.isVisible()


def test_what_is_tried_and_how_far_it_is(shown: Shown) -> None:  # noqa: F811
    page = page_of(shown)
    page.set.show_embedders(["e5", "bge"])
    assert page.set.trying == Trying()
    page.set.embedder.setCurrentIndex(2)
    page.set.length.setCurrentIndex(3)
    assert page.set.trying == Trying("bge", 384)
    assert page.set.trying.lengths == {"target": 384, "most": 480}
    page.set.show_step(Step("questions", 5, 20))
    assert page.set.state.text() == "Asking questions: 5 of 20"
    assert page.set.bar.value() == 250 and page.set.stop.isVisible() and not page.set.load.isEnabled()


def test_runs_stand_beside_each_other(shown: Shown) -> None:  # noqa: F811
    page = page_of(shown)
    measures = {"recall@1": 0.5, "recall@5": 1.0, "recall@10": 1.0, "mrr@10": 0.7}
    result = {**measures, "methods": {"second": measures}, "questions": 2, "passages": 9, "seconds": 3.0}
    page.set.show_measured("a.json", {**result, "asked": []})
    assert not page.set.runs.isVisible()
    page.set.length.setCurrentIndex(4)
    page.set.show_measured("a.json", {**result, "asked": []})
    assert page.set.runs.isVisible()
    assert [row[0].replace("\u00a0", " ") for row in cells(page.set.runs)] == ["a.json", "a.json · 480"]
    tables = (page.set.table, page.set.runs)
    assert not any(table.selectedItems() for table in tables)  # no row seems to be the best
    for table in tables:
        table.focusInEvent(QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
        assert table.selectedItems() == [table.topLevelItem(0)]
        table.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
        assert not table.selectedItems()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [380, 320])
def test_no_method_is_cut_in_a_narrow_panel(qtbot: QtBot, language: str, width: int) -> None:
    measures = {"recall@1": 1.0, "recall@5": 1.0, "recall@10": 1.0, "mrr@10": 0.7}
    methods = dict.fromkeys(HEADS, measures)
    before = active()
    activate(language)
    try:
        page = RecallPage(make_look())
        page.set.show_measured("a.json", {
            **measures, "methods": methods, "questions": 2, "passages": 9, "seconds": 3.0, "asked": [],
        })  # fmt: skip
    finally:
        activate(before)
    qtbot.addWidget(page)
    page.resize(width, 600)
    page.show()
    table = page.set.table
    bold = table.font()
    bold.setBold(True)
    room = table.columnWidth(0) - 2 * 6 - 2  # as the style sheet pads it
    texts = [table.headerItem().text(0), *(row[0] for row in cells(table))]
    assert max(map(QFontMetrics(bold).horizontalAdvance, texts)) <= room
    assert all(table.topLevelItem(n).toolTip(0) != row[0] for n, row in enumerate(cells(table)))


def test_escape_leads_back(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    page = page_of(shown)
    assert page.question.field.hasFocus()
    qtbot.keyClick(page.question.field, Qt.Key.Key_Escape)
    assert shown.panel.pages.currentWidget() is shown.panel.library
    page_of(shown).back.click()
    assert shown.panel.pages.currentWidget() is shown.panel.library


def test_worst_questions_come_first() -> None:
    asked = [{"question": str(n), "ranks": {"second": rank}} for n, rank in enumerate([1, 4, None, 2])]
    places, rows = missed_rows(asked, "second")
    assert places == [2, 1, 3]
    assert [row.cells for row in rows] == [("–",), ("4",), ("2",)]


def test_a_page_that_is_gone_hears_of_no_other_look(shown: Shown, tmp_path: Path) -> None:  # noqa: F811
    """A panel is made anew in another language; an exception in a slot fails the test."""
    pages = [page_of(shown), shown.study.summarise(tmp_path / "gone.txt")]
    for page in pages:
        delete(page)
    shown.window.look_changed.emit()
    assert not any(isValid(page) for page in pages)
