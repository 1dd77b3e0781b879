"""Drawing one alternative: its text, two bars, the percentages, and what has cut it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.marks import mark_of
from teahouse_desktop.tokens.stage_words import stage_name
from teahouse_desktop.tokens.stages import Alternative
from teahouse_desktop.tokens.token import Token

TEXT_SHARE = 0.34
"""Of the width, at most, for the text of a token."""
PAD = 8.0
BAR_SHARE = 0.19
"""Height of a bar, in heights of a row with two of them."""


@dataclass(frozen=True, slots=True)
class BarScene:
    """What all rows of a list share, and how this one stands out.

    Attributes:
        scale: What the widest bar stands for.
        has_stages: There are two bars: the model's own, and what the chain has made of it.
    """

    look: Look
    scale: float
    has_stages: bool
    is_current: bool
    is_under: bool
    has_focus: bool


def row_height(look: Look, *, has_stages: bool) -> float:
    """Height of a row."""
    return QFontMetricsF(look.small).height() * (2.5 if has_stages else 1.7)


def paint_row(painter: QPainter, box: QRectF, row: Alternative, scene: BarScene) -> None:
    """Draw an alternative into its box."""
    _paint_ground(painter, box, scene)
    left, right = box.left() + PAD, box.right() - PAD
    share_width = QFontMetricsF(scene.look.small).horizontalAdvance("<0.001 % ")
    text_width = box.width() * TEXT_SHARE
    _paint_text(painter, QRectF(left, box.top(), text_width - PAD, box.height()), row, scene)
    bars = QRectF(left + text_width, box.top(), right - share_width - left - text_width - PAD, box.height())
    shares = QRectF(right - share_width, box.top(), share_width, box.height())
    if scene.has_stages:
        _paint_two(painter, bars, shares, row, scene)
    else:
        _paint_bar(painter, _lane(bars, 0.5), row.own, scene, is_own=False)
        _paint_share(painter, shares, row.own, scene, is_own=False)


def _paint_two(painter: QPainter, bars: QRectF, shares: QRectF, row: Alternative, scene: BarScene) -> None:
    upper, lower = 0.31, 0.69
    _paint_bar(painter, _lane(bars, upper), row.own, scene, is_own=True)
    half = shares.height() / 2
    _paint_share(painter, QRectF(shares.left(), shares.top(), shares.width(), half + 2), row.own, scene)
    below = QRectF(shares.left(), shares.top() + half - 2, shares.width(), half + 2)
    if row.cut_by:
        _paint_cut(
            painter, QRectF(bars.left(), below.top(), below.right() - bars.left(), below.height()), row, scene
        )
        return
    _paint_bar(painter, _lane(bars, lower), row.now, scene, is_own=False)
    _paint_share(painter, below, row.now, scene, is_own=False)


def _paint_ground(painter: QPainter, box: QRectF, scene: BarScene) -> None:
    look = scene.look
    inner = box.adjusted(2, 1, -2, -1)
    if scene.is_current or scene.is_under:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("selected" if scene.is_current else "hover"))
        painter.drawRoundedRect(inner, 6, 6)
    if scene.is_current and scene.has_focus:
        painter.setPen(QPen(look.colour("accent"), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, 6, 6)


def _paint_text(painter: QPainter, box: QRectF, row: Alternative, scene: BarScene) -> None:
    look = scene.look
    mark = mark_of(Token(row.id, row.piece, row.is_control))
    font = QFont(look.font)
    font.setBold(row.is_taken)
    font.setStrikeOut(bool(row.cut_by))
    painter.setFont(font)
    painter.setPen(look.colour("muted" if row.cut_by else "text"))
    metrics = QFontMetricsF(font)
    tick = metrics.height() * 0.7 if row.is_taken else 0.0
    text = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, box.width() - tick)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)
    width = metrics.horizontalAdvance(text)
    if mark.is_chip:
        frame = QRectF(box.left() - 4, 0, width + 8, metrics.height() + 2)
        frame.moveCenter(QPointF(frame.center().x(), box.center().y()))
        painter.setPen(QPen(look.colour("field_line"), 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
    if row.is_taken:
        _paint_dot(painter, QPointF(box.left() + width + tick, box.center().y()), look)


def _paint_dot(painter: QPainter, centre: QPointF, look: Look) -> None:
    """The mark of the token that stands there now."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("accent"))
    painter.drawEllipse(centre, 3.5 * look.scale, 3.5 * look.scale)


def _lane(bars: QRectF, middle: float) -> QRectF:
    height = max(4.0, bars.height() * BAR_SHARE)
    return QRectF(bars.left(), bars.top() + bars.height() * middle - height / 2, bars.width(), height)


def _paint_bar(
    painter: QPainter, lane: QRectF, value: float | None, scene: BarScene, *, is_own: bool
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(scene.look.colour("line"))
    painter.drawRoundedRect(QRectF(lane.left(), lane.center().y() - 0.5, lane.width(), 1.0), 0.5, 0.5)
    if not value:
        return
    width = max(1.5, lane.width() * min(1.0, value / scene.scale))
    bar = QRectF(lane.left(), lane.top(), width, lane.height())
    painter.setBrush(scene.look.colour("muted" if is_own else "accent"))
    painter.drawRoundedRect(bar, 2, 2)


def _paint_share(
    painter: QPainter, box: QRectF, value: float | None, scene: BarScene, *, is_own: bool = True
) -> None:
    if value is None:
        return
    painter.setFont(scene.look.small)
    painter.setPen(scene.look.colour("muted" if is_own else "text"))
    painter.drawText(
        box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words.share(value)
    )


def _paint_cut(painter: QPainter, box: QRectF, row: Alternative, scene: BarScene) -> None:
    painter.setFont(scene.look.small)
    painter.setPen(scene.look.colour("warning"))
    text = translate("Tokens", "cut by {stage}").format(stage=stage_name(row.cut_by))
    text = QFontMetricsF(scene.look.small).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), text)
