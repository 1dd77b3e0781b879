from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from teahouse.passages import Passage
from teahouse_documents.panel.marked import as_html, excerpt, plain_text
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.stand_ins import WAIT_MS, Shown
from tests.plugins.documents.test_panel_documents import app, show, shown  # noqa: F401

pytestmark = pytest.mark.gui


def search(shown: Shown, qtbot: QtBot, words: str) -> None:  # noqa: F811
    before = len(shown.library.asked("search"))
    shown.panel.field.setText(words)
    shown.panel.field.returnPressed.emit()
    shown.wait_for("search", before + 1)
    qtbot.waitUntil(lambda: not shown.panel.search.state.text().startswith("Searching"), timeout=WAIT_MS)


def test_hits_show_place_text_ranks_and_scores(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    search(shown, qtbot, "lighthouse fee")
    page = shown.panel.search
    assert shown.panel.pages.currentWidget() is page
    assert page.state.text() == "3 passages, the best first\u00a0· 14 ms"
    first, second, third = page.cards
    assert (first.title.text(), first.place.text()) == ("rules.docx", "Work\u00a0· Harbour rules › Fees")
    assert third.place.text() == "Work\u00a0· page 2"
    plain = first.ranks.text().replace("\u00a0", " ")
    assert plain == "words: no. 1 (12.4) · meaning: no. 1 (0.871) · together: 0.182"
    assert second.ranks.text().replace("\u00a0", " ").startswith("words: not found · meaning: no. 2 (0.842)")


def test_foreign_text_is_never_markup(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    search(shown, qtbot, "fee")
    assert "&lt;b&gt;dried&lt;/b&gt;" in shown.panel.search.cards[0].text.text()


def test_typing_asks_once_after_a_pause(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    for words in ("l", "li", "lig", "light"):
        shown.panel.field.setText(words)
    shown.wait_for("search")
    assert [asked[0] for asked in shown.library.asked("search")] == ["light"]


def test_nothing_found_is_said(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.library.hits = []
    search(shown, qtbot, "zeppelin")
    assert shown.panel.search.state.text().startswith("Nothing was found.")


def test_words_alone_are_told_with_their_reason(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.library.trace["problem"] = "There is no embedding model yet."
    search(shown, qtbot, "fee")
    assert shown.panel.search.state.text().endswith("\nThere is no embedding model yet.")


def test_hits_follow_the_library(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    page = shown.panel.search
    page._again.setInterval(20)
    search(shown, qtbot, "fee")
    asked = len(shown.library.asked("search"))
    shown.library.hits = shown.library.hits[1:]
    shown.library.change(done=1)
    qtbot.waitUntil(lambda: len(page.cards) == 2, timeout=WAIT_MS)
    assert page.cards[0].hit.path == "/y/山中茶事.epub"
    assert page.state.text().startswith("2 passages")
    card = page.cards[0]
    shown.library.change(done=2)
    qtbot.waitUntil(lambda: len(shown.library.asked("search")) >= asked + 2, timeout=WAIT_MS)
    qtbot.wait(50)
    assert page.cards[0] is card


def test_an_error_stands_where_the_hits_would(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.library.fault = DocumentsError("The index cannot be read. Nothing was lost.", "Start again.")
    shown.panel.field.setText("fee")
    qtbot.waitUntil(shown.panel.search.error.isVisible, timeout=WAIT_MS)
    assert shown.panel.search.error.text() == "The index cannot be read. Nothing was lost. Start again."


def test_escape_leads_back_to_the_collections(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    search(shown, qtbot, "fee")
    qtbot.keyClick(shown.panel, Qt.Key.Key_Escape)
    assert shown.panel.pages.currentWidget() is shown.panel.library
    assert shown.panel.field.text() == ""


def test_a_file_that_has_gone_is_told(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    search(shown, qtbot, "fee")
    shown.panel.search.cards[0].open.click()
    qtbot.waitUntil(shown.panel.notices.isVisible, timeout=WAIT_MS)
    assert "/x/rules.docx is not there any more." in shown.panel.notices.label.text()


def test_a_hit_opens_its_file_or_its_conversation(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile()) or True
    )
    file = tmp_path / "茶 notes.txt"
    file.write_text("tea", "utf-8")
    shown.library.hits = [Passage("tea", str(file), id=1), Passage("tea", "conversation:abc", id=2)]
    search(shown, qtbot, "tea")
    first, second = shown.panel.search.cards
    first.open.click()
    qtbot.waitUntil(lambda: opened == [str(file)], timeout=WAIT_MS)
    second.open.click()
    assert shown.window.opened == ["abc"]
    assert second.title.text() == "A past conversation"
    assert not second.show_file.isVisible()


def test_only_words_that_were_looked_for_are_set_off(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    search(shown, qtbot, "the lighthouse 木炭")
    first, second, _third = shown.panel.search.cards
    assert first.text.text().startswith("The <b>lighthouse</b> keeper")
    assert "龙眼<b>木炭</b>慢慢" in second.text.text()


@pytest.mark.parametrize(
    ("text", "terms", "html"),
    [
        ("The Lighthouse keeper", ["lighthouse"], "The <b>Lighthouse</b> keeper"),
        ("running runs", ["run"], "<b>running</b> <b>runs</b>"),
        ("龙眼木炭慢慢焙火", ["木炭", "焙火"], "龙眼<b>木炭</b>慢慢<b>焙火</b>"),
        ("a <i>x</i> & y", ["zz"], "a &lt;i&gt;x&lt;/i&gt; &amp; y"),
        ("plain", [], "plain"),
        ("C++ (draft)", ["draft"], "C++ (<b>draft</b>)"),
    ],
)
def test_words_are_set_off(text: str, terms: list[str], html: str) -> None:
    assert as_html(text, terms) == html


def test_the_excerpt_has_the_words() -> None:
    text = "x " * 500 + "needle " + "y " * 500
    part = excerpt(text, ["needle"])
    assert "needle" in part
    assert len(part) < 450
    assert excerpt("short", ["needle"]) == "short"


def test_a_table_is_told_without_its_strokes() -> None:
    table = Passage("| leaf | water |\n|:--|--:|\n| Sencha | 70 °C |", "/x.md", kind="table")
    assert plain_text(table) == "leaf · water / Sencha · 70 °C"
