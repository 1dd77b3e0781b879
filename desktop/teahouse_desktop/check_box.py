"""A check box whose frame and mark can be seen in both themes."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from teahouse_desktop.icons import DISABLED_OPACITY, paint_icon


class CheckBox(QCheckBox):
    """The frame comes from the style sheet, which leaves no mark."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then its mark."""
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else DISABLED_OPACITY)
        colour = self.palette().color(QPalette.ColorRole.Accent)
        paint_icon(painter, "check", QRectF(place).adjusted(1, 1, -1, -1), colour)
        painter.end()
