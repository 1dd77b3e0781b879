"""The model as it was and the model as it is now, side by side on the same question."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from teahouse_desktop.forms import Heading, StackRow, make_text, say
from teahouse_training.panel.words import _

NARROW_EM = 17
"""Below this width the two stand below each other, in heights of a line."""


class Side(QFrame):
    """One answer, as it grows."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title, self.text = make_text(self, "strong"), make_text(self)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 9)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addStretch(1)
        self.name(title)

    def name(self, title: str) -> None:
        """Say whose answer it is."""
        self.title.setText(title)
        self.setAccessibleName(title)

    def show_text(self, text: str) -> None:
        """Show what was written so far."""
        self.text.setText(text)
        self.setAccessibleDescription(text)


class ComparePart(QWidget):
    """A question, and two answers that are made with the same choices and the same seed.

    Signals:
        asked: (question).
        stopped: It is not wanted any longer.
    """

    asked = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.question = QLineEdit(self)
        self.question.setPlaceholderText(_("Ask both something new"))
        self.question.setAccessibleName(_("Ask both something new"))
        self.ask = QPushButton(_("Ask both"), self)
        self.ask.setProperty("kind", "plain")
        self.error = make_text(self, "danger")
        self.base = Side(_("Without the adapter"), self)
        self.tuned = Side(_("With the adapter"), self)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._is_asking = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Heading(_("Side by side"), self))
        column.addWidget(StackRow(self.question, self.ask, self, wide=0))
        column.addWidget(self.error)
        column.addLayout(self._grid)
        self.question.returnPressed.connect(self._on_asked)
        self.question.textChanged.connect(lambda _text: self._say())
        self.ask.clicked.connect(self._on_asked)
        say(self.error, "")
        self._place()
        self._say()

    @property
    def is_asking(self) -> bool:
        """Whether answers are being made."""
        return self._is_asking

    def name_sides(self, *, has_adapter: bool) -> None:
        """Say what the two are: with and without an adapter, or two models."""
        self.base.name(_("Without the adapter") if has_adapter else _("The model as it was"))
        self.tuned.name(_("With the adapter") if has_adapter else _("The new model"))

    def show_begun(self) -> None:
        """Both begin to write."""
        self._is_asking = True
        say(self.error, "")
        for side in (self.base, self.tuned):
            side.show_text("")
            side.show()
        self._say()

    def show_text(self, *, is_tuned: bool, text: str) -> None:
        """Show what one of them has written so far."""
        (self.tuned if is_tuned else self.base).show_text(text)

    def show_ended(self, problem: str = "") -> None:
        """Both have answered, or it failed."""
        self._is_asking = False
        say(self.error, problem)
        self._say()

    def clear(self) -> None:
        """Another training: nothing was asked yet."""
        self.show_ended()
        self.question.clear()
        for side in (self.base, self.tuned):
            side.hide()

    def resizeEvent(self, event: object) -> None:
        """Beside each other where there is room."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()

    def _place(self) -> None:
        is_narrow = self.width() < NARROW_EM * self.fontMetrics().height()
        self._grid.addWidget(self.base, 0, 0)
        self._grid.addWidget(self.tuned, *((1, 0) if is_narrow else (0, 1)))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 0 if is_narrow else 1)

    def _on_asked(self) -> None:
        if self._is_asking:
            self.stopped.emit()
        elif text := self.question.text().strip():
            self.asked.emit(text)

    def _say(self) -> None:
        self.ask.setText(_("Stop") if self._is_asking else _("Ask both"))
        self.ask.setEnabled(self._is_asking or bool(self.question.text().strip()))
