"""Tells when a window has been painted for the first time: what is not needed for that comes after it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

WAIT_AT_MOST_MS = 1000
"""A window that opens minimised, or behind a locked screen, is not painted."""


class FirstPaint(QObject):
    """Watches a window.

    Signals:
        painted: The window is on the screen, or is not going to be; emitted once.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=WAIT_AT_MOST_MS)
        self._timer.timeout.connect(self._on_painted)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first request to paint has just come; what is queued behind it comes after the paint."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start(0)
        elif event.type() == QEvent.Type.Show:
            self._timer.start()
        return super().eventFilter(watched, event)

    def _on_painted(self) -> None:
        self._window.removeEventFilter(self)
        self.painted.emit()
