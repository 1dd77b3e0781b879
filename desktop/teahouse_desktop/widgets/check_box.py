"""A check box whose frame and mark can be seen in both themes, and whose words go on in the next line."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from teahouse_desktop.looks.icons import DISABLED_OPACITY, paint_icon

LEAST_DIGITS = 10
FLAGS = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class CheckBox(QCheckBox):
    """The frame comes from the style sheet, which leaves no mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """A few letters: the rest goes on in the next lines."""
        whole = super().minimumSizeHint()
        least = self._around() + self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS
        return QSize(min(whole.width(), least), whole.height())

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return bool(self.text())

    def heightForWidth(self, width: int) -> int:
        """Height of all lines of its words."""
        one = super().sizeHint()
        if width >= one.width():
            return one.height()
        inside = QRect(0, 0, max(1, width - self._around()), 10_000)
        return max(one.height(), self.fontMetrics().boundingRect(inside, FLAGS, self.text()).height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then its mark."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        if self.width() >= super().sizeHint().width() or not self.text():
            painter.drawControl(QStyle.ControlElement.CE_CheckBox, option)
        else:
            self._paint_lines(painter, option)
        if self.isChecked():
            self._paint_mark(painter, option)
        painter.end()

    def _paint_lines(self, painter: QStylePainter, option: QStyleOptionButton) -> None:
        words, option.text = option.text, ""
        painter.drawControl(QStyle.ControlElement.CE_CheckBox, option)
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        painter.drawText(self.rect().adjusted(self._around() - 4, 0, -4, 0), FLAGS, words)

    def _paint_mark(self, painter: QPainter, option: QStyleOptionButton) -> None:
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter.setOpacity(1.0 if self.isEnabled() else DISABLED_OPACITY)
        colour = self.palette().color(QPalette.ColorRole.Accent)
        paint_icon(painter, "check", QRectF(place).adjusted(1, 1, -1, -1), colour)

    def _around(self) -> int:
        """Everything but the words, in pixels."""
        return super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text().replace("&", ""))
