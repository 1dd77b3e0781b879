"""A button that opens a menu, with a small arrow behind its text."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from teahouse_desktop.icons import paint_icon

ARROW = 14
GAP = 6


class MenuButton(QToolButton):
    """Text and an arrow; the menu opens at once."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._colour = QColor()

    def set_arrow_colour(self, colour: QColor) -> None:
        """Draw the arrow in this colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then the arrow over its right padding."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - ARROW) / 2
        paint_icon(
            painter, "chevron-down", QRectF(self.width() - ARROW - GAP, top, ARROW, ARROW), self._colour
        )
        painter.end()
