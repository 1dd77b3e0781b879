"""Draws the messages that are in view."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from teahouse_desktop.looks.icons import paint_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.attached import AttachmentPiece, card, paint_attachment
from teahouse_desktop.transcript.footer import Chip, paint_footer
from teahouse_desktop.transcript.item import Item
from teahouse_desktop.transcript.part_lines import PartPiece
from teahouse_desktop.transcript.pieces import CODE_PADDING, NOTE_ICON, NOTE_PADDING, Piece, line_indent
from teahouse_desktop.transcript.selection import Selection
from teahouse_desktop.transcript.thumbnails import Thumbnails

LEFT_OUT_OPACITY = 0.55
"""Of messages that the newest reply was made without."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all messages of one painting.

    Attributes:
        clip: The visible part, in the message's own coordinates.
        hovered: Name of the chip under the pointer, when it is this message's.
        hovered_piece: Number of the piece that is a line, or whose copy button is, under the pointer;
            -1 for none.
        copied_piece: Number of the piece that has just been copied; -1 for none.
        thumbnails: Where pictures of files come from.
    """

    look: Look
    clip: QRectF
    selection: Selection | None
    has_focus: bool = False
    hovered: str = ""
    hovered_piece: int = -1
    copied_piece: int = -1
    thumbnails: Thumbnails | None = None


def paint_item(painter: QPainter, item: Item, index: int, chips: list[Chip], scene: Scene) -> None:
    """Draw a message; the painter's origin is its top left."""
    if scene.has_focus:
        _paint_focus(painter, item, scene.look)
    if item.bubble:
        _paint_bubble(painter, item.bubble, scene.look)
    painter.setOpacity(LEFT_OUT_OPACITY if item.is_left_out and not scene.has_focus else 1.0)
    _paint_aside(painter, item, scene.look)
    for number, (piece, box) in enumerate(item.boxes):
        if box.intersects(scene.clip):
            _paint_piece(painter, piece, box, scene, (index, number))
    painter.setOpacity(1.0)
    paint_footer(painter, chips, scene.look, hovered=scene.hovered)


def _paint_piece(painter: QPainter, piece: Piece, box: QRectF, scene: Scene, place: tuple[int, int]) -> None:
    span = scene.selection.span(*place, piece.length) if scene.selection else None
    is_hot = piece.is_line and scene.hovered_piece == place[1] and not _is_silent(piece)
    if isinstance(piece, AttachmentPiece):
        paint_attachment(painter, piece, box, scene.thumbnails, is_hot=is_hot)
        return
    piece.paint(painter, box, selected=span, clip=scene.clip, is_hot=is_hot)
    if piece.kind == "code":
        _paint_code_header(painter, piece, box, scene, place[1])
    elif piece.kind in ("note", "error"):
        _paint_note_icon(painter, piece, box, scene.look)
    elif piece.is_line:
        _paint_line_icon(painter, piece, box, scene.look, is_hot=is_hot)


def _is_silent(piece: Piece) -> bool:
    return isinstance(piece, PartPiece) and piece.line.run is None


def copy_button(piece: Piece, box: QRectF) -> QRectF:
    """Where the copy button of a code block is."""
    header = piece.header(box)
    side = header.height() - 4
    return QRectF(header.right() - side - 4, header.top() + 3, side, side)


def line_button(piece: Piece, box: QRectF) -> QRectF:
    """Where a line above an answer can be pressed: its icon and its words; of a file all of its card."""
    if isinstance(piece, AttachmentPiece):
        return card(piece, box)
    width = min(box.width(), line_indent(piece.look) + piece.document.idealWidth() + 8)
    return QRectF(box.left() + piece.indent, box.top(), width, box.height())


def _paint_bubble(painter: QPainter, box: QRectF, look: Look) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("bubble"))
    painter.drawRoundedRect(box, 12, 12)
    painter.restore()


def _paint_aside(painter: QPainter, item: Item, look: Look) -> None:
    """The bar beside the reasoning."""
    boxes = [box for piece, box in item.boxes if piece.is_aside]
    if boxes:
        bar = QRectF(boxes[0].left() + 5, boxes[0].top(), 2, boxes[-1].bottom() - boxes[0].top())
        painter.fillRect(bar, look.colour("line"))


def _paint_line_icon(painter: QPainter, piece: Piece, box: QRectF, look: Look, *, is_hot: bool) -> None:
    name = "message-square-off"
    if isinstance(piece, PartPiece):
        name = piece.line.icon
    elif piece.kind == "fold":
        name = "chevron-down" if piece.is_open else "chevron-right"
    side = look.em * 0.72
    top = box.top() + (look.em * 1.1 - side) / 2
    icon = QRectF(box.left() + piece.indent + (line_indent(look) - side) / 2 - 3, top, side, side)
    paint_icon(painter, name, icon, look.colour("text" if is_hot else "muted"))


def _paint_focus(painter: QPainter, item: Item, look: Look) -> None:
    bar = QRectF(
        item.bubble.left() - 10 if item.bubble else -14, item.boxes[0][1].top() if item.boxes else 0, 3, 0
    )
    bottom = item.boxes[-1][1].bottom() if item.boxes else item.footer.top()
    bar.setBottom(bottom)
    painter.fillRect(bar, look.colour("accent"))


def _paint_code_header(painter: QPainter, piece: Piece, box: QRectF, scene: Scene, number: int) -> None:
    look, header = scene.look, piece.header(box)
    painter.setFont(look.small)
    painter.setPen(look.colour("muted"))
    label = header.adjusted(CODE_PADDING, 3, -header.height(), 0)
    painter.drawText(label, int(Qt.AlignmentFlag.AlignVCenter), piece.language)
    button = copy_button(piece, box)
    is_hot, is_done = scene.hovered_piece == number, scene.copied_piece == number
    icon = button.adjusted(5, 5, -5, -5)
    paint_icon(painter, "check" if is_done else "copy", icon, look.colour("text" if is_hot else "muted"))
    if is_hot or is_done:
        name = words.action_name("copied" if is_done else "copy_code")
        text = QRectF(header.left(), button.top(), button.left() - header.left() - 2, button.height())
        painter.setPen(look.colour("text" if is_hot else "muted"))
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), name)


def _paint_note_icon(painter: QPainter, piece: Piece, box: QRectF, look: Look) -> None:
    side = look.em * 0.85
    place = QPointF(box.left() + piece.indent + NOTE_PADDING, box.top() + NOTE_PADDING + look.em * 0.24)
    name, colour = ("triangle-alert", "danger") if piece.kind == "error" else ("info", "muted")
    paint_icon(painter, name, QRectF(place.x(), place.y(), side, side), look.colour(colour))


__all__ = ["NOTE_ICON", "Scene", "copy_button", "line_button", "paint_item"]
