"""The round mark of one option among several, to be seen in both themes and at every font size."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QRadioButton


class RadioMark(QRadioButton):
    """A radio button without words; its name for screen readers is its `accessibleName`."""

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        side = max(16, self.fontMetrics().height())
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """The same: it is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A circle, filled in the accent's colour where it is chosen."""
        side = min(16.0, self.width() - 2.0) * max(1.0, self.fontMetrics().height() / 20)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        palette, role = self.palette(), QPalette.ColorRole
        is_strong = self.isChecked() or self.hasFocus() or self.underMouse()
        colour = palette.color(role.Accent if is_strong else role.Dark)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(palette.color(role.Button))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            inner = side * 0.26
            painter.drawEllipse(box.adjusted(inner, inner, -inner, -inner))
        painter.end()
