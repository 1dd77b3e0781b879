"""How an answer was found, in its three steps: what was searched, what was found, what was sent."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.chat.preview import PromptView
from teahouse_desktop.chat.prompts import Prompt
from teahouse_desktop.forms import FlowRow, Heading, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import Card, make_button
from teahouse_documents import phrases
from teahouse_documents.panel.cited_reply import (
    Candidate,
    CitedReply,
    ranks_in_words,
    searched_in_words,
)
from teahouse_documents.panel.growing import GrowingList
from teahouse_documents.panel.marked import excerpt, plain_text
from teahouse_documents.retrieval.retriever import EXCERPT

_ = Translator("teahouse_documents")

PROMPT_LINES = 22
Key = tuple[str, int]


class StepsPage(QWidget):
    """The steps as cards, one below the other.

    Signals:
        asked: (candidate) is to be read.
    """

    asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reply = CitedReply("")
        self._look = look
        self._prompt: Prompt | None = None
        self._reason = ""
        self.list = GrowingList(self)
        self.list.setAccessibleName(_("How this was found"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)

    @property
    def sent(self) -> SentCard | None:
        """The third step, once it is made."""
        return next((card for card in self.list.cards if isinstance(card, SentCard)), None)

    def show_reply(self, reply: CitedReply) -> None:
        """Show the steps of a reply."""
        self.reply, self._prompt, self._reason = reply, None, ""
        candidates = [("found", number) for number in range(len(reply.candidates))]
        keys = [("searched", 0), ("count", 0), *candidates, ("sent", 0)]
        self.list.show_keys([(reply.message_id, *key) for key in keys], self._make)
        self.list.verticalScrollBar().setValue(0)

    def show_prompt(self, prompt: Prompt | None, reason: str = "") -> None:
        """Show the prompt that was sent; None, and why it is not known."""
        self._prompt, self._reason = prompt, reason
        if (card := self.sent) is not None:
            card.show_prompt(prompt, self.reply.sent, reason)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)

    def _make(self, key: tuple[str, str, int]) -> Card:
        _id, kind, number = key
        if kind == "searched":
            lines = searched_in_words(self.reply)
            return TextCard(_("1. What was searched"), lines, self._look)
        if kind == "count":
            return TextCard(_("2. What was found"), [_found(self.reply)], self._look)
        if kind == "sent":
            card = SentCard(self._look)
            card.show_prompt(self._prompt, self.reply.sent, self._reason)
            return card
        found = FoundCard(self.reply.candidates[number], self._look)
        found.asked.connect(self.asked)
        return found


class TextCard(Card):
    """A step in sentences."""

    def __init__(self, title: str, lines: list[str], look: Look) -> None:
        super().__init__(look)
        self.column.addWidget(Heading(title, self))
        for line in lines:
            self.column.addWidget(_selectable(make_text(self, "", line)))
        self.setAccessibleName("\n".join([title, *lines]))


class FoundCard(Card):
    """A passage that was found; Return reads it in its file.

    Signals:
        asked: (candidate).
    """

    asked = Signal(object)

    def __init__(self, candidate: Candidate, look: Look) -> None:
        super().__init__(look)
        passage = candidate.passage
        self.candidate = candidate
        number = f"[{candidate.number}] " if candidate.number else ""
        title = f"{number}{phrases.title_of(passage)}"
        state = _("sent to the model") if candidate.is_sent else _("not sent")
        is_kept_whole = candidate.number or len(passage.text) < EXCERPT  # of others only the beginning
        shown = excerpt(plain_text(passage), [], is_whole=bool(is_kept_whole))
        ranks = ranks_in_words(candidate)
        where = phrases.in_a_row((state, passage.collection, passage.place.words()))
        for kind, words in (("strong", title), ("muted", where), ("", shown), ("muted", ranks)):
            label = make_text(self, kind)
            say(label, words)
            self.column.addWidget(label)
        self.read = make_button(lambda: self.asked.emit(self.candidate))
        self.read.setText(_("Read it there"))
        self.read.setAccessibleName(f"{self.read.text()}: {title}")
        self.column.addWidget(FlowRow(self, left=(self.read,)))
        self.setAccessibleName("\n".join((title, where, shown, ranks)))
        self.entered.connect(lambda: self.asked.emit(self.candidate))


class SentCard(Card):
    """The prompt, letter by letter, control tokens marked."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        title = _("3. What was sent")
        self.note = make_text(self, "muted")
        self.view = PromptView(look, self)
        self.view.setAccessibleName(title)
        self.view.setTabChangesFocus(True)
        self.copy = make_button(self._copy)
        self.copy.setText(_("Copy"))
        self.copy.setAccessibleName(f"{self.copy.text()}: {title}")
        self._prompt: Prompt | None = None
        self._text = ""
        for part in (Heading(title, self), self.note, self.view, FlowRow(self, left=(self.copy,))):
            self.column.addWidget(part)
        self.setAccessibleName(title)
        self._fit()

    def show_prompt(self, prompt: Prompt | None, question: str, reason: str) -> None:
        """Show the whole prompt; where it cannot be had, the question with its sources.

        Args:
            question: As it was sent; empty where nothing of the documents was.
            reason: Why the prompt is not known; empty while it is being read.
        """
        self._prompt, self._text = prompt, prompt.text if prompt is not None else question
        if prompt is not None:
            text = _("{model}: {count} tokens. Control tokens are marked.")
            say(self.note, text.format(model=prompt.model, count=f"{prompt.tokens:,}"))
            self.view.show_spans(prompt)
        else:
            part = _("Here is the question as it was sent, with its sources.") if question else ""
            say(self.note, "\n".join(one for one in (reason or _("One moment …"), part) if one))
            self.view.setPlainText(question)
        self.view.setVisible(bool(self._text))
        self.copy.setVisible(bool(self._text))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.view.set_look(look)
        if self._prompt is not None:
            self.view.show_spans(self._prompt)
        self._fit()

    def _fit(self) -> None:
        self.view.setFixedHeight(round(self.view.fontMetrics().lineSpacing() * PROMPT_LINES))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def _found(reply: CitedReply) -> str:
    count, sent = len(reply.candidates), len(reply.sources)
    if not count:
        return _("Nothing was found.")
    if not sent:
        return _("Of {found}, none was sent to the model.").format(found=phrases.passages_in_words(count))
    text = _("Of {found}, {count} went to the model. Each with its place in every list.")
    return text.format(found=phrases.passages_in_words(count), count=sent)


def _selectable(label: QLabel) -> QLabel:
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
