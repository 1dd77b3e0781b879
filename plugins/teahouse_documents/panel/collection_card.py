"""A collection as a card: its name, its sources, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from teahouse import Translator
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.cards import Card, make_label, make_name_label
from teahouse_desktop.widgets.menu_button import MenuButton
from teahouse_documents import phrases
from teahouse_documents.panel.source_row import SourceRow
from teahouse_documents.values import CONVERSATIONS, Collection

_ = Translator("teahouse_documents")


class CollectionCard(Card):
    """One collection.

    Signals:
        asked: (verb, collection): `folder`, `files`, `conversations` to add; `rename`, `delete`.
        source_asked: (verb, source), as `SourceRow.asked`.
    """

    asked = Signal(str, object)
    source_asked = Signal(str, object)

    def __init__(self, collection: Collection, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.collection = collection
        self.rows: list[SourceRow] = []
        self.title, self.facts = make_name_label("strong"), make_label("muted")
        self.empty = make_label("muted")
        self.empty.setText(_("Nothing is in it yet. Add something, or drop it here."))
        self.more = QToolButton(self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._menu([("rename", _("Rename …")), ("delete", _("Delete the collection …"))]))
        self.add = MenuButton(self)
        self.add.setText(_("Add"))
        self._adding = self._menu(
            [
                ("folder", _("A folder …")),
                ("files", _("Files …")),
                (CONVERSATIONS, _("Past conversations")),
            ]
        )
        self.add.setMenu(self._adding)
        self.column.setContentsMargins(14, 10, 10, 10)
        self.column.addLayout(self._head())
        self.column.addWidget(self.facts)
        self.column.addWidget(self.empty)
        self.column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_collection(collection)
        self.set_look(look)

    def show_collection(self, collection: Collection) -> None:
        """Say how it stands now; rows of sources that stay are kept, so that an open menu stays too."""
        self.collection = collection
        self.title.setText(collection.name)
        self.facts.setText(
            phrases.in_a_row(
                [phrases.files_in_words(collection.files), phrases.passages_in_words(collection.chunks)]
            )
        )
        self.facts.setVisible(bool(collection.sources))
        self.empty.setVisible(not collection.sources)
        self.setAccessibleName(collection.name)
        for button, words in ((self.more, _("More about {name}")), (self.add, _("Add to {name}"))):
            button.setAccessibleName(words.format(name=collection.name))
            button.setToolTip(with_name(words.format(name=collection.name), ""))
        self._show_sources()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.more.setIcon(make_icon("ellipsis", look.colour("muted")))
        self.add.set_arrow_colour(look.colour("muted"))
        for row in self.rows:
            row.set_look(look)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.title, 1)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _show_sources(self) -> None:
        known = {row.source.id: row for row in self.rows}
        rows = []
        for source in self.collection.sources:
            row = known.pop(source.id, None)
            if row is None:
                row = SourceRow(source, self.look, self)
                row.asked.connect(self.source_asked)
            else:
                row.show_source(source)
            rows.append(row)
        for gone in known.values():
            self.column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, row in enumerate(rows):
            self.column.insertWidget(3 + at, row)
        self.rows = rows
        has_conversations = any(one.kind == "conversations" for one in self.collection.sources)
        self._adding.actions()[-1].setVisible(not has_conversations)

    def _menu(self, verbs: list[tuple[str, str]]) -> QMenu:
        menu = QMenu(self)
        for verb, title in verbs:
            action = QAction(title, menu)
            action.triggered.connect(lambda _on=False, verb=verb: self.asked.emit(verb, self.collection))
            menu.addAction(action)
        return menu
