"""What is being read now, how far it is, and the button that pauses it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse.language import sentences
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.cards import make_label
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_documents import phrases
from teahouse_documents.values import Status

_ = Translator("teahouse_documents")

STEPS = 1000


class StatusLine(QWidget):
    """Words, a bar and a pause button; hidden when there is nothing to do and nothing to say.

    Signals:
        pause_requested: (is to be paused)
    """

    pause_requested = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._status = Status()
        self.words = make_label()
        self.current = ElidedLabel(self)
        self.current.setProperty("kind", "muted")
        self.remarks = make_label("muted")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.pause = QToolButton(self)
        self.pause.clicked.connect(lambda: self.pause_requested.emit(not self._status.is_paused))
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.words, self.bar, self.current):
            column.addWidget(part)
        self._work = QWidget(self)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(column, 1)
        row.addWidget(self.pause)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(self._work)
        whole.addWidget(self.remarks)
        self.show_status(Status())

    def show_status(self, status: Status) -> None:
        """Say how far it is."""
        self._status = status
        words, remarks = phrases.activity(status), sentences(*phrases.remarks(status))
        self.words.setText(words)
        self.current.setText(self._current_in_words(status))
        self.current.setToolTip(with_name(status.current, "") if status.current else "")
        self.current.setVisible(bool(self.current.text()))
        done = status.files - status.waiting
        self.bar.setValue(round(STEPS * done / status.files) if status.files else 0)
        self.bar.setAccessibleName(words)
        self.bar.setVisible(bool(status.waiting))
        self.remarks.setText(remarks)
        self.remarks.setVisible(bool(remarks))
        self._work.setVisible(bool(words))
        self.setVisible(bool(words or remarks))
        self._name_pause()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._name_pause()

    def _current_in_words(self, status: Status) -> str:
        if not status.current or status.is_paused:
            return ""
        return _("Now: {name}").format(name=phrases.name_of(status.current))

    def _name_pause(self) -> None:
        is_paused = self._status.is_paused
        words = _("Go on reading") if is_paused else _("Pause reading")
        self.pause.setToolTip(words)
        self.pause.setAccessibleName(words)
        self.pause.setIcon(make_icon("play" if is_paused else "pause", self._look.colour("text")))
