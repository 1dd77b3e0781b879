"""Something with a heading that folds; what is inside is made when it is first unfolded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.elided import ElidedLabel

LEAST_DIGITS = 3
SHEET = "#fold { text-align: left; padding: 4px 6px 4px 0; font-weight: 600; }"


class Fold(QFrame):
    """A heading with a body below it.

    Args:
        make: Makes the body.
        is_card: Whether it has a frame and a ground of its own.

    Signals:
        folded: (whether it is unfolded now).
    """

    folded = Signal(bool)

    def __init__(
        self,
        title: str,
        make: Callable[[QWidget], QWidget],
        look: Look,
        parent: QWidget | None = None,
        *,
        is_card: bool = True,
    ) -> None:
        super().__init__(parent)
        self._make, self._look = make, look
        self.body: QWidget | None = None
        self.button = _Heading(self)
        self.summary = ElidedLabel(self)
        self.summary.setProperty("kind", "muted")
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.summary.setMinimumWidth(1)  # the heading goes before it
        self.summary.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._head = QHBoxLayout()
        self._head.setSpacing(4)
        self._head.addWidget(self.button)
        self._head.addWidget(self.summary, 1)
        self.column = QVBoxLayout(self)
        around = (8, 3, 8, 3) if is_card else (0, 0, 0, 0)
        self.column.setContentsMargins(*around)
        self.column.setSpacing(4)
        self.column.addLayout(self._head)
        if is_card:
            self.setObjectName("card")
        self.button.clicked.connect(lambda: self.set_folded(self.is_unfolded))
        self.set_title(title)
        self._show_arrow()

    @property
    def is_unfolded(self) -> bool:
        """Whether the body shows."""
        return self.body is not None and not self.body.isHidden()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self.button.setText(title)
        self.button.setAccessibleName(title)

    def set_summary(self, text: str) -> None:
        """A word at the right of the heading, such as the value inside."""
        self.summary.setText(text)
        self.button.setAccessibleDescription(text)

    def add_before(self, widget: QWidget) -> None:
        """Put a control at the very left of the heading."""
        self._head.insertWidget(0, widget)

    def add_after(self, widget: QWidget) -> None:
        """Put a control at the right end of the heading."""
        self._head.addWidget(widget)

    def set_folded(self, is_folded: bool) -> None:
        """Hide or show the body."""
        if is_folded is not self.is_unfolded:
            return
        if self.body is None:
            self.body = self._make(self)
            self.column.addWidget(self.body)
        self.body.setVisible(not is_folded)
        self._show_arrow()
        self.folded.emit(not is_folded)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._show_arrow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right unfolds and Left folds, with the focus on the heading."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and self.button.hasFocus()
        if plain and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.set_folded(event.key() == Qt.Key.Key_Left)
        else:
            super().keyPressEvent(event)

    def _show_arrow(self) -> None:
        name = "chevron-down" if self.is_unfolded else "chevron-right"
        self.button.setIcon(make_icon(name, self._look.colour("muted")))
        self.button.setChecked(self.is_unfolded)


class _Heading(QToolButton):
    """Arrow and words; its words get shorter where there is no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("fold")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setStyleSheet(SHEET)
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def setText(self, words: str) -> None:
        """Keep the words: a part of them may be shown."""
        self._words = words
        super().setText(words)
        self.setToolTip("")
        self._fit()

    def sizeHint(self) -> QSize:
        """With all its words."""
        whole = super().sizeHint()
        missing = self.fontMetrics().horizontalAdvance(self._words) - self.fontMetrics().horizontalAdvance(
            self.text()
        )
        return QSize(whole.width() + max(0, missing), whole.height())

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        least = self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS + self._around
        return QSize(min(self.sizeHint().width(), least), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Fit the words into another width or font."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._fit()
        return super().event(event)

    @property
    def _around(self) -> int:
        return self.iconSize().width() + 16

    def _fit(self) -> None:
        room = self.width() - self._around
        shown = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(0, room))
        if self.width() >= self.sizeHint().width():
            shown = self._words
        if shown != self.text():
            super().setText(shown)
            self.setToolTip(self._words if shown != self._words else "")
