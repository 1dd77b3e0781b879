"""A label that gets shorter where there is no room, with all of its words in the tool tip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

LEAST_DIGITS = 3
ELLIPSIS = "…"


class ElidedLabel(QLabel):
    """One line of plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    @property
    def is_cut(self) -> bool:
        """Whether not all of it is seen."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        """A few letters."""
        whole = super().minimumSizeHint()
        return QSize(
            min(whole.width(), self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS), whole.height()
        )

    def event(self, event: QEvent) -> bool:
        """A tool tip of its own goes before that with the words."""
        if isinstance(event, QHelpEvent) and self._is_asked(event):
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def _is_asked(self, event: QHelpEvent) -> bool:
        return event.type() == QEvent.Type.ToolTip and self.is_cut and not self.toolTip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As many of the words as there is room for."""
        if not self.is_cut:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        box = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        words = words if words != ELLIPSIS else ""  # it alone says nothing, and looks like a menu
        painter.setPen(self.palette().windowText().color())
        painter.drawText(box, int(self.alignment()), words)
        painter.end()
