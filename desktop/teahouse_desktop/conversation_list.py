"""The list of conversations on the screen: keys, and where its menu opens."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from teahouse_desktop.conversations import ID_ROLE, Conversations


class ConversationList(QListView):
    """The conversations of one shelf.

    Signals:
        menu_requested: (index, place on the screen).
        trash_requested: Id of the conversation on which Delete was pressed.
    """

    menu_requested = Signal(QModelIndex, QPoint)
    trash_requested = Signal(str)

    def __init__(self, model: Conversations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conversations")
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)

    @property
    def is_editing(self) -> bool:
        """Whether a title is being typed."""
        return self.state() == QListView.State.EditingState

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete moves to the trash."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.trash_requested.emit(self.currentIndex().data(ID_ROLE))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row under the pointer, or of the marked one from the keyboard."""
        index, place = self.indexAt(event.pos()), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            self.menu_requested.emit(index, place)
