"""A file in the transcript: a card with its name and size, above it the picture where it is one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from teahouse.chat.attachments import is_picture
from teahouse.messages import Attachment
from teahouse_desktop.composer.attaching import details_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.icons import paint_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.pieces import CORNER, Piece
from teahouse_desktop.transcript.thumbnails import Thumbnails

ROW_EM = 2.3
PICTURE_EM = 7.0
WIDEST_EM = 15.0
PADDING = 10.0


NONE = Attachment("", "", "", 0)


@dataclass(eq=False)
class AttachmentPiece(Piece):
    """A file; its document holds only its name."""

    attachment: Attachment = NONE

    @property
    def picture_height(self) -> float:
        """Height of the picture above the name; 0 where it is none."""
        return round(self.look.em * PICTURE_EM) if is_picture(self.attachment) else 0.0

    def height(self, width: float) -> float:
        """Always the same, so that a picture that comes later moves nothing."""
        return self.picture_height + round(self.look.em * ROW_EM)

    def ideal_width(self) -> float:
        """The width of its card."""
        return round(self.look.em * WIDEST_EM)


def build_attachment(attachment: Attachment, look: Look) -> AttachmentPiece:
    """The piece of a file."""
    from teahouse_desktop.transcript.builder import new_document

    document = new_document(look, look.small)
    document.setPlainText(attachment.name)
    return AttachmentPiece("attachment", document, look, attachment=attachment)


def card(piece: AttachmentPiece, box: QRectF) -> QRectF:
    """Where its card is, which can be pressed."""
    return QRectF(box.left(), box.top(), min(box.width(), piece.ideal_width()), box.height())


def open_name(attachment: Attachment) -> str:
    """What pressing it does."""
    return translate("Attaching", "Show {name}").format(name=attachment.name)


def paint_attachment(
    painter: QPainter, piece: AttachmentPiece, box: QRectF, thumbnails: Thumbnails | None, *, is_hot: bool
) -> None:
    """Draw its card."""
    look, place = piece.look, card(piece, box).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setPen(QPen(look.colour("accent" if is_hot else "line"), 1))
    painter.setBrush(look.colour("raised"))
    painter.drawRoundedRect(place, CORNER, CORNER)
    row = QRectF(place)
    if piece.picture_height:
        row.setTop(place.top() + piece.picture_height)
        _paint_picture(
            painter, piece, QRectF(place.topLeft(), QSizeF(place.width(), piece.picture_height)), thumbnails
        )
    _paint_row(painter, piece, row)
    painter.restore()


def _paint_picture(
    painter: QPainter, piece: AttachmentPiece, place: QRectF, thumbnails: Thumbnails | None
) -> None:
    look, inside = piece.look, place.adjusted(6, 6, -6, 0)
    picture = thumbnails.find(piece.attachment.hash) if thumbnails else None
    if picture is None:
        side = look.em * 1.6
        middle = inside.center() - QPointF(side / 2, side / 2)
        paint_icon(painter, "image", QRectF(middle, QSizeF(side, side)), look.colour("disabled"))
        return
    # Shown at the size it has on a screen of twice the density at most: a tiny picture stays tiny.
    size = QSizeF(picture.size()).scaled(inside.size(), Qt.AspectRatioMode.KeepAspectRatio)
    if size.width() > picture.width():
        size = QSizeF(picture.size())
    target = QRectF(inside.center() - QPointF(size.width() / 2, size.height() / 2), size)
    shape = QPainterPath()
    shape.addRoundedRect(target, 4, 4)
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.drawPixmap(target, picture, QRectF(picture.rect()))
    painter.setClipping(False)


def _paint_row(painter: QPainter, piece: AttachmentPiece, row: QRectF) -> None:
    look, side = piece.look, piece.look.em * 0.95
    icon = QRectF(row.left() + PADDING, row.center().y() - side / 2, side, side)
    name = "image" if is_picture(piece.attachment) else "file-text"
    paint_icon(painter, name, icon, look.colour("muted"))
    words = row.adjusted(PADDING * 1.9 + side, look.em * 0.22, -PADDING, -look.em * 0.22)
    half = words.height() / 2
    metrics = QFontMetricsF(look.small)
    painter.setFont(look.small)
    lines = ((piece.attachment.name, "text"), (details_in_words(piece.attachment), "muted"))
    for number, (text, colour) in enumerate(lines):
        painter.setPen(look.colour(colour))
        line = QRectF(words.left(), words.top() + number * half, words.width(), half)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, words.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
