"""Draws one row of the list of conversations: the title, its folder and tags, and its date at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from teahouse_desktop.looks.icons import paint_icon
from teahouse_desktop.looks.look import Look

DATE_ROLE = Qt.ItemDataRole.UserRole + 1
LIVE_ROLE = Qt.ItemDataRole.UserRole + 2
PINNED_ROLE = Qt.ItemDataRole.UserRole + 3
LABELS_ROLE = Qt.ItemDataRole.UserRole + 4

PADDING = 10
PIN = 13
LABELS_SHARE = 0.4
"""Of the row, at most, for folder and tags: the title tells most."""

LEAST_LABEL = 46
"""A label that would be cut shorter is left out: the tool tip has all of them."""
Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints rows in the colours of a look and offers the field for renaming."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(120, round(QFontMetrics(self._look.font).height() * self._look.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, self._look)
        box = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        box = self._paint_live(painter, box) if index.data(LIVE_ROLE) else box
        box = self._paint_pin(painter, box) if index.data(PINNED_ROLE) else box
        box = self._paint_date(painter, box, str(index.data(DATE_ROLE)))
        title = str(index.data())
        box = self._paint_labels(painter, box, title, index.data(LABELS_ROLE) or ())
        title = QFontMetrics(self._look.font).elidedText(title, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(self._look.font)
        painter.setPen(self._look.colour("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field over the row."""
        field = QLineEdit(parent)
        field.setAccessibleName(self.tr("Title of the conversation"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the field once: Qt asks again whenever the row changes, and that would undo what is typed."""
        if not editor.property("is_filled"):
            editor.setProperty("is_filled", True)
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """The field covers the row."""
        editor.setGeometry(option.rect)

    def _paint_live(self, painter: QPainter, box: QRect) -> QRect:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent"))
        painter.drawEllipse(box.left(), box.center().y() - 3, 7, 7)
        return box.adjusted(14, 0, 0, 0)

    def _paint_pin(self, painter: QPainter, box: QRect) -> QRect:
        place = QRectF(box.left(), box.center().y() - PIN / 2 + 0.5, PIN, PIN)
        paint_icon(painter, "pin", place, self._look.colour("muted"))
        return box.adjusted(PIN + 5, 0, 0, 0)

    def _paint_date(self, painter: QPainter, box: QRect, date: str) -> QRect:
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), date)
        return box.adjusted(0, 0, -QFontMetrics(self._look.small).horizontalAdvance(date) - 10, 0)

    def _paint_labels(self, painter: QPainter, box: QRect, title: str, labels: tuple[str, ...]) -> QRect:
        """Labels from the right; they take what the title leaves, or their share."""
        metrics = QFontMetrics(self._look.small)
        left_by_title = box.width() - QFontMetrics(self._look.font).horizontalAdvance(title) - 10
        room = max(round(box.width() * LABELS_SHARE), left_by_title)
        right = box.right()
        for label in labels:
            whole = metrics.horizontalAdvance(label) + 12
            width = min(whole, room)
            if width < min(whole, LEAST_LABEL):
                break
            place = QRect(
                right - width + 1, box.center().y() - metrics.height() // 2, width, metrics.height() + 1
            )
            self._paint_label(painter, place, label)
            right -= width + 4
            room -= width + 4
        return box.adjusted(0, 0, right - box.right() - (6 if labels else 0), 0)

    def _paint_label(self, painter: QPainter, place: QRect, label: str) -> None:
        painter.setPen(self._look.colour("line"))
        painter.setBrush(self._look.colour("raised"))
        painter.drawRoundedRect(place, 5, 5)
        inner = place.adjusted(6, 0, -5, 0)
        painter.setPen(self._look.colour("muted"))
        text = QFontMetrics(self._look.small).elidedText(label, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), text)


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, look: Look) -> None:
    """Draw what is behind a row: whether it is chosen, under the pointer, or has the focus."""
    state = option.state
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    box: QRect = option.rect.adjusted(0, 1, 0, -1)
    if is_selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("selected" if is_selected else "hover"))
        painter.drawRoundedRect(box, 7, 7)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(look.colour("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 7, 7)
