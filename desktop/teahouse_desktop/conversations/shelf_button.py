"""The button above the list that says which conversations are shown, and its menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from teahouse.messages import Conversation
from teahouse_desktop.conversations.shelves import (
    ALL,
    ARCHIVE,
    TRASH,
    Shelf,
    count_folders,
    count_tags,
    is_on,
    shorten,
)
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.menu_button import MenuButton

WIDEST_CHARS = 24
WIDEST_IN_MENU = 48


class ShelfButton(MenuButton):
    """Names the shelf; its menu has the others.

    Signals:
        chosen: The `Shelf` to show.
        empty_requested: All that is in the trash is to be deleted for good.
    """

    chosen = Signal(object)
    empty_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shelf")
        self.shelf = ALL
        self._rows: Sequence[Conversation] = ()
        menu = QMenu(self)
        menu.aboutToShow.connect(self.fill)
        self.setMenu(menu)
        self._name()

    def show_rows(self, rows: Sequence[Conversation], shelf: Shelf) -> None:
        """Take all conversations, and the shelf that is shown."""
        self._rows, self.shelf = rows, shelf
        self._name()

    def fill(self) -> None:
        """Make the menu anew: there may be other folders."""
        menu = self.menu()
        menu.clear()
        self._add(menu, self.tr("Conversations"), ALL)
        for title, kind, counts in (
            (self.tr("Folders"), "folder", count_folders(self._rows)),
            (self.tr("Tags"), "tag", count_tags(self._rows)),
        ):
            if counts:
                menu.addSeparator()
                menu.addAction(title).setEnabled(False)
            for name in counts:
                self._add(menu, name if kind == "folder" else f"#{name}", Shelf(kind, name))  # type: ignore[arg-type]
        menu.addSeparator()
        self._add(menu, self.tr("Archive"), ARCHIVE)
        trash = self._add(menu, self.tr("Trash"), TRASH)
        menu.addSeparator()
        empty = menu.addAction(self.tr("Empty the trash …"))
        empty.setEnabled(bool(trash.data()))
        empty.triggered.connect(self.empty_requested)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.set_arrow_colour(look.colour("muted"))

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _add(self, menu: QMenu, title: str, shelf: Shelf) -> QAction:
        count = sum(is_on(row, shelf) for row in self._rows)
        name = shorten(title, WIDEST_IN_MENU)
        text = self.tr("{name}  ({count})").format(name=name, count=QLocale().toString(count))
        action = menu.addAction(text.replace("&", "&&"))
        action.setData(count)
        action.setCheckable(True)
        action.setChecked(shelf == self.shelf)
        action.triggered.connect(lambda _checked=False: self.chosen.emit(shelf))
        return action

    def _name(self) -> None:
        titles = {"all": self.tr("Conversations"), "archive": self.tr("Archive"), "trash": self.tr("Trash")}
        name = f"#{self.shelf.name}" if self.shelf.kind == "tag" else self.shelf.name
        title = titles.get(self.shelf.kind, name)
        self.setText(shorten(title, WIDEST_CHARS).replace("&", "&&"))
        words = self.tr("Choose what is listed")
        self.setToolTip(words if self.shelf.kind in titles else with_name(name, words))
        self.setAccessibleName(self.tr("Listed: {what}").format(what=title))
