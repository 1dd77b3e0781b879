"""The page of a summary, and the action on a message."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from teahouse.mentions import has_mark
from teahouse.messages import Message, Part
from teahouse.passages import Place
from teahouse_desktop.looks.theme import DARK
from teahouse_documents.panel import summary_desk
from teahouse_documents.panel.summary_action import documents_of, summary_action
from teahouse_documents.panel.summary_page import SummaryPage
from teahouse_documents.panel.summary_text import SummaryText
from teahouse_documents.summary import Made, Step
from teahouse_documents.summary import steps as made_of
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.stand_ins import WAIT_MS, Shown, make_look
from tests.plugins.documents.test_panel_documents import app, choose, row_of, show, shown  # noqa: F401

pytestmark = pytest.mark.gui

PARTS = tuple(
    made_of.Part(f"text {n}", Place(page=n), 900, f"Part {n} says that <b>pier {n}</b> was built.")
    for n in (1, 2)
)
MADE = Made("rules.docx", "/x/rules.docx", "small", "en", "A harbour has rules.\n- One.", PARTS, (), 61.0)


def working(monkeypatch: pytest.MonkeyPatch, end: Any = MADE) -> list[tuple[Path, str]]:
    """Stands for the work: two parts, some text, then the end."""
    asked: list[tuple[Path, str]] = []

    def summarise(_app: object, path: Path, *, model: str = "") -> Any:
        asked.append((path, model))

        def work(cancel: Any) -> Any:
            yield Step("reading")
            yield Step("parts", 1, 2, part=PARTS[0].summary)
            yield Step("parts", 2, 2, part=PARTS[1].summary)
            yield Step("writing", text="A harbour ")
            if end is None:
                cancel.wait(20)
            if isinstance(end, Exception):
                raise end
            return end

        return work

    monkeypatch.setattr(summary_desk, "summarise_file", summarise)
    return asked


def page_of(shown: Shown) -> SummaryPage:  # noqa: F811
    assert shown.study.summary is not None
    assert shown.panel.pages.currentWidget() is shown.study.summary
    return shown.study.summary


def test_a_file_of_a_collection_is_summarised(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = working(monkeypatch)
    shown.window.model = "small"
    choose(row_of(shown, "samovar.pdf"), "Summarise it")
    assert asked == [(Path("/home/lin/samovar.pdf"), "small")]
    page = page_of(shown)
    qtbot.waitUntil(page.again.isVisible, timeout=WAIT_MS)
    assert page.title.text() == "Summary of samovar.pdf"
    assert page.text.words == "A harbour has rules.\nOne."
    assert page.facts.text().replace("\u00a0", " ") == "rules.docx · 2 parts · 1,800 tokens · small · 61 s"
    assert page.warning.isVisible() and not page.bar.isVisible() and not page.stop.isVisible()
    page.fold.button.click()
    assert page.parts.isVisible()
    assert page.parts.words.startswith("page 1\nPart 1 says that <b>pier 1</b>")
    page.back.setFocus()
    order = [page.back, page.copy, page.again, page.text]
    for one in order:
        assert one.hasFocus() and one.accessibleName() + getattr(one, "text", str)(), one
        QTest.keyClick(one, Qt.Key.Key_Tab)
    page.copy.click()
    assert QGuiApplication.clipboard().text() == MADE.text
    page.back.click()
    assert shown.panel.pages.currentWidget() is shown.panel.library


def test_a_hit_is_summarised_and_a_conversation_is_not(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = working(monkeypatch)
    shown.panel.field.setText("fee")
    shown.panel.field.returnPressed.emit()
    qtbot.waitUntil(lambda: bool(shown.panel.search.cards), timeout=WAIT_MS)
    shown.panel.search.cards[0].summarise.click()
    assert asked[0][0] == Path("/x/rules.docx")
    qtbot.waitUntil(page_of(shown).again.isVisible, timeout=WAIT_MS)
    page_of(shown).again.click()
    assert len(asked) == 2


def test_it_is_stopped_and_what_was_noted_stays(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working(monkeypatch, None)
    page = shown.study.summarise(Path("/x/long.pdf"))
    qtbot.waitUntil(lambda: page.text.words == "A harbour", timeout=WAIT_MS)
    assert page.state.text() == "Writing the summary …" and page.stop.isVisible()
    page.fold.button.click()
    assert page.parts.words.startswith("Part 1 of 2\nPart 1 says")
    page.stop.click()
    qtbot.waitUntil(page.again.isVisible, timeout=WAIT_MS)
    assert "kept here" in page.state.text()
    assert page.text.words == "A harbour" and page.copy.isVisible()


def test_a_failure_says_why(
    shown: Shown,  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    working(monkeypatch, DocumentsError("It has no text.", "Recognise it."))
    page = shown.study.summarise(Path("/x/scan.pdf"))
    qtbot.waitUntil(page.error.isVisible, timeout=WAIT_MS)
    assert page.error.text() == "It has no text. Recognise it."
    assert page.again.isVisible() and not page.stop.isVisible()


MARKDOWN = """\
## Rules

The **harbour** has <b>rules</b> [here](http://e.invalid/x) ![map](http://e.invalid/y.png).

- One & two
- 二号码头

1. first

> said

```
code
```

| pier | fee |
|---|---|
| 1 | 30 |
"""


def test_a_summary_is_drawn_and_nothing_in_it_is_fetched_or_pressed(qtbot: QtBot) -> None:
    text = SummaryText("Summary", make_look())
    qtbot.addWidget(text)
    text.resize(300, 10)
    text.show()
    text.show_sections([("", MARKDOWN)])
    assert text.words.splitlines() == [
        "Rules",
        "The harbour has <b>rules</b> here [Image: map].",
        *("One & two", "二号码头", "first", "said", "code", "", "pier", "fee", "1", "30"),
    ]
    blocks = {block.text(): block for block in blocks_of(text)}
    assert blocks["Rules"].blockFormat().headingLevel() == 2
    assert blocks["One & two"].textList() is blocks["二号码头"].textList() is not None
    assert blocks["first"].textList().itemText(blocks["first"]) == "1."
    for block in blocks.values():
        place = block.begin()
        while not place.atEnd():
            form = place.fragment().charFormat()
            assert not form.isAnchor() and not form.isImageFormat()
            place += 1
    bold = blocks["The harbour has <b>rules</b> here [Image: map]."].begin()
    bold += 1
    assert (bold.fragment().text(), bold.fragment().charFormat().fontWeight() > 400) == ("harbour", True)
    assert text.minimumSizeHint().height() >= text.document().size().height()
    dark = make_look(DARK)
    text.set_look(dark)
    text.resize(text.width(), text.sizeHint().height())
    assert text.words.startswith("Rules") and text.verticalScrollBar().maximum() == 0


def test_many_parts_are_drawn_without_holding_the_window_up(qtbot: QtBot) -> None:
    text = SummaryText("Parts", make_look())
    qtbot.addWidget(text)
    text.resize(300, 400)
    sections = [(f"page {n}", f"Part **{n}**\n\n" + "- one\n" * 20) for n in range(60)]
    text.show_sections(sections)
    assert text.words == "", "nobody sees it"
    text.show()
    assert 0 < len(blocks_of(text)) < 60 * 22, "a part at a time"
    qtbot.waitUntil(lambda: len(blocks_of(text)) == 60 * 22, timeout=WAIT_MS)
    text.grow([*sections, ("page 60", "the last")])
    qtbot.waitUntil(lambda: text.words.endswith("page 60\nthe last"), timeout=WAIT_MS)


def blocks_of(text: SummaryText) -> list[Any]:
    found, block = [], text.document().begin()
    while block.isValid():
        found.append(block)
        block = block.next()
    return found


# --- from a message ---------------------------------------------------------------------------------


def message(*parts: Part) -> Message:
    return Message("m1", "c1", None, "assistant", "complete", 0, parts)


def passages(*paths: str, is_sent: bool = True) -> Part:
    told = [{"number": n, "path": path, "text": "x", "is_sent": is_sent} for n, path in enumerate(paths, 1)]
    return Part("passages", json.dumps({"passages": told}), "documents", is_trusted=False)


def test_which_documents_a_message_has() -> None:
    attached = {"hash": "0" * 64, "name": "plan.txt", "type": "text/plain", "size_bytes": 3, "text": "abc"}
    part = Part("attachment", json.dumps(attached), "plan.txt", is_trusted=False)
    found = documents_of(message(part, passages("/x/a.pdf", "/x/a.pdf", "conversation:7", "/y/b.md")))
    assert list(found) == ["plan.txt", "a.pdf", "b.md"]
    assert documents_of(message(passages("/x/a.pdf", is_sent=False))) == {}
    same = documents_of(message(passages("/x/2023/plan.pdf", "/x/2024/plan.pdf")))
    assert list(same) == ["plan.pdf", "2024/plan.pdf"]
    strange = passages("plan.pdf", "~/.ssh/id_rsa", "../a.pdf", "/x/\ud800.pdf", "/x/a\nb.pdf")
    assert list(documents_of(message(strange))) == ["a\ufffdb.pdf"], "no path that a library could have"
    assert documents_of(message(Part("text", "hello"))) == {}


def test_hook_register_message_actions() -> None:
    asked: list[Any] = []
    one = message(passages("/x/rules.docx"))
    window = SimpleNamespace(
        messages=(one,),
        conversation_id="c1",
        ask=lambda operation, question: asked.append((operation, question)) or SimpleNamespace(),
        tell=lambda text: asked.append(text),
    )
    action = summary_action(SimpleNamespace(), window)  # type: ignore[arg-type]
    assert action.applies(one) and not action.applies(message())
    action.run("m1")
    [(operation, question)] = asked
    assert question == "Summarise the whole document “@rules.docx”."
    assert has_mark(question), "another version of the reply is made from the file, too"
    assert operation.lane == "model"
    window.ask = lambda operation, question: None
    action.run("m1")
    assert "is being made here" in asked[-1]
