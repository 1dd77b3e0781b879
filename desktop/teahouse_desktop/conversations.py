"""The list of conversations: a model with titles and dates, and the side of the window that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QListView, QMenu, QPushButton, QVBoxLayout, QWidget

from teahouse.ids import now_ms
from teahouse.messages import Conversation
from teahouse_desktop.conversation_row import RowDelegate
from teahouse_desktop.dates import relative_date
from teahouse_desktop.icons import make_icon
from teahouse_desktop.look import Look

ID_ROLE = Qt.ItemDataRole.UserRole
DATE_ROLE = Qt.ItemDataRole.UserRole + 1
LIVE_ROLE = Qt.ItemDataRole.UserRole + 2
LONGEST_TITLE = 200
Index = QModelIndex | QPersistentModelIndex


class Conversations(QAbstractListModel):
    """The conversations, newest first.

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
        if role == ID_ROLE:
            return row.id
        if role == LIVE_ROLE:
            return row.id in self._live
        if role == DATE_ROLE:
            return relative_date(row.updated_ms, now_ms=now_ms())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._title(row)}, {self.data(index, DATE_ROLE)}"
        is_title = role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.ToolTipRole,
        )
        return self._title(row) if is_title else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A title was typed; an empty one changes nothing."""
        title = " ".join(str(value).split())[:LONGEST_TITLE]
        if role != Qt.ItemDataRole.EditRole or not title or title == self._title(self._rows[index.row()]):
            return False
        self.renamed.emit(self._rows[index.row()].id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All can be chosen and renamed."""
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def _title(self, row: Conversation) -> str:
        first_line = row.draft.strip().split("\n")[0][:60]
        return row.title or first_line or self.tr("New conversation")

    def _redraw(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))


class Sidebar(QFrame):
    """The left side of the window.

    Signals:
        opened: Id of the conversation that was chosen.
        new_requested: A new conversation is wanted.
        renamed: (conversation id, title).
    """

    opened = Signal(str)
    new_requested = Signal()
    renamed = Signal(str, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.model = Conversations(self)
        self._is_marking = False
        self._waiting: tuple[Sequence[Conversation], str] | None = None
        self.list = QListView(self)
        self.list.setObjectName("conversations")
        self.new_button = QPushButton(self)
        self.new_button.setObjectName("new")
        self._empty = QLabel(self)
        self._empty.setProperty("kind", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._empty.setWordWrap(True)
        self._minute = QTimer(self, interval=60_000)
        self._minute.timeout.connect(self.model.retranslate)
        self._minute.start()
        self._set_up_list()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(10)
        layout.addWidget(self.new_button)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        self.new_button.clicked.connect(self.new_requested)
        self.model.renamed.connect(self.renamed)
        self.set_look(look)
        self._name()

    def show_conversations(self, rows: Sequence[Conversation], current_id: str) -> None:
        """Show the list with one of them marked; it waits while a title is typed, which it would undo."""
        if self.list.state() == QListView.State.EditingState:
            self._waiting = (rows, current_id)
            return
        self._waiting = None
        self.model.show(rows)
        self._empty.setVisible(not rows)
        self.mark(current_id)

    def mark(self, conversation_id: str) -> None:
        """Mark the conversation that is open; empty for none."""
        row = self.model.row_of(conversation_id)
        self._is_marking = True
        if row < 0:
            self.list.setCurrentIndex(QModelIndex())
        elif self.list.currentIndex().row() != row or not self.list.selectedIndexes():
            self.list.setCurrentIndex(self.model.index(row))
        self._is_marking = False

    def rename(self) -> None:
        """Let the person type another title for the marked conversation."""
        if self.list.currentIndex().isValid():
            self.list.setFocus()
            self.list.edit(self.list.currentIndex())

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.new_button.setIcon(make_icon("plus", look.colour("text")))
        delegate = RowDelegate(look, self.list)
        # Queued: the list is still in its editing state when it hears of the end.
        delegate.closeEditor.connect(self._show_waiting, Qt.ConnectionType.QueuedConnection)
        self.list.setItemDelegate(delegate)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
            self.model.retranslate()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _show_waiting(self) -> None:
        if self._waiting is not None:
            self.show_conversations(*self._waiting)

    def _set_up_list(self) -> None:
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._popup)
        self.list.selectionModel().currentChanged.connect(self._on_current)

    def _name(self) -> None:
        shortcut = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        self.new_button.setText(self.tr("New conversation"))
        self.new_button.setToolTip(self.tr("New conversation ({shortcut})").format(shortcut=shortcut))
        self.new_button.setAccessibleName(self.tr("New conversation"))
        self.list.setAccessibleName(self.tr("Conversations"))
        self._empty.setText(self.tr("Your conversations will be listed here. They stay on this computer."))

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._is_marking:
            self.opened.emit(current.data(ID_ROLE))

    def _popup(self, point: QPoint) -> None:
        index = self.list.indexAt(point)
        if not index.isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self.tr("Rename"), self.rename)
        rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        menu.popup(self.list.viewport().mapToGlobal(point))
