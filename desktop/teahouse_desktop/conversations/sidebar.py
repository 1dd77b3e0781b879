"""The left side of the window: new conversation, search, and the list of conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from teahouse.messages import Conversation
from teahouse_desktop.conversations.conversation_list import ConversationList
from teahouse_desktop.conversations.conversation_menu import make_conversation_menu
from teahouse_desktop.conversations.conversation_row import RowDelegate
from teahouse_desktop.conversations.conversations import ID_ROLE, Conversations
from teahouse_desktop.conversations.foot import Foot
from teahouse_desktop.conversations.search_field import SearchField, SearchPage
from teahouse_desktop.conversations.shelf_button import ShelfButton
from teahouse_desktop.conversations.shelves import ALL, Shelf, is_on, pick, shelf_of
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_keys


class Sidebar(QFrame):
    """The left side of the window.

    Signals:
        opened: Id of the conversation that was chosen.
        new_requested: A new conversation is wanted.
        renamed: (conversation id, title).
        acted: (name, conversation id, value): see `conversation_menu.Act`.
    """

    opened = Signal(str)
    new_requested = Signal()
    renamed = Signal(str, str)
    acted = Signal(str, str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.model = Conversations(self)
        self._is_marking = False
        self._is_unreadable = False
        self._row = 0
        self._keys = ""
        self._waiting: tuple[Sequence[Conversation], str] | None = None
        self.rows: Sequence[Conversation] = ()
        self._current_id = ""
        self.new_button = QPushButton(self)
        self.new_button.setObjectName("new")
        self.search = SearchField(look, self)
        self.shelves = ShelfButton(self)
        self.list = ConversationList(self.model, self)
        self.found = SearchPage(look, self)
        self.foot = Foot(look, self)
        self._empty = QLabel(self)
        self._empty.setProperty("kind", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._empty.setWordWrap(True)
        self._minute = QTimer(self, interval=60_000)
        self._minute.timeout.connect(self.model.retranslate)
        self._minute.start()
        self._lay_out()
        self._connect()
        self.set_look(look)
        self._name()

    @property
    def shelf(self) -> Shelf:
        """What is listed."""
        return self.shelves.shelf

    def show_conversations(self, rows: Sequence[Conversation], current_id: str) -> None:
        """Take all conversations, show those of the shelf and mark one; waits while a title is typed."""
        if self.list.is_editing:
            self._waiting = (rows, current_id)
            return
        self._waiting, self.rows, self._is_unreadable = None, rows, False
        if self.shelf.name and not any(is_on(row, self.shelf) for row in rows):
            self.shelves.show_rows(rows, ALL)  # the folder or tag is gone with its last conversation
        self._show_rows()
        self.mark(current_id)

    def show_shelf(self, shelf: Shelf) -> None:
        """List another part of the conversations."""
        self.shelves.show_rows(self.rows, shelf)
        self._show_rows()
        self.mark(self._current_id)

    def show_unreadable(self) -> None:
        """Promise nothing: the conversations could not be read."""
        self._is_unreadable = True
        self._name_empty()

    def show_search(self, is_shown: bool) -> None:
        """Show what was found in the place of the list."""
        self._pages.setCurrentIndex(int(is_shown))

    def conversation(self, conversation_id: str) -> Conversation | None:
        """What is known of a conversation."""
        return next((row for row in self.rows if row.id == conversation_id), None)

    def mark(self, conversation_id: str) -> None:
        """Mark the conversation that is open; empty for none."""
        self._current_id = conversation_id
        row = self.model.row_of(conversation_id)
        self._is_marking = True
        if row < 0 and self.list.hasFocus():
            self.list.clearSelection()
            self.list.stand_on(self._row)
        elif row < 0:
            self.list.setCurrentIndex(QModelIndex())
        elif self.list.currentIndex().row() != row or not self.list.selectedIndexes():
            self.list.setCurrentIndex(self.model.index(row))
        self._is_marking = False

    def neighbour(self, conversation_id: str) -> str:
        """Id of the conversation that stands below another one, else above it; empty for none."""
        row = self.model.row_of(conversation_id)
        places = (self.model.index(near) for near in (row + 1, row - 1) if row >= 0)
        return next((str(place.data(ID_ROLE)) for place in places if place.isValid()), "")

    def rename(self, conversation_id: str = "") -> None:
        """Let the person type another title for a conversation, or the open one, wherever it is listed."""
        found = self.conversation(conversation_id or self._current_id)
        if found is None:
            return
        self.show()
        self.search.clear()
        if self.model.row_of(found.id) < 0:
            self.show_shelf(shelf_of(found))
        self.list.setFocus()
        self.list.edit(self.model.index(self.model.row_of(found.id)))

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Keys of the window's actions, by name, for the tool tips."""
        self._keys = keys.get("new", "")
        self.search.show_keys(keys.get("search", ""))
        self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.new_button.setIcon(make_icon("plus", look.colour("text")))
        for part in (self.search, self.shelves, self.found, self.foot):
            part.set_look(look)
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

    def _show_rows(self) -> None:
        self._row = max(self.list.currentIndex().row(), 0)
        shown = pick(self.rows, self.shelf)
        self.shelves.show_rows(self.rows, self.shelf)
        self.model.show(shown)
        self._empty.setVisible(not shown)
        self._name_empty()

    def _show_waiting(self) -> None:
        if self._waiting is not None:
            self.show_conversations(*self._waiting)

    def _lay_out(self) -> None:
        listed = QWidget(self)
        inner = QVBoxLayout(listed)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addWidget(self.shelves, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self._empty)
        inner.addWidget(self.list, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(listed)
        self._pages.addWidget(self.found)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.new_button)
        layout.addWidget(self.search)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.foot)

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_requested)
        self.model.renamed.connect(self.renamed)
        self.shelves.chosen.connect(self.show_shelf)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self.list.menu_requested.connect(self._popup)
        self.list.beside_requested.connect(lambda found: self.acted.emit("beside", found, None))
        self.list.trash_requested.connect(lambda found: self.acted.emit("trash", found, None))

    def _name(self) -> None:
        self.new_button.setText(self.tr("New conversation"))
        self.new_button.setToolTip(with_keys(self.tr("New conversation"), self._keys))
        self.new_button.setAccessibleName(self.tr("New conversation"))
        self.list.setAccessibleName(self.tr("Conversations"))
        self._name_empty()

    def _name_empty(self) -> None:
        first = self.tr("Your conversations will be listed here. They stay on this computer.")
        texts = {
            "archive": self.tr("The archive is empty."),
            "trash": self.tr("The trash is empty. What is put here is kept for 30 days."),
        }
        text = texts.get(self.shelf.kind, self.tr("Nothing is listed here."))
        if self._is_unreadable:
            text = self.tr("The conversations cannot be read now.")
        elif self.shelf == ALL and not self.rows:
            text = first
        self._empty.setText(text)

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        is_selected = self.list.selectionModel().isSelected(current)
        if current.isValid() and is_selected and not self._is_marking:
            self.opened.emit(current.data(ID_ROLE))

    def _on_chosen(self, index: QModelIndex) -> None:
        """The row on which the person stands may not be the open one."""
        if index.data(ID_ROLE) != self._current_id:
            self.opened.emit(index.data(ID_ROLE))

    def _popup(self, index: QModelIndex, place: QPoint) -> None:
        conversation = self.model.conversation(index)
        if conversation is None:
            return

        def act(name: str, value: object) -> None:
            if name == "rename":
                self.rename(conversation.id)
            else:
                self.acted.emit(name, conversation.id, value)

        menu = make_conversation_menu(self, conversation, self.rows, act)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)
