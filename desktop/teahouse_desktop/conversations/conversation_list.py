"""The list of conversations on the screen: keys, and where its menu opens."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QListView, QWidget

from teahouse_desktop.conversations.conversations import ID_ROLE, Conversations

KEY_REASONS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class ConversationList(QListView):
    """The conversations of one shelf.

    Signals:
        menu_requested: (index, place on the screen).
        trash_requested: Id of the conversation on which Delete was pressed.
        undo_requested: The last one is to come back from the trash.
    """

    menu_requested = Signal(QModelIndex, QPoint)
    trash_requested = Signal(str)
    beside_requested = Signal(str)
    undo_requested = Signal()

    def __init__(self, model: Conversations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_beside = False
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
        """Delete moves to the trash, once for each time it is pressed; Undo takes back."""
        if event.key() == Qt.Key.Key_Delete:
            if self.currentIndex().isValid() and not event.isAutoRepeat():
                self.trash_requested.emit(self.currentIndex().data(ID_ROLE))
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_requested.emit()
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The right button opens the menu of a row, the middle one or Ctrl its conversation beside."""
        index = self.indexAt(event.position().toPoint())
        has_ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        is_left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (is_left and has_ctrl):
            self._is_beside = True
            if index.isValid():
                self.beside_requested.emit(index.data(ID_ROLE))
        elif event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that opened a conversation beside is no click on its row."""
        was_beside, self._is_beside = self._is_beside, False
        if not was_beside:  # whatever keys are down by now
            super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes here by keys sees where they are, also where none of these is open."""
        super().focusInEvent(event)
        if event.reason() in KEY_REASONS and not self.currentIndex().isValid():
            self.stand_on(0)

    def stand_on(self, row: int) -> None:
        """Let the keys go on from a row, or the last one, without opening it."""
        index = self.model().index(min(row, self.model().rowCount() - 1), 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row under the pointer, or of the marked one from the keyboard."""
        index, place = self.indexAt(event.pos()), event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            self.menu_requested.emit(index, place)
