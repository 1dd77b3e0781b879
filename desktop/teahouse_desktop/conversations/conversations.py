"""The conversations as a list: titles, dates, labels, and which of them are pinned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from teahouse.ids import now_ms
from teahouse.messages import Conversation
from teahouse_desktop.conversations.conversation_row import DATE_ROLE, LABELS_ROLE, LIVE_ROLE, PINNED_ROLE
from teahouse_desktop.language.dates import relative_date
from teahouse_desktop.looks.tips import with_name

ID_ROLE = Qt.ItemDataRole.UserRole
LONGEST_TITLE = 200
Index = QModelIndex | QPersistentModelIndex


class Conversations(QAbstractListModel):
    """Some conversations in their order.

    Signals:
        renamed: (conversation id, new title), typed by the person.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Conversation] = []
        self._live: frozenset[str] = frozenset()

    def show(self, rows: Sequence[Conversation]) -> None:
        """Show these; the selection follows the conversations when their order stays."""
        rows = list(rows)
        if [c.id for c in rows] == [c.id for c in self._rows]:
            self._rows = rows
            self._redraw()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def mark_live(self, conversation_ids: frozenset[str]) -> None:
        """Mark those in which a reply is being made."""
        self._live = conversation_ids
        self._redraw()

    def row_of(self, conversation_id: str) -> int:
        """Row of a conversation; -1 when it is not there."""
        return next((n for n, c in enumerate(self._rows) if c.id == conversation_id), -1)

    def conversation(self, index: Index) -> Conversation | None:
        """The conversation of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def title_of(self, row: Conversation) -> str:
        """What a conversation is called: its title, else the beginning of its draft."""
        first_line = row.draft.strip().split("\n")[0][:60]
        return row.title or first_line or self.tr("New conversation")

    def retranslate(self) -> None:
        """Say dates and missing titles in another language."""
        self._redraw()

    # --- Qt's questions -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Number of conversations."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is shown of a conversation."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        own = {ID_ROLE: row.id, LIVE_ROLE: row.id in self._live, PINNED_ROLE: row.is_pinned}
        if role in own:
            return own[role]
        if role == LABELS_ROLE:
            return _labels(row)
        if role == DATE_ROLE:
            return relative_date(row.trashed_ms or row.updated_ms, now_ms=now_ms())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            pinned = (self.tr("pinned"),) if row.is_pinned else ()
            return ", ".join((self.title_of(row), *pinned, *_labels(row), self.data(index, DATE_ROLE)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return with_name(self.title_of(row), "  ".join(_labels(row)))
        is_title = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole)
        return self.title_of(row) if is_title else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A title was typed; an empty one changes nothing."""
        title = " ".join(str(value).split())[:LONGEST_TITLE]
        row = self._rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or not title or title == self.title_of(row):
            return False
        self.renamed.emit(row.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All can be chosen and renamed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def _redraw(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))


def _labels(row: Conversation) -> tuple[str, ...]:
    """Folder and tags, as they are shown."""
    return (*((row.folder,) if row.folder else ()), *(f"#{tag}" for tag in row.tags))
