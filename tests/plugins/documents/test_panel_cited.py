"""The sources of an answer: in the transcript's lines, in three steps, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.chat.sources import Sources
from teahouse.messages import Message
from teahouse.passages import Context, Passage, Piece, Place
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.plugins.panel_check import _controls
from teahouse_documents.panel.cited import view_of
from teahouse_documents.panel.cited_desk import CitedDesk
from teahouse_documents.panel.cited_panel import CitedPanel
from teahouse_documents.panel.steps_page import FoundCard, TextCard
from teahouse_documents.reader.excerpt import Excerpt
from teahouse_documents.settings import settings
from tests.plugins.documents.books import KETTLE, MOUNTAIN, write_pdf
from tests.plugins.documents.stand_ins import WAIT_MS, FakeWindow, make_look

pytestmark = pytest.mark.gui

NOTICE = "Nothing in your documents (“Books”) fits this question."
FOREIGN = "<b>Boats</b> longer than eleven metres <img src='http://x.org/a.png'>"


class Library:
    """What the panel asks of the library."""

    def __init__(self) -> None:
        self.excerpts: dict[str, Excerpt] = {}
        self.asked: list[int | None] = []

    def excerpt(self, path: str, passage: str, first: int | None = None) -> Excerpt | None:
        self.asked.append(first)
        found = self.excerpts.get(path)
        if found is None or first is None:
            return found
        return Excerpt(found.file, (Piece(f"from {first}"),), first, found.count, found.at)


class Window(FakeWindow):
    """The window with an open conversation."""

    def __init__(self, app: App) -> None:
        super().__init__(app, make_look())
        self.messages: tuple[Message, ...] = ()
        self.message_id = ""


class Shown:
    """The panel over a real store and a real child that draws."""

    def __init__(self, app: App, qtbot: QtBot, folder: Path) -> None:
        self.app, self._bot = app, qtbot
        self.pdf = write_pdf(folder / "samovar.pdf")
        self.window, self.library, self.holder = Window(app), Library(), QWidget()
        self.panel = CitedPanel(self.window.look, self.holder)
        self.desk = CitedDesk(app, self.window, self.panel, lambda: self.library)  # type: ignore[arg-type,return-value]
        qtbot.addWidget(self.holder)
        self.holder.resize(420, 700)
        self.panel.setGeometry(self.holder.rect())

    def show(self, message: Message, number: int = 0) -> None:
        """Show it, and wait."""
        self.holder.show()
        self.desk.show(message.id, number)
        if number:
            self.wait(lambda: self.panel.reader.seen is not None)
        else:
            self.wait(lambda: self.panel.reply.message_id == message.id)
            self.wait(lambda: self.panel.steps.sent is not None)

    def wait(self, is_done: Callable[[], bool]) -> None:
        self._bot.waitUntil(is_done, timeout=WAIT_MS)

    def close(self) -> None:
        self.desk._pages.close()
        self.window.close()
        self.holder.close()


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    opened.settings.declare(settings(), owner="documents")
    yield opened
    opened.close()


@pytest.fixture
def shown(app: App, qtbot: QtBot, tmp_path: Path) -> Iterator[Shown]:
    made = Shown(app, qtbot, tmp_path)
    yield made
    made.close()


def ranks(rank: int) -> dict[str, Any]:
    return {
        "words": {"rank": rank, "score": 12.4},
        "vectors": None,
        "fused": {"rank": rank, "score": 0.18},
        "second": {"rank": rank, "score": 0.86},
    }


def passages_of(shown: Shown) -> tuple[Passage, ...]:
    return (
        Passage(KETTLE[1], str(shown.pdf), Place(page=2), "Books", id=5),
        Passage(MOUNTAIN[1][1], "/书/茶.epub", Place(heading=(MOUNTAIN[1][0],)), "Books", id=6),
        Passage(FOREIGN, "conversation:c9", Place(), "Books", id=7),
    )


def trace_of(passages: tuple[Passage, ...]) -> dict[str, Any]:
    return {
        "searched": "how often chimney samovar",
        "wordings": ["how many days"],
        "collections": ["Books"],
        "filters": {"path_part": "papers", "suffixes": [".pdf"], "since_ms": 0},
        "gate": {"is_fitting": bool(passages), "score": 0.321, "limit": -1.2, "is_on": True},
        "search": {
            "ms": 12.3,
            "lists": {"words": {"found": 3}, "vectors": {"found": 50}},
            "passages": [{"id": one.id, **ranks(n)} for n, one in enumerate(passages, start=1)],
        },
        "hits": [*(one.as_json() for one in passages), Passage("Not sent.", "/x.md", id=9).as_json()],
    }


def answer(
    shown: Shown, *, sent: int = 3, notice: str = "", told: dict[str, Any] | None = None, text: str = ""
) -> Message:
    """A reply in the store, with what was found for it."""
    found = passages_of(shown) if not notice else ()
    app, context = shown.app, Context(found, notice, trace_of(found))
    part = Sources("How often?", (("documents", context),)).as_part(sent)
    chat = app.store.create_conversation(model="m")
    app.store.add_message(chat.id, "user", "How often?")
    reply = app.store.add_message(chat.id, "assistant", text or "Every ninth day [1].")
    app.store.add_part(reply.id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted)
    if told is not None:
        app.store.add_part(reply.id, "citations", json.dumps(told), source="documents", is_trusted=False)
    return app.store.message(reply.id)


# --- in the transcript --------------------------------------------------------------------------------


def seen_of(message: Message, pressed: list[Any] | None = None) -> Any:
    kept = pressed if pressed is not None else []
    views = [view_of(part, message, lambda *told: kept.append(told)) for part in message.parts]
    (view,) = [view for view in views if view is not None]
    return view


def test_lines_name_the_sources_and_lead_to_them(shown: Shown) -> None:
    pressed: list[Any] = []
    message = answer(shown)
    view = seen_of(message, pressed)
    assert [line.text for line in view.lines] == [
        "[1] samovar.pdf, page 2",
        "[2] 茶.epub, 第二章 炭焙",
        "[3] A past conversation",
        "How this was found",
    ]
    assert [mark.text for mark in view.marks] == ["[1]", "[2]", "[3]"]
    assert view.marks[0].tip.endswith(KETTLE[1])
    for one in (*view.marks[:1], *view.lines[-2:]):
        one.run(message.id)
    assert pressed == [(message.id, 1), (message.id, 3), (message.id, 0)]


def test_a_removed_citation_is_marked_where_it_stood(shown: Shown) -> None:
    told = {
        "cited": [],
        "removed": [{"number": 7, "at": 5}, {"number": 7, "at": 9}, {"number": 8, "at": "x"}],
    }
    view = seen_of(answer(shown, sent=1, told=told))
    assert [(mark.text, mark.missing_at) for mark in view.marks] == [("[1]", ()), ("[7]", (5, 9))]
    assert "Removed, as no such source was given: [7]" in [line.text for line in view.lines]
    assert view.marks[1].run is None


@pytest.mark.parametrize("damaged", ["{", "[]", '{"cited": 3, "removed": [4]}'])
def test_damaged_parts_show_what_is_whole(shown: Shown, damaged: str) -> None:
    message = answer(shown)
    shown.app.store.add_part(message.id, "citations", damaged, source="documents")
    assert len(seen_of(shown.app.store.message(message.id)).marks) == 3


def test_of_many_sources_those_are_named_that_the_answer_names(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teahouse_documents.panel.cited.FEW", 2)
    view = seen_of(answer(shown, told={"cited": [{"number": 2, "at": 0}]}))
    assert [line.text for line in view.lines] == [
        "[2] 茶.epub, 第二章 炭焙",
        "How this was found\u00a0· 2 more sources were read",
    ]


def test_what_had_no_room_is_said(shown: Shown) -> None:
    view = seen_of(answer(shown, sent=0))
    assert view.marks == ()
    assert view.lines[0].text.endswith("none of what was found had room in the model's context")


def test_parts_of_others_are_left_alone(shown: Shown) -> None:
    message = answer(shown)
    others = [part for part in message.parts if part.kind != "passages"]
    assert [view_of(part, message, lambda *_told: None) for part in others] == [None] * len(others)


# --- three steps --------------------------------------------------------------------------------------


def test_three_steps_tell_what_was_searched_found_and_sent(shown: Shown, qtbot: QtBot) -> None:
    shown.show(answer(shown, sent=2))
    cards = shown.panel.steps.list.cards
    searched = cards[0].accessibleName()
    for words in (
        "Question: How often?",
        "Searched for: how often chimney samovar",
        "Also searched: how many days",
        "In: Books",
        "Only: papers\u00a0· .pdf",
        "Candidates: 3 by words\u00a0· 50 by meaning\u00a0· 12 ms",
        "Close enough to the question: the best passages score 0.32, and −1.20 is enough.",
    ):
        assert words in searched
    assert isinstance(cards[1], TextCard)
    assert "Of 4 passages, 2 went to the model." in cards[1].accessibleName()
    found = [card for card in cards if isinstance(card, FoundCard)]
    assert [card.candidate.is_sent for card in found] == [True, True, False, False]
    assert FOREIGN in found[2].accessibleName()
    first = found[0].accessibleName().replace("\u00a0", " ")
    assert "words: no. 1 (12.4) · meaning: not found · both: no. 1 (0.18) · second look: no. 1" in first
    sent = shown.panel.steps.sent
    assert sent is not None
    shown.wait(lambda: "One moment" not in sent.note.text())
    text = sent.view.toPlainText()
    assert KETTLE[1] in text
    assert "Source [2]" in text
    assert "Source [3]" not in text
    assert text.endswith("How often?")
    assert "has not been kept" in sent.note.text()  # the store has no generation of this reply


def test_a_refusal_tells_why(shown: Shown) -> None:
    shown.show(answer(shown, notice=NOTICE))
    cards = shown.panel.steps.list.cards
    assert NOTICE in cards[0].accessibleName()
    told = "Nothing is close enough to the question: the best score 0.32, and it takes −1.20."
    assert told in cards[0].accessibleName()
    assert "Of 1 passage, none was sent to the model." in cards[1].accessibleName()


# --- a source where it stands -------------------------------------------------------------------------


def test_a_pdf_shows_its_page_with_the_passage_marked(shown: Shown, qtbot: QtBot) -> None:
    shown.library.excerpts[str(shown.pdf)] = Excerpt(str(shown.pdf), (Piece(KETTLE[1]),), 0, 1, (0,))
    shown.show(answer(shown), 1)
    reader = shown.panel.reader
    assert (reader.title.text(), reader.where.text()) == ("[1] samovar.pdf", "Page 2 of 3")
    assert not reader.note.isVisible()
    assert reader.pages.currentWidget() is reader.sheet
    sheet = reader.sheet.sheet
    assert len(sheet.boxes) == 1
    picture = sheet.grab().toImage()
    place = sheet.place_of(sheet.boxes[0])
    inside = picture.pixelColor(round(place.left()) - 2, round(place.center().y()))
    assert inside.blue() < inside.red() - 60  # the marker
    assert picture.pixelColor(3, 3).name() == "#ffffff"
    reader.larger.click()
    shown.wait(lambda: sheet.image.width() > 500)
    reader.after.click()
    shown.wait(lambda: reader.where.text() == "Page 3 of 3")
    assert sheet.boxes == []
    assert not reader.note.isVisible()
    assert not reader.after.isEnabled()
    qtbot.keyClick(reader.before, Qt.Key.Key_Escape)
    assert shown.panel.pages.currentWidget() is shown.panel.steps


def test_a_passage_that_is_not_on_its_page_is_said_so(shown: Shown) -> None:
    message = answer(shown)
    write_pdf(shown.pdf, ("Other words.", "Other words stand here now."))
    shown.library.excerpts[str(shown.pdf)] = Excerpt(str(shown.pdf), (Piece(KETTLE[1]),), 0, 1, (0,))
    shown.show(message, 1)
    assert "its words were not found on it: nothing is marked" in shown.panel.reader.note.text()
    assert shown.panel.reader.sheet.sheet.boxes == []


def test_a_pdf_that_cannot_be_drawn_shows_what_was_read(shown: Shown) -> None:
    message = answer(shown)
    shown.library.excerpts[str(shown.pdf)] = Excerpt(str(shown.pdf), (Piece(KETTLE[1]),), 0, 1, (0,))
    shown.pdf.write_bytes(b"%PDF-1.7\n1 0 obj")
    shown.show(message, 1)
    reader = shown.panel.reader
    assert "What was read of it stands here." in reader.note.text()
    assert reader.text.marked_text == KETTLE[1]
    shown.pdf.unlink()
    shown.show(message, 1)
    shown.wait(lambda: "cannot be opened" in reader.note.text())


def test_text_is_shown_around_the_passage(shown: Shown) -> None:
    chunks = (Piece("Before."), Piece(MOUNTAIN[1][1], place=Place(heading=("章",))), Piece(FOREIGN))
    shown.pdf.with_name("茶.epub").write_text("x", "utf-8")
    shown.library.excerpts["/书/茶.epub"] = Excerpt(str(shown.pdf.with_name("茶.epub")), chunks, 3, 9, (4,))
    shown.show(answer(shown), 2)
    reader = shown.panel.reader
    assert reader.where.text() == "Passages 4–6 of 9"
    assert reader.text.marked_text == MOUNTAIN[1][1]
    assert FOREIGN in reader.text.toPlainText()
    reader.after.click()
    shown.wait(lambda: shown.library.asked[-1] == 6)
    shown.wait(lambda: reader.text.toPlainText() == "from 6")
    assert reader.text.marked_text == ""


def test_a_file_that_has_changed_or_gone_says_so(shown: Shown) -> None:
    message = answer(shown)
    shown.show(message, 2)
    reader = shown.panel.reader
    assert "not among your documents any more" in reader.note.text()
    assert reader.text.marked_text == MOUNTAIN[1][1]
    assert not reader.open.isEnabled()
    other = shown.pdf.with_name("a.txt")
    other.write_text("x", "utf-8")
    shown.library.excerpts["/书/茶.epub"] = Excerpt(str(other), (Piece("New words."),), 0, 1)
    shown.show(message, 2)
    shown.wait(lambda: "says something else now" in reader.note.text())
    assert reader.text.marked_text == MOUNTAIN[1][1]


def test_files_open_in_their_programs_and_conversations_here(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    message = answer(shown)
    shown.library.excerpts |= {
        str(shown.pdf): Excerpt(str(shown.pdf), (), 0, 1, (0,)),
        "conversation:c9": Excerpt("conversation:c9", (Piece(FOREIGN),), 0, 1, (0,)),
    }
    shown.show(message, 1)
    shown.panel.reader.open.click()
    shown.wait(lambda: opened == [str(shown.pdf)])
    shown.show(message, 3)
    shown.wait(lambda: shown.panel.reader.title.text() == "[3] A past conversation")
    shown.wait(lambda: shown.panel.reader.seen is not None)
    assert shown.panel.reader.text.marked_text == FOREIGN
    shown.panel.reader.open.click()
    assert shown.window.opened == ["c9"]
    assert opened == [str(shown.pdf)]


# --- the panel ----------------------------------------------------------------------------------------


def test_it_opens_with_the_last_answer(shown: Shown) -> None:
    shown.window.messages = (answer(shown), answer(shown, sent=1))
    shown.holder.show()
    shown.wait(lambda: shown.panel.reply.message_id == shown.window.messages[1].id)


def test_without_an_answer_it_says_what_it_is_for(shown: Shown) -> None:
    shown.holder.show()
    assert shown.panel.pages.currentWidget() is shown.panel.empty
    assert "shows its sources here" in shown.panel.empty.text()


def test_every_control_has_a_name_and_the_look_changes(shown: Shown) -> None:
    shown.library.excerpts[str(shown.pdf)] = Excerpt(str(shown.pdf), (Piece(KETTLE[1]),), 0, 1, (0,))
    shown.show(answer(shown), 1)
    assert [str(finding) for finding in _controls(shown.panel, "Sources")] == []
    shown.window.look = make_look(DARK)
    shown.window.look_changed.emit()
    assert shown.panel.reader.text._look.theme is DARK
    shown.holder.resize(320, 500)
    shown.panel.setGeometry(shown.holder.rect())
    assert shown.panel.minimumSizeHint().width() <= 320
