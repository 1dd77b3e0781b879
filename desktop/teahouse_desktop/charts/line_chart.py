"""Lines over a common axis, such as losses over the steps of a training."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from teahouse_desktop.charts.axis import Axis, in_words, span_of, ticks, widened
from teahouse_desktop.charts.painting import GAP, Names, paint_grid, paint_mark, paint_series
from teahouse_desktop.charts.series import Series
from teahouse_desktop.charts.walking import Spot, walk
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look

HEIGHT_EM, LEAST_WIDTH = 8.5, 140
TICK_EM, TICK_WIDTH = 2.2, 70.0
"""Least distance of two numbers at the upright axis, in lines, and at the other one, in pixels."""


class LineChart(QWidget):
    """Shows lines; the arrow keys and the pointer go from point to point, and each is told in words.

    Attributes:
        spot: (line, point) with the mark; None for none.

    Signals:
        spot_changed: Another point has the mark.
    """

    spot_changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None, *, has_zero: bool = True) -> None:
        super().__init__(parent)
        self._look, self._has_zero = look, has_zero
        self._series: tuple[Series, ...] = ()
        self._about, self._across_name, self._last_x = "", "", 0.0
        self.spot: Spot | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # --- what is shown ------------------------------------------------------------------------------

    @property
    def series(self) -> tuple[Series, ...]:
        """What is shown."""
        return self._series

    def show_series(self, series: Sequence[Series], *, last_x: float = 0.0) -> None:
        """Show lines, in the place of others; the mark stays where it can.

        Args:
            last_x: The axis goes at least so far: the end of what is still to come.
        """
        self._series, self._last_x = tuple(series), last_x
        if self.spot is not None:
            line, point = self.spot
            is_there = line < len(self._series) and point < len(self._series[line].points)
            self.spot = self.spot if is_there else None
        self._describe()
        self.update()

    def name(self, about: str, across: str) -> None:
        """Say what the chart is about, and what the numbers below it count, such as “step”."""
        self._about, self._across_name = about, across
        self.setAccessibleName(about)
        self._describe()
        self.update()

    def set_look(self, look: Look) -> None:
        """Take another theme or size."""
        self._look = look
        self.updateGeometry()
        self.update()

    # --- in words -----------------------------------------------------------------------------------

    @property
    def spoken(self) -> str:
        """The point with the mark, as it is read aloud; empty for none."""
        if self.spot is None:
            return ""
        one = self._series[self.spot[0]]
        x, y = one.points[self.spot[1]]
        text = translate("Chart", "{name}: {y} at {across} {x}")
        return text.format(name=one.name, y=in_words(y), across=self._across_name, x=in_words(x))

    @property
    def summary(self) -> str:
        """All lines in words, each from its first to its last point."""
        return "\n".join(_line_in_words(one) for one in self._series if one.points)

    def set_spot(self, spot: Spot | None) -> None:
        """Mark a point, and say it."""
        if spot == self.spot:
            return
        self.spot = spot
        self._describe()
        if QAccessible.isActive() and self.spoken:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.spoken))
        self.spot_changed.emit()
        self.update()

    # --- Qt's events --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(320, round(self._look.em * HEIGHT_EM))

    def minimumSizeHint(self) -> QSize:
        """A narrow one has fewer numbers."""
        return QSize(LEAST_WIDTH, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the lines and between them."""
        spot = walk(self._series, self.spot, Qt.Key(event.key()))
        if spot is None:
            super().keyPressEvent(event)
        else:
            self.set_spot(spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the point nearest to the pointer."""
        self.set_spot(self._nearest(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went: what the keys have marked goes, too."""
        if not self.hasFocus():
            self.set_spot(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the frame."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the frame and the mark."""
        super().focusOutEvent(event)
        self.set_spot(None)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._describe()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names above, then grid and lines; a frame where the focus is."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        finally:
            painter.end()

    # --- inside -----------------------------------------------------------------------------------

    def _paint(self, painter: QPainter) -> None:
        look, names = self._look, self._names()
        if self.spot is None:
            names.paint(painter)
        else:
            self._paint_spoken(painter, names)
        plot, across, up, marks = self._frame(names)
        paint_grid(painter, look, plot, across=across, up=up, marks=marks)
        painter.save()
        painter.setClipRect(plot.adjusted(-4, -4, 4, 4))
        for one in self._series:
            paint_series(painter, look, one, across=across, up=up)
        if self.spot is not None:
            x, y = self._series[self.spot[0]].points[self.spot[1]]
            place = QPointF(across.place(x), up.place(y))
            paint_mark(painter, look, place, plot, has_focus=self.hasFocus())
        painter.restore()
        if self.hasFocus():
            painter.setPen(QPen(look.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_spoken(self, painter: QPainter, names: Names) -> None:
        """The words of the point with the mark, in the place of the names."""
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("text"))
        box = QRectF(0, 0, self.width(), max(names.height, names.line))
        text = painter.fontMetrics().elidedText(self.spoken, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)

    def _names(self) -> Names:
        return Names(self._look, self._series, float(self.width()))

    def _frame(self, names: Names) -> tuple[QRectF, Axis, Axis, tuple[list[float], list[float]]]:
        """Where the lines are drawn, both axes, and the numbers at them."""
        points = list(itertools.chain.from_iterable(one.points for one in self._series))
        metrics = QFontMetricsF(self._look.small)
        top, bottom = names.height + 2 * GAP, self.height() - metrics.height() - 2 * GAP
        most = max(2, int((bottom - top) / (TICK_EM * metrics.height())))
        least, greatest = widened(*span_of([y for _x, y in points], has_zero=self._has_zero), most=most)
        upright = ticks(least, greatest, most=most)
        left = max(metrics.horizontalAdvance(in_words(number)) for number in upright) + 2 * GAP
        plot = QRectF(left, top, max(10.0, self.width() - left - 2 * GAP), max(10.0, bottom - top))
        first, last = span_of([*(x for x, _y in points), self._last_x], has_zero=True)
        numbers = ticks(first, last, most=max(1, int(plot.width() / TICK_WIDTH)), is_whole=True)
        across = Axis(first, last, plot.left(), plot.right())
        return plot, across, Axis(least, greatest, plot.bottom(), plot.top()), (numbers, upright)

    def _nearest(self, place: QPointF) -> Spot | None:
        """The point nearest to a place, of whichever line."""
        plot, across, up, _marks = self._frame(self._names())
        if not plot.adjusted(-8, -8, 8, 8).contains(place):
            return None
        found: list[tuple[float, Spot]] = []
        for number, one in enumerate(self._series):
            at = one.nearest(across.value(place.x()))
            if at >= 0:
                x, y = one.points[at]
                away = QPointF(across.place(x), up.place(y)) - place
                found.append((away.manhattanLength(), (number, at)))
        return min(found)[1] if found else None

    def _describe(self) -> None:
        self.setAccessibleDescription(self.spoken or self.summary)


def _line_in_words(one: Series) -> str:
    text = translate("Chart", "{name}: from {first} to {last}, lowest {least}, {count} points")
    return text.format(
        name=one.name,
        first=in_words(one.points[0][1]),
        last=in_words(one.points[-1][1]),
        least=in_words(min(y for _x, y in one.points)),
        count=in_words(len(one.points)),
    )
