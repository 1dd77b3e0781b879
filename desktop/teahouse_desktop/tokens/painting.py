"""Drawing one token."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.flow import CHIP_PADDING, PADDING, joined_text
from teahouse_desktop.tokens.marks import DOT, NEWLINE, RETURN, SPACE, TAB, Mark
from teahouse_desktop.tokens.palette import Step

RADIUS = 3.0
STRIP = 3.0
"""Height of the strip below the most striking token, in pixels at the usual text size."""
FAINT = frozenset((DOT, NEWLINE, RETURN, SPACE, TAB))


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours and fonts of a look that tokens need."""

    text: QColor
    muted: QColor
    accent: QColor
    line: QColor
    selection: QColor
    chip: QColor
    frame: QColor
    font: QFont
    ascent: float
    height: float
    scale: float

    @classmethod
    def of(cls, look: Look) -> Inks:
        """Those of a look."""
        metrics = QFontMetricsF(look.reading)
        return cls(
            text=look.colour("text"),
            muted=look.colour("muted"),
            accent=look.colour("accent"),
            line=look.colour("line"),
            selection=look.colour("selection"),
            chip=look.colour("code"),
            frame=look.colour("field_line"),
            font=look.reading,
            ascent=metrics.ascent(),
            height=metrics.height(),
            scale=look.scale,
        )


def paint_token(
    painter: QPainter,
    box: QRectF,
    mark: Mark,
    step: Step | None,
    inks: Inks,
    *,
    is_current: bool,
    is_selected: bool,
    is_under: bool,
    has_focus: bool,
    is_picked: bool = False,
) -> None:
    """Draw a token into its box: ground, text, and the strip that says the colour with its height."""
    strip = STRIP * inks.scale
    body = QRectF(box.left(), box.top() + strip, box.width(), box.height() - 2 * strip)
    ground = inks.selection if is_selected else QColor(step.colour) if step and step.colour else None
    painter.setPen(Qt.PenStyle.NoPen)
    if ground is not None:
        painter.setBrush(ground)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
    if mark.is_chip:
        _paint_chip(painter, body, inks, is_filled=ground is None)
    if step is not None and step.strength > 0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.muted)
        height = max(1.0, strip * step.strength)
        painter.drawRect(QRectF(body.left() + 1, body.bottom() + 1, body.width() - 2, height))
    _paint_text(painter, body, mark, inks)
    if mark.is_inside:
        _paint_joint(painter, body, mark, inks)
    if is_picked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.accent)
        painter.drawEllipse(QPointF(body.center().x(), body.top() - 1), strip * 0.8, strip * 0.8)
    if is_current or is_under:
        pen = QPen(inks.accent if is_current else inks.muted, 2.0 if is_current and has_focus else 1.2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body.adjusted(-1, -1, 1, 1), RADIUS + 1, RADIUS + 1)


def _paint_chip(painter: QPainter, body: QRectF, inks: Inks, *, is_filled: bool) -> None:
    painter.setPen(QPen(inks.frame, 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(inks.chip if is_filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(body.adjusted(1.5, 1.5, -1.5, -1.5), body.height() / 2, body.height() / 2)


def _paint_text(painter: QPainter, body: QRectF, mark: Mark, inks: Inks) -> None:
    painter.setFont(inks.font)
    x = body.left() + (CHIP_PADDING if mark.is_chip else PADDING)
    y = body.top() + (body.height() - inks.height) / 2 + inks.ascent
    for text, is_faint in _runs(mark):
        painter.setPen(inks.muted if is_faint else inks.text)
        painter.drawText(QPointF(x, y), text)
        x += painter.fontMetrics().horizontalAdvance(text)
    if mark.joined:
        painter.setPen(inks.text)
        painter.drawText(QPointF(x, y), joined_text(mark))


def _runs(mark: Mark) -> list[tuple[str, bool]]:
    """The text in runs that are of the text itself, and of marks for what is invisible."""
    if mark.is_chip or not FAINT.intersection(mark.text):
        return [(mark.text, False)]
    runs: list[tuple[str, bool]] = []
    for character in mark.text:
        is_faint = character in FAINT
        if runs and runs[-1][1] == is_faint:
            runs[-1] = (runs[-1][0] + character, is_faint)
        else:
            runs.append((character, is_faint))
    return runs


def _paint_joint(painter: QPainter, body: QRectF, mark: Mark, inks: Inks) -> None:
    """A line above tokens that only together are characters, bent down at its ends."""
    painter.setPen(QPen(inks.frame, 1.4))
    y = body.top() - 1
    left = body.left() + (2 if mark.opens else -2)
    right = body.right() - (2 if mark.closes else -2)
    painter.drawLine(QPointF(left, y), QPointF(right, y))
    for is_end, x in ((mark.opens, left), (mark.closes, right)):
        if is_end:
            painter.drawLine(QPointF(x, y), QPointF(x, y + 3))
