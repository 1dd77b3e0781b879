"""A scrolled area with the lines of a text's tokens: laid out some at a time, brought into view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.flow import Flow
from teahouse_desktop.tokens.marks import Mark
from teahouse_desktop.widgets.painted_area import PaintedArea

MARGIN = 8.0
AT_ONCE = 2000
"""Tokens laid out in one go while the rest is estimated."""


class FlowArea(PaintedArea):
    """Where the tokens stand, and what of them is in view.

    Attributes:
        current: Place of the token with the mark; -1 for none.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current = -1
        self._look = look
        self._marks: list[Mark] = []
        self._rest = QTimer(self, interval=0)
        self._rest.timeout.connect(self._lay_out_more)
        self.lay_out()

    @property
    def flow(self) -> Flow:
        """Where the tokens stand."""
        return self._flow

    def box(self, place: int) -> QRectF:
        """Where a token is, in the viewport."""
        return self._flow.box(place).translated(MARGIN, MARGIN - self.verticalScrollBar().value())

    def token_at(self, point: QPointF) -> int:
        """The token under a point of the viewport; -1 for none."""
        y = point.y() - MARGIN + self.verticalScrollBar().value()
        return self._flow.at(point.x() - MARGIN, y)

    def lines_in_view(self) -> int:
        """How many lines fit."""
        return max(1, int(self.viewport().height() // self._flow.line_height))

    def places_in(self, area: QRectF) -> list[int]:
        """The tokens in the lines that meet a part of the viewport."""
        top = area.top() - MARGIN + self.verticalScrollBar().value()
        self._flow.lay_out(until_y=top + area.height())
        height = self._flow.line_height
        lines = self._flow.lines[max(0, int(top // height)) : int((top + area.height()) // height) + 1]
        return [place for line in lines for place in range(line.first, line.end)]

    def bring_into_view(self, place: int) -> None:
        """Scroll as far as it takes to see a token."""
        box = self._flow.box(place)
        self._fit_range()
        bar, page = self.verticalScrollBar(), self.viewport().height()
        top, bottom = box.top(), box.bottom() + 2 * MARGIN
        if top < bar.value():
            bar.setValue(round(top))
        elif bottom > bar.value() + page:
            bar.setValue(round(bottom - page))

    def lay_out(self) -> None:
        """Begin anew: what is in view now, the rest some at a time."""
        width = self.viewport().width() - 2 * MARGIN
        self._flow = Flow(self._marks, self._look.reading, width)
        self._flow.lay_out(until_y=self.viewport().height() + self.verticalScrollBar().value(), most=AT_ONCE)
        self._fit_range()
        if not self._flow.is_whole:
            self._rest.start()

    def minimumSizeHint(self) -> QSize:
        """Narrow panels are fine."""
        return QSize(120, round(self._flow.line_height * 2 + 2 * MARGIN))

    def sizeHint(self) -> QSize:
        """Some lines."""
        return QSize(360, round(self._flow.line_height * 8))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out at the new width; the token with the mark stays in view."""
        self.lay_out()
        if self.current >= 0:
            self.bring_into_view(self.current)

    def _lay_out_more(self) -> None:
        self._flow.lay_out(until_token=len(self._marks), most=AT_ONCE)
        self._fit_range()
        if self._flow.is_whole:
            self._rest.stop()

    def _fit_range(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setSingleStep(round(self._flow.line_height))
        bar.setRange(0, max(0, round(self._flow.height + 2 * MARGIN) - page))
