"""A soft shadow below a widget that lies over others.

Qt's own effect blurs the whole widget anew with each change in it, which takes longer than a frame.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

WIDTH, FALL, ROUND = 14, 5, 10
"""How far it reaches, by how much it is lower than the widget, and how round its corners are; in pixels."""


class Shadow(QWidget):
    """Follows a widget: it is where that is, and shown while that is.

    Args:
        alpha: How dark it is where it is darkest, from 0 to 255.
    """

    def __init__(self, cast_by: QWidget, alpha: int) -> None:
        super().__init__(cast_by.parentWidget())
        self._cast_by = cast_by
        self.alpha = alpha
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        cast_by.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The widget moves, grows, comes or goes."""
        kinds = QEvent.Type
        if watched is self._cast_by and event.type() in (kinds.Move, kinds.Resize, kinds.Show, kinds.Hide):
            wide = WIDTH + FALL
            self.setGeometry(self._cast_by.geometry().adjusted(-wide, -wide, wide, wide))
            self.stackUnder(self._cast_by)
            self.setVisible(event.type() != kinds.Hide and not self._cast_by.isHidden())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rings around the widget, the darker the nearer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, max(1, round(self.alpha / WIDTH))))
        inside = QRectF(self.rect()).adjusted(WIDTH, WIDTH + FALL, -WIDTH, -WIDTH + FALL)
        for ring in range(WIDTH):
            box = inside.adjusted(FALL - ring, -ring, ring - FALL, ring - FALL)
            painter.drawRoundedRect(box, ROUND + ring, ROUND + ring)
        painter.end()
