"""The part of the page of plugins that shows those on this computer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.plugins.page_operations import PluginsRead
from teahouse_desktop.plugins.plugin_card import PluginCard
from teahouse_desktop.widgets.cards import CardList, make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow


class OwnPlugins(QWidget):
    """Cards of plugins, or why there are none.

    Signals:
        requested: See `PluginCard`.
        file_requested: A file is to be chosen and installed.
        gallery_requested: The gallery is to be shown.
    """

    requested = Signal(str, str)
    file_requested = Signal()
    gallery_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._read: PluginsRead | None = None
        self._state = make_label("muted")
        self.list = CardList(self)
        self.file, self.gallery = (
            make_button(self.file_requested.emit, "primary"),
            make_button(self.gallery_requested.emit),
        )
        self._buttons = FlowRow(self, left=(self.file, self.gallery))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._state)
        column.addWidget(self._buttons)
        column.addWidget(self.list, 1)
        self.say()

    @property
    def cards(self) -> dict[str, PluginCard]:
        """The cards by the names of their plugins."""
        return {card.name: card for card in self.list.cards if isinstance(card, PluginCard)}

    def show_plugins(self, read: PluginsRead) -> None:
        """Show these; cards of plugins that are still there stay, with the focus."""
        self._read = read
        had_focus = self._holds_focus()
        before, cards = self.cards, []
        # Of those that came with the app, the gallery says in both languages what they do.
        said = {offer.name: offer.words for offer in read.offers if offer.is_bundled}
        for details in read.plugins:
            card = before.get(details.info.name) or self._make(details.info.name, read)
            card.show_plugin(details, said.get(details.info.name) or details.summary)
            cards.append(card)
        self.list.set_cards(cards)
        self.say()
        if had_focus and not self._holds_focus():  # what had it is gone
            self.enter()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.cards.values():
            card.set_look(look)

    def enter(self) -> None:
        """Begin with the first card, or with the way to one."""
        if not self.list.focus():
            self.file.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self) -> None:
        """Say everything in the language in force."""
        is_empty = self._read is not None and not self._read.plugins
        self._state.setText(
            self.tr("No plugin is here yet. A plugin adds panels, tools, models or commands to Teahouse.")
            if is_empty
            else self.tr("Looking at the plugins …")
        )
        self._state.setVisible(is_empty or self._read is None)
        self._buttons.setVisible(is_empty)
        self.file.setText(self.tr("Install from a file …"))
        self.file.setEnabled(self._read is None or not self._read.problem)
        self.gallery.setText(self.tr("Look into the gallery"))
        for widget in (self.list, self.list.inside):
            widget.setAccessibleName(self.tr("Plugins on this computer"))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            if self._read is not None:
                self.show_plugins(self._read)
            self.say()
        super().changeEvent(event)

    def _holds_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused) and not focused.isHidden()

    def _make(self, name: str, read: PluginsRead) -> PluginCard:
        details = next(one for one in read.plugins if one.info.name == name)
        card = PluginCard(details, self._look, self.list.inside)
        card.requested.connect(self.requested)
        return card
