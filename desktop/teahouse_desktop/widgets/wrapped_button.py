"""A button whose words go on in the next line where there is not enough room for one."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

SIDE, ABOVE = 16, 11
"""Distance from the frame to the words, in pixels."""

LEAST_WIDTH = 120
FLAGS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class WrappedButton(QPushButton):
    """A wide button with a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """In one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * SIDE
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """In several."""
        return QSize(LEAST_WIDTH, self.fontMetrics().lineSpacing() + 2 * ABOVE)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        inside = QRect(0, 0, max(1, width - 2 * SIDE), 10_000)
        return self.fontMetrics().boundingRect(inside, int(FLAGS), self.text()).height() + 2 * ABOVE

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button without its words, then the words."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setPen(option.palette.buttonText().color())
        painter.drawText(self.rect().adjusted(SIDE, 0, -SIDE, 0), int(FLAGS), self.text())
