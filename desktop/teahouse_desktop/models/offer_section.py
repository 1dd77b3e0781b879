"""The part of the page of models that shows what can be downloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.downloads import Download, Wanted
from teahouse_desktop.models.model_offers import Offer, recommended
from teahouse_desktop.models.offer_card import OfferCard
from teahouse_desktop.models.offline_bar import OfflineBar
from teahouse_desktop.widgets.cards import CardList, make_label


class OfferSection(QWidget):
    """Cards of the catalogue.

    Signals:
        requested: (verb, entry): `fetch`, `stop`, `use`, `online`, `folder`.
    """

    requested = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_offline = self._is_read = False
        self.offline = OfflineBar(self)
        self._state = make_label("muted")
        self.list = CardList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.offline)
        column.addWidget(self._state)
        column.addWidget(self.list, 1)
        self._say()

    @property
    def cards(self) -> dict[str, OfferCard]:
        """The cards by the hashes of their files."""
        return {card.offer.entry.sha256: card for card in self.list.cards if isinstance(card, OfferCard)}

    def show_offers(self, offers: Sequence[Offer], host: str, find: Callable[[str], Download | None]) -> None:
        """Show these; cards that are there already stay, with the focus.

        Args:
            find: The download of a hash, if there is one.
        """
        before, self._is_read = self.cards, True
        best = recommended([offer for offer in offers if not offer.is_here])
        cards = []
        for offer in offers:
            key = offer.entry.sha256
            card = before.get(key) or self._make(offer, host)
            card.part.show_download(find(key))
            card.show_offer(offer, is_recommended=offer is best)  # a file that came may be gone again
            card.part.show_offline(self._is_offline)
            cards.append(card)
        self.list.set_cards(cards)
        self._say()

    def show_download(self, key: str, download: Download | None) -> None:
        """A download has changed."""
        if card := self.cards.get(key):
            card.part.show_download(download)

    def show_offline(self, is_offline: bool) -> None:
        """Nothing can be fetched, or it can again."""
        self._is_offline = is_offline
        self.offline.setVisible(is_offline)
        for card in self.cards.values():
            card.part.show_offline(is_offline)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.cards.values():
            card.set_look(look)

    def enter(self) -> None:
        """Begin with the first card."""
        if not self.list.focus() and self._is_offline:
            self.offline.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _make(self, offer: Offer, host: str) -> OfferCard:
        card = OfferCard(offer, host, self._look, self.list.inside)
        connect_part(card.part, offer.entry, self.requested.emit)
        return card

    def _say(self) -> None:
        self._state.setText(self.tr("Looking which of them fit this computer …"))
        self._state.setVisible(not self._is_read)
        self.list.inside.setAccessibleName(self.tr("Models to download"))
        self.list.setAccessibleName(self.tr("Models to download"))


def connect_part(part: DownloadPart, wanted: Wanted, ask: Callable[[str, object], None]) -> None:
    """Let what is asked for on a card be heard as (verb, what is wanted)."""
    part.fetch_requested.connect(lambda: ask("fetch", wanted))
    part.stop_requested.connect(lambda: ask("stop", wanted))
    part.use_requested.connect(lambda: ask("use", wanted))
    part.way_requested.connect(lambda way: ask(way, wanted))
