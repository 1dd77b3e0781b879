"""A small chart of shares before and after something: hollow bars behind filled ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from teahouse_desktop.looks.look import Look

HEIGHT_EM = 2.4
WIDEST_BAR, GAP = 26.0, 2.0
LEAST_HEIGHT = 1.5
"""Of a bar that is not nothing, in pixels: it is still to be seen."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One bar of each kind.

    Attributes:
        words: What a tool tip says of it.
        before, after: Shares from 0 to 1; an `after` of None is not known, of 0 was taken away.
    """

    words: str
    before: float
    after: float | None


class BeforeAfter(QWidget):
    """Shows pairs beside each other, on a square-root scale: small shares are still to be seen."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pairs: tuple[Pair, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What is shown."""
        return self._pairs

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Show these."""
        if tuple(pairs) != self._pairs:
            self._pairs = tuple(pairs)
            self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(220, round(self._look.em * HEIGHT_EM))

    def minimumSizeHint(self) -> QSize:
        """A narrow one has narrow bars."""
        return QSize(60, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """The tool tip of the bar under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = int(event.pos().x() / self._slot) if self._pairs else -1
            if 0 <= place < len(self._pairs):
                QToolTip.showText(event.globalPos(), self._pairs[place].words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground line, and the bars."""
        painter = QPainter(self)
        ground = self.height() - 1.5
        painter.setPen(QPen(self._look.colour("line"), 1))
        painter.drawLine(0, round(ground), self.width(), round(ground))
        shares = [share for pair in self._pairs for share in (pair.before, pair.after or 0.0)]
        highest = max(shares, default=0.0) or 1.0
        for place, pair in enumerate(self._pairs):
            self._paint_pair(painter, place, pair, highest)
        painter.end()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _slot(self) -> float:
        """Width of a bar with the gap after it."""
        room = self.width() / max(1, len(self._pairs))
        return min(room, WIDEST_BAR * self._look.scale)

    def _paint_pair(self, painter: QPainter, place: int, pair: Pair, highest: float) -> None:
        left, width = place * self._slot, max(1.0, self._slot - GAP)
        behind = self._bar(left, width, pair.before / highest)
        painter.setBrush(self._look.colour("hover"))
        painter.setPen(QPen(self._look.colour("field_line"), 1))
        painter.drawRect(behind.adjusted(0.5, 0.5, -0.5, 0))
        if pair.after:
            inset = min(3.0, width / 5)
            front = self._bar(left + inset, width - 2 * inset, pair.after / highest)
            painter.fillRect(front, self._look.colour("accent"))
        elif pair.after == 0:
            self._cross_out(painter, behind)

    def _cross_out(self, painter: QPainter, bar: QRectF) -> None:
        """A stroke through the foot of a bar: it does not only lack a colour."""
        painter.setPen(QPen(self._look.colour("danger"), 1.4))
        side = min(bar.width(), 8.0)
        foot = QRectF(bar.center().x() - side / 2, self.height() - side - 3, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawLine(foot.topLeft(), foot.bottomRight())
        painter.drawLine(foot.bottomLeft(), foot.topRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _bar(self, left: float, width: float, share: float) -> QRectF:
        room = self.height() - 3.0
        height = max(LEAST_HEIGHT, math.sqrt(max(0.0, share)) * room) if share else 0.0
        return QRectF(left, self.height() - 2.0 - height, width, height)
