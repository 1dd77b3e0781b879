"""The panel "Sources": how an answer was found, and each source where it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.forms import NoticeBar, make_text
from teahouse_desktop.looks.look import Look
from teahouse_documents.panel.cited_reply import Candidate, CitedReply
from teahouse_documents.panel.reader_page import ReaderPage
from teahouse_documents.panel.steps_page import StepsPage

_ = Translator("teahouse_documents")


class CitedPanel(QWidget):
    """The parts and their places; `CitedDesk` does what people ask for on them.

    Signals:
        wanted: It came into view and shows nothing yet.
        left: It is not in view any more.
    """

    wanted = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sources")
        self.notices = NoticeBar(look, self)
        self.empty = make_text(self, "muted")
        self.empty.setText(
            _(
                "An answer from your documents shows its sources here. Choose collections for a conversation,"
                " ask, and press a number in the answer or a source below it."
            )
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.steps, self.reader = StepsPage(look, self), ReaderPage(look, self)
        self.pages = QStackedWidget(self)
        for page in (self.empty, self.steps, self.reader):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(9)
        column.addWidget(self.notices)
        column.addWidget(self.pages, 1)

    @property
    def reply(self) -> CitedReply:
        """Of which reply the sources are shown; without an id for none."""
        return self.steps.reply

    def show_reply(self, reply: CitedReply) -> None:
        """Show how a reply was found."""
        self.steps.show_reply(reply)
        self.show_steps()

    def show_steps(self) -> None:
        """Go to all sources."""
        self.pages.setCurrentWidget(self.steps)
        self.steps.list.focus()

    def show_candidate(self, candidate: Candidate) -> None:
        """Go to one source."""
        self.pages.setCurrentWidget(self.reader)
        self.reader.show_candidate(candidate)
        self.reader.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for part in (self.notices, self.steps, self.reader):
            part.set_look(look)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the sources of the last answer, where nothing is shown yet."""
        super().showEvent(event)
        if not self.reply.message_id:
            self.wanted.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing needs to be drawn for now."""
        super().hideEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes from a source back to all."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is self.reader:
            self.show_steps()
        else:
            super().keyPressEvent(event)
