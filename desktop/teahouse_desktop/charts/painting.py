"""Drawing the parts of a chart: grid, numbers at the axes, lines, the point with the mark, the names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from teahouse_desktop.charts.axis import Axis, in_words
from teahouse_desktop.charts.series import Point, Series, thinned
from teahouse_desktop.looks.look import Look

STROKES = {
    "solid": Qt.PenStyle.SolidLine,
    "dashed": Qt.PenStyle.DashLine,
    "dotted": Qt.PenStyle.DotLine,
}
LINE, DOT = 1.8, 2.6
SAMPLE, GAP = 22.0, 5.0
"""Length of the piece of line before a name, and the distance between the two."""


def paint_grid(
    painter: QPainter,
    look: Look,
    plot: QRectF,
    *,
    across: Axis,
    up: Axis,
    marks: tuple[list[float], list[float]],
) -> None:
    """Hairlines at the round numbers of the upright axis, and the numbers of both."""
    metrics = QFontMetricsF(look.small)
    painter.setFont(look.small)
    for number in marks[1]:
        y = up.place(number)
        painter.setPen(QPen(look.colour("line"), 1.0))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        painter.setPen(look.colour("muted"))
        text = in_words(number)
        left = plot.left() - metrics.horizontalAdvance(text) - GAP
        painter.drawText(QPointF(left, y + metrics.capHeight() / 2), text)
    painter.setPen(look.colour("muted"))
    end = 0.0
    for number in marks[0]:
        text = in_words(number)
        width = metrics.horizontalAdvance(text)
        left = min(max(across.place(number) - width / 2, plot.left()), plot.right() - width)
        if left >= end:
            painter.drawText(QPointF(left, plot.bottom() + metrics.ascent() + GAP), text)
            end = left + width + 2 * GAP
    painter.setPen(QPen(look.colour("field_line"), 1.0))
    painter.drawLine(plot.bottomLeft(), plot.bottomRight())


def paint_series(painter: QPainter, look: Look, series: Series, *, across: Axis, up: Axis) -> None:
    """One line, with a dot at each point where it wishes so or has only one."""
    places = [QPointF(across.place(x), up.place(y)) for x, y in _drawn(series, across)]
    pen = QPen(look.colour(series.colour), LINE * look.scale, STROKES[series.stroke])
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(places))
    if series.has_marks or len(places) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(series.colour))
        for place in places:
            painter.drawEllipse(place, DOT * look.scale, DOT * look.scale)


def paint_mark(painter: QPainter, look: Look, place: QPointF, plot: QRectF, *, has_focus: bool) -> None:
    """A ring around a point, and a line down to the axis."""
    painter.setPen(QPen(look.colour("muted"), 1.0))
    painter.drawLine(QPointF(place.x(), plot.top()), QPointF(place.x(), plot.bottom()))
    painter.setBrush(look.colour("base"))
    painter.setPen(QPen(look.colour("text" if has_focus else "muted"), 2.0))
    painter.drawEllipse(place, 2 * DOT * look.scale, 2 * DOT * look.scale)


class Names:
    """The names of the lines, each behind a piece of its line; in lines where it is narrow."""

    def __init__(self, look: Look, series: Sequence[Series], width: float) -> None:
        metrics = QFontMetricsF(look.small)
        self._look, self._series = look, series
        self.line = metrics.height() + 2
        self.boxes: list[QRectF] = []
        x = y = 0.0
        for one in series:
            wide = SAMPLE + GAP + metrics.horizontalAdvance(one.name)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + self.line
            self.boxes.append(QRectF(x, y, min(wide, width), self.line))
            x += wide + 3 * GAP

    @property
    def height(self) -> float:
        """Of all lines."""
        return self.boxes[-1].bottom() if self.boxes else 0.0

    def paint(self, painter: QPainter) -> None:
        """Draw them at the painter's origin."""
        look = self._look
        painter.setFont(look.small)
        metrics = QFontMetricsF(look.small)
        for one, box in zip(self._series, self.boxes, strict=True):
            painter.setPen(QPen(look.colour(one.colour), LINE * look.scale, STROKES[one.stroke]))
            middle = box.center().y()
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.left() + SAMPLE, middle))
            if one.has_marks:
                painter.setBrush(look.colour(one.colour))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawEllipse(QPointF(box.left() + SAMPLE / 2, middle), DOT, DOT)
            painter.setPen(look.colour("text"))
            room = box.width() - SAMPLE - GAP
            text = metrics.elidedText(one.name, Qt.TextElideMode.ElideRight, room + 1)
            painter.drawText(box.adjusted(SAMPLE + GAP, 0, 1, 0), int(Qt.AlignmentFlag.AlignVCenter), text)


def _drawn(series: Series, across: Axis) -> list[Point]:
    return thinned(series.points, round(abs(across.last_px - across.first_px)))
