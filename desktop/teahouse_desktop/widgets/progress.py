"""A line that says how far something is: words, a bar, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.elided import ElidedLabel

LEAST_BAR = 60
"""Pixels of the bar where there is little room."""


class ProgressLine(QWidget):
    """Words, a bar and a stop button; hidden while nothing goes on.

    Signals:
        stopped: The person wants it to end.
    """

    stopped = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(self)
        self._label.setProperty("kind", "muted")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setMinimumWidth(LEAST_BAR)
        self._stop = QToolButton(self)
        self._stop.clicked.connect(self.stopped)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._label)
        layout.addWidget(self._stop)
        self.set_look(look)
        self._name()
        self.hide()

    def show_progress(self, words: str, fraction: float, *, can_stop: bool = True) -> None:
        """Show words and how far it is, from 0 to 1."""
        self._label.setText(words)
        self._bar.setValue(round(fraction * 1000))
        self._bar.setAccessibleName(words)
        self._stop.setVisible(can_stop)
        self.show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._stop.setIcon(make_icon("x", look.colour("muted")))

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self._stop.setAccessibleName(self.tr("Cancel"))
        self._stop.setToolTip(self.tr("Cancel"))


def percent(fraction: float) -> str:
    """A fraction as `42 %`, in the language in force."""
    return QLocale().toString(min(100, max(0, round(fraction * 100)))) + " %"
