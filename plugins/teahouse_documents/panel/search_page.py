"""What was found for the words in the search field."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse import AppError, Translator
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_label
from teahouse_documents import phrases
from teahouse_documents.panel.growing import GrowingList
from teahouse_documents.panel.hit_card import HitCard
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.values import Found

_ = Translator("teahouse_documents")

TYPED_MS = 350
"""A pause after which what was typed is looked for."""

AGAIN_MS = 3000
"""What is shown is looked for again so long after the library has changed, not more often."""

LIMIT = 20


class SearchPage(QWidget):
    """Asks the library, and shows the hits as cards; the newest words win.

    Signals:
        asked: As `HitCard.asked`.
        changed: There are words to look for, or there are none any more.
    """

    asked = Signal(str, object)
    changed = Signal()

    def __init__(self, shelf: Shelf, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.query = ""
        self.found = Found()
        self._shelf, self._look = shelf, look
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self._ask)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._ask_again)
        self._revision = 0
        self.state, self.error = make_label("muted"), make_label("danger")
        self.error.hide()
        self.list = GrowingList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.state, self.error):
            column.addWidget(part)
        column.addWidget(self.list, 1)

    @property
    def cards(self) -> list[HitCard]:
        """The hits that are shown."""
        return [card for card in self.list.cards if isinstance(card, HitCard)]

    def look_for(self, words: str, *, is_now: bool = False) -> None:
        """Look for these words after a pause, or at once; none empty the page."""
        self.query = words.strip()
        self._forget()
        self.changed.emit()
        if not self.query:
            self._show(Found())
        elif is_now:
            self._ask()
        else:
            self._timer.start()

    def follow(self) -> None:
        """The library may have changed: what is shown is looked for again, a little later."""
        is_asking = self._job is not None or self._timer.isActive() or self._again.isActive()
        if self.query and not is_asking and self._shelf.status.revision != self._revision:
            self._again.start()

    def showEvent(self, event: QShowEvent) -> None:
        """It may have changed meanwhile."""
        super().showEvent(event)
        self.follow()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._timer.stop()
        self._again.stop()
        if self._job is not None:
            self._shelf.stop(self._job)
            self._job = None

    def _ask_again(self) -> None:
        if self.isVisible():
            self._ask(is_again=True)

    def _ask(self, *, is_again: bool = False) -> None:
        self._forget()
        query, self._revision = self.query, self._shelf.status.revision
        if not is_again:
            self._tell(_("Searching …"))
        title = _("Searching the documents")
        self._job = self._shelf.ask(
            title,
            lambda library, cancel: library.search(query, limit=LIMIT, cancel=cancel),
            ended=lambda event: self._on_ended(event, is_again),
        )

    def _on_ended(self, event: JobEnded, is_again: bool) -> None:
        if event.job is not self._job:
            return  # of words that were typed before
        self._job = None
        if event.error is not None:
            error = event.error
            told = sentences(error.text, error.hint) if isinstance(error, AppError) else repr(error)
            self._tell("", error=told)
        elif not event.is_cancelled and (not is_again or event.result.hits != self.found.hits):
            self._show(event.result, is_again=is_again)
        self.follow()

    def _show(self, found: Found, *, is_again: bool = False) -> None:
        """Show these hits; where they come again, people's place in the list is kept."""
        self.found = found
        self.list.show_keys([(id(found), number) for number in range(len(found.hits))], self._make)
        if not is_again:
            self.list.verticalScrollBar().setValue(0)
        if self.query:
            self._tell(self._in_words(found))
        if self.query and not is_again:
            accessible.announce(self, self.state.text())

    def _make(self, key: tuple[int, int]) -> HitCard:
        card = HitCard(self.found.hits[key[1]], self.found, self._look)
        card.asked.connect(self.asked)
        return card

    def _in_words(self, found: Found) -> str:
        problem = str(found.trace.get("problem") or "")
        if not found.hits:
            none = _("Nothing was found. Try other words, or the words of the document itself.")
            return sentences(none, problem)
        count = len(found.hits)
        told = _("1 passage, the best first") if count == 1 else _("{count} passages, the best first")
        took_ms = found.trace.get("ms")
        took = _("{count} ms").format(count=round(took_ms)) if isinstance(took_ms, (int, float)) else ""
        line = phrases.in_a_row((told.format(count=count), took))
        return f"{line}\n{problem}" if problem else line

    def _tell(self, words: str, *, error: str = "") -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.error.setText(error)
        self.error.setVisible(bool(error))
