"""Draws one row of the list of conversations: the title, and its date at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from teahouse_desktop.look import Look

PADDING = 10
Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Paints rows in the colours of a look and offers the field for renaming."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line."""
        return QSize(120, round(QFontMetrics(self._look.font).height() * 1.75))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option)
        box = option.rect.adjusted(PADDING, 0, -PADDING, 0)
        box = self._paint_live(painter, box) if index.data(Qt.ItemDataRole.UserRole + 2) else box
        date = str(index.data(Qt.ItemDataRole.UserRole + 1))
        painter.setFont(self._look.small)
        painter.setPen(self._look.colour("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), date)
        box.setRight(box.right() - QFontMetrics(self._look.small).horizontalAdvance(date) - 10)
        metrics = QFontMetrics(self._look.font)
        title = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, box.width())
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

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        state = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        box: QRect = option.rect.adjusted(0, 1, 0, -1)
        if is_selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("selected" if is_selected else "hover"))
            painter.drawRoundedRect(box, 7, 7)
        if is_selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._look.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 7, 7)

    def _paint_live(self, painter: QPainter, box: QRect) -> QRect:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("accent"))
        painter.drawEllipse(box.left(), box.center().y() - 3, 7, 7)
        return box.adjusted(14, 0, 0, 0)
