"""A part of a page in which words are typed and what they find stands below, as cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import CardList, make_label
from teahouse_desktop.widgets.progress import ProgressLine

LONGEST = 200
"""Characters of the words."""


class SearchSection(QWidget):
    """The field, the cards, and the lines that say how it goes; subclasses place them and `say` more.

    Signals:
        stop_requested: What is asked elsewhere is not wanted any longer.
    """

    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.field = QLineEdit(self)
        self.field.setObjectName("search")
        self.field.setClearButtonEnabled(True)
        self.field.setMaxLength(LONGEST)
        self._icon = self.field.addAction(
            make_icon("search", look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self._state, self._error = make_label("muted"), make_label("danger")
        self._error.hide()
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self.list = CardList(self)

    def say(self) -> None:
        """Say everything in the language in force."""
        raise NotImplementedError

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._icon.setIcon(make_icon("search", look.colour("muted")))
        self.progress.set_look(look)
        for card in self.list.cards:
            card.set_look(look)

    def enter(self) -> None:
        """Begin with the words."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the words to what was found; Escape empties the words before it leaves the page."""
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and self.list.focus():
            return
        if event.key() == Qt.Key.Key_Escape and self.field.hasFocus() and self.field.text():
            self.field.clear()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)
