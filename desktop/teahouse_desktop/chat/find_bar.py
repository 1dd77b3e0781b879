"""The bar for finding words in the open conversation."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.search import Search, reveal
from teahouse_desktop.transcript.view import Transcript

TYPED_MS = 120


class FindBar(QFrame):
    """A field above a transcript; Enter and Shift+Enter step from place to place, Esc closes it."""

    def __init__(self, transcript: Transcript, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findbar")
        self._transcript = transcript
        self._search: Search | None = None
        self.field = QLineEdit(self)
        self._count = QLabel(self)
        self._buttons = {name: QToolButton(self) for name in ("chevron-up", "chevron-down", "x")}
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._lay_out()
        self._connect()
        self.set_look(look)
        self._name()
        self.hide()

    def open(self) -> None:
        """Show it with what is marked in the transcript, ready to type."""
        marked = self._transcript.selected_text
        if marked and "\n" not in marked:
            self.field.setText(marked)
        self.show()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def dismiss(self) -> None:
        """Close it; the place that was found stays marked."""
        self._search = None
        self.hide()
        self._transcript.setFocus()

    def find_next(self) -> None:
        """Go to the next place."""
        self._step(is_back=False)

    def find_previous(self) -> None:
        """Go to the place before."""
        self._step(is_back=True)

    def set_look(self, look: Look) -> None:
        """Draw with another theme."""
        for name, button in self._buttons.items():
            button.setIcon(make_icon(name, look.colour("text")))
        self._count.setFont(look.small)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter steps, Esc closes."""
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(is_back=is_back)
        elif event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _step(self, *, is_back: bool) -> None:
        self._timer.stop()
        query, column = self.field.text(), self._transcript.column
        if self._search is None or self._search.query != query or self._is_stale():
            self._search = Search.of(column, query)
        visible = self._transcript.visible() or range(1)
        place = self._search.step(column, visible[-1 if is_back else 0], is_back=is_back)
        reveal(self._transcript, place)
        self._tell(self._search)

    def _is_stale(self) -> bool:
        """Whether the conversation has changed under the search."""
        search, column = self._search, self._transcript.column
        return search is not None and search.messages != Search.of(column, search.query).messages

    def _tell(self, search: Search) -> None:
        if not search.query:
            self._count.clear()
        elif search.messages:
            told = self.tr("message {number} of {count}")
            self._count.setText(told.format(number=search.position + 1, count=len(search.messages)))
        else:
            self._count.setText(self.tr("not found"))

    def _connect(self) -> None:
        self._timer.timeout.connect(self.find_next)
        self.field.textEdited.connect(lambda _text: self._timer.start())
        self._buttons["chevron-up"].clicked.connect(self.find_previous)
        self._buttons["chevron-down"].clicked.connect(self.find_next)
        self._buttons["x"].clicked.connect(self.dismiss)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addStretch(1)
        row.addWidget(self.field, 2)
        row.addWidget(self._count)
        for button in self._buttons.values():
            row.addWidget(button)

    def _name(self) -> None:
        names = {
            "chevron-up": self.tr("Previous place"),
            "chevron-down": self.tr("Next place"),
            "x": self.tr("Close"),
        }
        for name, button in self._buttons.items():
            button.setAccessibleName(names[name])
            button.setToolTip(names[name])
        self.field.setAccessibleName(self.tr("Find in this conversation"))
        self.field.setPlaceholderText(self.tr("Find in this conversation"))
