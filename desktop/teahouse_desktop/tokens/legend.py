"""What the colours of tokens stand for, in numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.palette import Colouring, Palette, Step

GAP = 4.0


class Legend(QWidget):
    """A row of swatches with the bounds between them; in lines where it is narrow."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colouring: Colouring = "probability"
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_look(look)

    def set_colouring(self, colouring: Colouring) -> None:
        """Explain other colours."""
        self._colouring = colouring
        self._palette = Palette(self._look.theme, colouring)
        self.setVisible(bool(self._palette.steps))
        self._name()
        self.updateGeometry()
        self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.set_colouring(self._colouring)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines."""
        boxes = self._boxes(width)
        return round(boxes[-1].bottom() + 2) if boxes else 0

    def sizeHint(self) -> QSize:
        """All in a line."""
        width = sum(self._width(step) + GAP for step in self._palette.steps)
        return QSize(round(width), self.heightForWidth(round(width) + 1))

    def minimumSizeHint(self) -> QSize:
        """The widest alone."""
        widest = max((self._width(step) for step in self._palette.steps), default=10.0)
        return QSize(round(widest), 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._look.small)
            for step, box in zip(self._palette.steps, self._boxes(self.width()), strict=True):
                self._paint(painter, step, box)
        finally:
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.updateGeometry()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _paint(self, painter: QPainter, step: Step, box: QRectF) -> None:
        ground = QColor(step.colour) if step.colour else self._look.colour("base")
        painter.setPen(QPen(self._look.colour("line"), 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -3.5), 3, 3)
        painter.setPen(self._look.colour("text"))
        inner = box.adjusted(0, 0, 0, -3)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter), words.step_name(step, self._colouring))
        if step.strength > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("muted"))
            height = max(1.0, 3.0 * step.strength)
            painter.drawRect(QRectF(box.left() + 2, box.bottom() - 3, box.width() - 4, height))

    def _boxes(self, width: int) -> list[QRectF]:
        height = QFontMetricsF(self._look.small).height() + 8
        boxes, x, y = [], 0.0, 0.0
        for step in self._palette.steps:
            wide = self._width(step)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + height + 2
            boxes.append(QRectF(x, y, wide, height))
            x += wide + GAP
        return boxes

    def _width(self, step: Step) -> float:
        return QFontMetricsF(self._look.small).horizontalAdvance(words.step_name(step, self._colouring)) + 14

    def _name(self) -> None:
        name = words.colouring_name(self._colouring)
        self.setAccessibleName(self.tr("Legend: {what}").format(what=name))
        named = [words.step_name(step, self._colouring) for step in self._palette.steps]
        self.setAccessibleDescription(words.listed(named))
        self.setToolTip(words.colouring_help(self._colouring))
