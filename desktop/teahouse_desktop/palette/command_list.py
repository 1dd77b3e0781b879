"""The list in the palette: commands with their keys at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from teahouse_desktop.looks.look import Look
from teahouse_desktop.palette.commands import Command

DETAIL_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class CommandModel(QAbstractListModel):
    """Commands as a list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Command] = []

    def show(self, rows: Sequence[Command]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of one."""
        command = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return command.title
        if role == DETAIL_ROLE:
            return command.detail
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (command.title, command.detail)))
        return None


class CommandDelegate(QStyledItemDelegate):
    """Draws the title at the left and the keys at the right."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A line with air around it."""
        return QSize(0, round(option.fontMetrics.height() * self._look.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The line."""
        look, place = self._look, QRect(option.rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("selected"))
            painter.drawRoundedRect(place, 6, 6)
        inside = place.adjusted(10, 0, -10, 0)
        detail = str(index.data(DETAIL_ROLE) or "")
        painter.setFont(look.small)
        width = min(painter.fontMetrics().horizontalAdvance(detail) + 2, inside.width() // 2)
        right = QRect(inside.right() - width, inside.top(), width, inside.height())
        painter.setPen(look.colour("muted"))
        cut = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, width)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, cut)
        painter.setFont(look.font)
        painter.setPen(look.colour("text"))
        left = inside.adjusted(0, 0, -(width + 14 if detail else 0), 0)
        title = " ".join(str(index.data()).split())
        cut = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
        painter.restore()
