"""The part of the page of models that shows those on this computer."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.engine.suitability import Suitability
from teahouse.events import EngineState
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_operations import ModelsRead
from teahouse_desktop.models.own_card import OwnCard
from teahouse_desktop.widgets.cards import CardList, make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow


class OwnSection(QWidget):
    """Cards of models, or why there are none.

    Signals:
        requested: See `OwnCard`.
        offers_requested: Show what can be downloaded.
        add_requested: A file of one's own is to be added.
        folder_requested: Another folder of models is to be chosen.
    """

    requested = Signal(str, str)
    offers_requested = Signal()
    add_requested = Signal()
    folder_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._read: ModelsRead | None = None
        self._fits: Mapping[str, Suitability] = {}
        self._state, self._problem = make_label("muted"), make_label("danger")
        self.list = CardList(self)
        self.see_offers = make_button(self.offers_requested.emit, "primary")
        self.add = make_button(self.add_requested.emit)
        self.folder = make_button(self.folder_requested.emit)
        self._buttons = FlowRow(self, left=(self.see_offers, self.add, self.folder))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._problem, self._state, self._buttons):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
        self.say()

    @property
    def cards(self) -> dict[str, OwnCard]:
        """The cards by the names of their models."""
        return {card.name: card for card in self.list.cards if isinstance(card, OwnCard)}

    def show_models(self, read: ModelsRead, used: str) -> None:
        """Show these; cards of models that are still there stay, with the focus.

        Args:
            used: Name of the model that the open conversation uses.
        """
        self._read = read
        before, cards = self.cards, []
        for own in read.models:
            card = before.get(own.model.name) or self._make(own.model.name, read)
            is_loaded = own.model.name in read.loaded
            card.show_own(own, is_loaded=is_loaded, is_used=own.model.name == used)
            cards.append(card)
        self.list.set_cards(cards)
        self.show_fits(self._fits)
        self.say()

    def show_fits(self, fits: Mapping[str, Suitability]) -> None:
        """Show which fit."""
        self._fits = fits
        for name, card in self.cards.items():
            if name in fits:
                card.show_fit(fits[name])

    def show_engine(self, state: EngineState) -> None:
        """An engine has changed."""
        if card := self.cards.get(state.model):
            card.show_engine(state)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.cards.values():
            card.set_look(look)

    def enter(self) -> None:
        """Begin with the first card, or with the way to one."""
        if not self.list.focus():
            first = self.folder if not self.folder.isHidden() else self.see_offers
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self) -> None:
        """Say everything in the language in force."""
        read = self._read
        problem = read.problem if read else ""
        is_empty = read is not None and not read.models and not problem
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._state.setText(
            self.tr("No model is here yet. Download one, or add a GGUF file that you have.")
            if is_empty
            else self.tr("Looking for models …")
        )
        self._state.setVisible(is_empty or read is None)
        self.see_offers.setText(self.tr("See what can be downloaded"))
        self.see_offers.setVisible(is_empty)
        self.add.setText(self.tr("Add a GGUF file …"))
        self.add.setVisible(is_empty)
        self.folder.setText(self.tr("Choose another folder …"))
        self.folder.setVisible(bool(problem))
        self._buttons.setVisible(is_empty or bool(problem))
        self.list.inside.setAccessibleName(self.tr("Models on this computer"))
        self.list.setAccessibleName(self.tr("Models on this computer"))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _make(self, name: str, read: ModelsRead) -> OwnCard:
        own = next(one for one in read.models if one.model.name == name)
        card = OwnCard(own, self._look, self.list.inside)
        card.requested.connect(self.requested)
        return card
