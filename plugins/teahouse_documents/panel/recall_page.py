"""The page "Recall test": judge on one's own files how well passages are found, and what finds them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents.panel.recall_question import RecallQuestion
from teahouse_documents.panel.recall_set import RecallSet

_ = Translator("teahouse_documents")


class RecallPage(QScrollArea):
    """One question, and below it a whole set.

    Signals:
        left: Back to the documents.
    """

    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = make_button(self.left.emit)
        self.back.setText(_("Back"))
        self.back.setAccessibleName(_("Back to the documents"))
        title, one, many = (make_label("strong") for _number in range(3))
        about = make_label("muted")
        title.setText(_("Recall test"))
        about.setText(_("Which way of searching finds the right passage, and at what rank."))
        one.setText(_("One question"))
        many.setText(_("A set of questions"))
        self.question, self.set = RecallQuestion(look, self), RecallSet(look, self)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(FlowRow(self, left=(self.back, title)))
        for part in (about, one, self.question):
            column.addWidget(part)
        column.addSpacing(10)
        for part in (many, self.set):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.question.field)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.question.set_look(look)
        self.set.set_look(look)
