"""Where a message that grows has to be painted again: only where something has changed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from teahouse_desktop.transcript.area import GUTTER, TranscriptArea
from teahouse_desktop.transcript.pieces import Piece

Boxes = tuple[tuple[Piece, int, QRectF], ...]
"""Each piece, how often it had changed, and its place."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a message lies in the viewport."""

    rect: QRectF
    boxes: Boxes


def drawn(area: TranscriptArea, index: int) -> Drawn:
    """How a message lies in the viewport now."""
    boxes = area.column.items[index].boxes
    return Drawn(area.item_rect(index), tuple((piece, piece.changes, box) for piece, box in boxes))


def changed_rect(before: Drawn, now: Drawn) -> QRectF | None:
    """The part of the viewport to paint after a message has grown; None for all of it."""
    if before.rect.topLeft() != now.rect.topLeft() or not before.boxes or not now.boxes:
        return None
    same = 0
    for old, new in zip(before.boxes, now.boxes, strict=False):
        if old != new:
            break
        same += 1
    rect = QRectF(now.rect)
    rect.setTop(now.rect.top() + _first_change(before.boxes[same:], now.boxes[same:], now.boxes[-1][2]) - 2)
    rect.setBottom(max(before.rect.bottom(), now.rect.bottom()) + 2)  # edges reach a pixel further
    return rect.adjusted(-GUTTER, 0, GUTTER, 0)


def _first_change(before: Boxes, now: Boxes, last: QRectF) -> float:
    """Where the first piece that differs has changed; below the last one when none does."""
    if not before or not now:
        return min((box.top() for _piece, _changes, box in (*before, *now)), default=last.bottom())
    (old, had, place), (new, has, box) = before[0], now[0]
    if old is new and place.topLeft() == box.topLeft() and has == had + 1:
        return box.top() + new.unchanged
    return min(place.top(), box.top())
