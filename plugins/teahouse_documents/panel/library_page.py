"""The collections, one below the other; an invitation where there are none."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import CardList, make_button, make_label
from teahouse_documents.panel.collection_card import CollectionCard
from teahouse_documents.values import CONVERSATIONS, Collection

_ = Translator("teahouse_documents")


class Invitation(QWidget):
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
        column = QVBoxLayout(self)
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
        self.list = CardList(self)
        self.addWidget(self.invitation)
        self.addWidget(self.list)

    @property
    def cards(self) -> list[CollectionCard]:
        """The cards that are shown."""
        return [card for card in self.list.cards if isinstance(card, CollectionCard)]

    def show_collections(self, collections: tuple[Collection, ...]) -> None:
        """Show these; cards of collections that stay are kept."""
        known = {card.collection.id: card for card in self.cards}
        cards = []
        for collection in collections:
            card = known.get(collection.id)
            if card is None:
                card = CollectionCard(collection, self._look)
                card.asked.connect(self.asked)
                card.source_asked.connect(self.source_asked)
            else:
                card.show_collection(collection)
            cards.append(card)
        if cards != self.cards:
            self.list.set_cards(cards)
        self.setCurrentWidget(self.list if collections else self.invitation)

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
