"""The card of a model that can be downloaded."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.fit_label import FitLabel
from teahouse_desktop.models.model_offers import Offer
from teahouse_desktop.models.model_words import (
    BETWEEN,
    context_in_words,
    entry_in_words,
    fit_in_words,
    in_a_row,
    sources_in_words,
)
from teahouse_desktop.widgets.cards import Card, make_label


class OfferCard(Card):
    """A model of the catalogue."""

    def __init__(self, offer: Offer, host: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.offer, self._host, self._is_recommended = offer, host, False
        self._title, self._purpose = make_label("strong", is_rich=True), make_label()
        self._facts, self._source = make_label("muted"), make_label("muted")
        self.fit = FitLabel(look, self)
        entry = offer.entry
        self.part = DownloadPart(entry, entry.name, look, kept_bytes=offer.kept_bytes, is_here=offer.is_here)
        for widget in (self._title, self._purpose, self._facts, self.fit, self._source, self.part):
            self.column.addWidget(widget)
        self.entered.connect(self._enter)
        self.say()

    def show_offer(self, offer: Offer, *, is_recommended: bool = False) -> None:
        """Show what was read anew.

        Args:
            is_recommended: Whether it is the one for this machine.
        """
        self.offer, self._is_recommended = offer, is_recommended
        self.part.show_here(offer.is_here)
        self.say()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.fit.set_look(look)
        self.part.set_look(look)
        self.say()

    def say(self) -> None:
        """Say everything in the language in force."""
        entry = self.offer.entry
        mark = self.tr("recommended for this computer") if self._is_recommended else ""
        coloured = f'{BETWEEN}<span style="color:{self.look.theme.accent}">{escape(mark)}</span>'
        self._title.setText(escape(entry.name) + (coloured if mark else ""))
        self._purpose.setText(entry.purpose_text)
        self._purpose.setVisible(bool(entry.purpose_text))
        self._facts.setText(in_a_row(entry_in_words(entry), context_in_words(entry.context_length)))
        self.fit.show_fit(self.offer.suitability)
        self._source.setText(sources_in_words(entry, self._host))
        fit = fit_in_words(self.offer.suitability)
        self.setAccessibleName(in_a_row(entry.name, mark, entry.purpose_text, self._facts.text(), fit))
        self.setAccessibleDescription(self._source.text())

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _enter(self) -> None:
        (self.part.use if self.part.is_here else self.part.fetch).click()
