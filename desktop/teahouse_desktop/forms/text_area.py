"""A text of several lines that counts after a pause in typing; Tab leaves it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

TYPED_MS = 700
FRAME = 14
"""Distances and frame above and below the lines, in pixels."""

LEAST_DIGITS = 10


class TextArea(QPlainTextEdit):
    """Several lines of text.

    Signals:
        settled: The person has changed the text and paused, or left.
    """

    settled = Signal()

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent)
        self._lines = lines
        self._is_showing = False
        self._timer = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._timer.timeout.connect(self.settled)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text)

    @property
    def is_typing(self) -> bool:
        """Whether something was typed that does not count yet."""
        return self._timer.isActive()

    def show_text(self, text: str) -> None:
        """Show a text; one that is just being typed stays."""
        if not self._timer.isActive() and text != self.toPlainText():
            self._is_showing = True
            self.setPlainText(text)
            self._is_showing = False

    def flush(self) -> None:
        """Do not wait any longer for the next key."""
        if self._timer.isActive():
            self._timer.stop()
            self.settled.emit()

    def sizeHint(self) -> QSize:
        """As many lines as it was made for."""
        return QSize(240, self.fontMetrics().lineSpacing() * self._lines + FRAME)

    def minimumSizeHint(self) -> QSize:
        """A few letters wide."""
        return QSize(self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS, self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves has finished; a menu over the text is no leaving."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.flush()

    def _on_text(self) -> None:
        if not self._is_showing:
            self._timer.start()
