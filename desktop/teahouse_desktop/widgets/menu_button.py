"""A button that opens a menu, with a small arrow behind its text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QStylePainter, QToolButton, QWidget

from teahouse_desktop.looks.icons import paint_icon

ARROW, LARGEST_ARROW = 14, 18
GAP = 6
AROUND = 40
"""Frame, distances and arrow around the words, in pixels."""

LEAST_DIGITS = 5
USUAL_LINE = 17.0
"""Height of a line at the usual text size, in pixels."""


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

    def minimumSizeHint(self) -> QSize:
        """A few letters: its words get shorter where there is no room."""
        whole = super().minimumSizeHint()
        has_words = self.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly and self.text()
        least = self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS + AROUND
        return QSize(min(whole.width(), least), whole.height()) if has_words else whole

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then the arrow over its right padding."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        icon = self.iconSize().width() + GAP if not self.icon().isNull() else 0
        room = self.width() - AROUND - icon
        if option.text and self.fontMetrics().horizontalAdvance(option.text) > room + GAP:
            option.text = self.fontMetrics().elidedText(option.text, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        grown = ARROW * max(1.0, self.fontMetrics().height() / USUAL_LINE)
        side = min(grown, LARGEST_ARROW)
        top = (self.height() - side) / 2
        paint_icon(painter, "chevron-down", QRectF(self.width() - side - GAP, top, side, side), self._colour)
        painter.end()
