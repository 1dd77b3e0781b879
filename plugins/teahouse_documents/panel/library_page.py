"""The collections, one below the other; an invitation where there are none."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_documents.panel.collection_card import CollectionCard
from teahouse_documents.panel.growing import GrowingList
from teahouse_documents.values import CONVERSATIONS, Collection

_ = Translator("teahouse_documents")

AT_ONCE = 2


class Invitation(QScrollArea):
    """What stands there before anything was added.

    Signals:
        asked: `folder`, `files` or `conversations`.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title, about, dropping = make_label("title"), make_label(), make_label("muted")
        title.setText(_("Add a folder."))
        about.setText(
            _(
                "Nothing leaves this machine. Teahouse reads the files, keeps up with changes, and finds "
                "passages by words and by meaning, in Chinese and English."
            )
        )
        dropping.setText(_("Or drop files and folders here."))
        self.folder = make_button(lambda: self.asked.emit("folder"), "primary")
        self.folder.setText(_("Add a folder …"))
        self.files = make_button(lambda: self.asked.emit("files"))
        self.files.setText(_("Add files …"))
        self.conversations = make_button(lambda: self.asked.emit(CONVERSATIONS))
        self.conversations.setText(_("Add past conversations"))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(10)
        column.addStretch(2)
        for part in (title, about):
            column.addWidget(part)
        column.addSpacing(4)
        for button in (self.folder, self.files, self.conversations):
            column.addWidget(button)
        column.addWidget(dropping)
        column.addStretch(3)
        for label in (title, about, dropping):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class LibraryPage(QStackedWidget):
    """Cards or the invitation.

    Signals:
        asked: (verb, collection or None), as `CollectionCard.asked`.
        source_asked: (verb, source), as `SourceRow.asked`.
    """

    asked = Signal(str, object)
    source_asked = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.invitation = Invitation(self)
        self.invitation.asked.connect(lambda verb: self.asked.emit(verb, None))
        self._shown: dict[int, Collection] = {}
        self._keys: list[int] = []
        self.list = GrowingList(self, at_once=AT_ONCE)
        self.addWidget(self.invitation)
        self.addWidget(self.list)

    @property
    def cards(self) -> list[CollectionCard]:
        """The cards that are shown."""
        return [card for card in self.list.cards if isinstance(card, CollectionCard)]

    def show_collections(self, collections: tuple[Collection, ...]) -> None:
        """Show these; cards of collections that stay are kept."""
        self._shown = {collection.id: collection for collection in collections}
        for card in self.cards:
            if (known := self._shown.get(card.collection.id)) not in (None, card.collection):
                card.show_collection(known)
        if list(self._shown) != self._keys:
            self._keys = list(self._shown)
            self.list.show_keys(self._keys, self._make)
        self.setCurrentWidget(self.list if collections else self.invitation)

    def _make(self, key: int) -> CollectionCard:
        card = CollectionCard(self._shown[key], self._look)
        card.asked.connect(self.asked)
        card.source_asked.connect(self.source_asked)
        return card

    def card_at(self, place: QPoint) -> CollectionCard | None:
        """The card under a point of the screen."""
        for card in self.cards:
            if card.isVisible() and card.rect().contains(card.mapFromGlobal(place)):
                return card
        return None

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)
