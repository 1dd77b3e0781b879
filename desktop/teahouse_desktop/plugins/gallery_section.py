"""The part of the page of plugins that shows the gallery: what it has, a search, and the way to get more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from teahouse.plugins.gallery import Offer, is_address, search
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import in_a_row
from teahouse_desktop.models.offline_bar import OfflineBar
from teahouse_desktop.plugins.page_operations import PluginsRead
from teahouse_desktop.plugins.plugin_words import about_offer
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import Card, make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.search_section import SearchSection


class OfferCard(Card):
    """A plugin of the gallery.

    Signals:
        requested: Its name: it is to be looked at and installed.
    """

    requested = Signal(str)

    def __init__(self, offer: Offer, version_here: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.offer, self._here = offer, version_here
        self._title, self._about, self._what = make_label("strong"), make_label("muted"), make_label()
        self._state = make_label("muted")
        self.get = make_button(partial(self.requested.emit, offer.name))
        self.entered.connect(self.get.click)
        for part in (self._title, self._about, self._what, self._state):
            self.column.addWidget(part)
        self.column.addSpacing(3)
        self.column.addWidget(FlowRow(self, left=(self.get,)))
        self.say()

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.offer.name

    def show_allowed(self, *, is_allowed: bool) -> None:
        """Whether something can be installed now."""
        self.get.setEnabled(is_allowed)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def say(self) -> None:
        """Say everything in the language in force."""
        newest = self.offer.newest_here()
        self._title.setText(self.offer.name)
        self._about.setText(about_offer(self.offer))
        self._what.setText(self.offer.words)
        state = self._state_in_words()
        self._state.setText(state)
        self._state.setVisible(bool(state))
        can_get = newest is not None and not self.offer.is_bundled and newest.version != self._here
        self.get.setVisible(can_get)
        self.get.setText(self._verb())
        self.get.setAccessibleName(f"{self.get.text()}: {self.name}")
        self.setAccessibleName(in_a_row(self.name, self._about.text(), self.offer.words, state))

    def _state_in_words(self) -> str:
        if self.offer.is_bundled:
            return self.tr("Came with Teahouse.")
        if self.offer.newest_here() is None:
            return self.tr("There is no version for this version of Teahouse.")
        return self.tr("Version {version} is here.").format(version=self._here) if self._here else ""

    def _verb(self) -> str:
        newest = self.offer.newest_here()
        if newest is not None and is_address(newest.wheel):
            from urllib.parse import urlsplit

            return self.tr("Get it from {host} …").format(host=urlsplit(newest.wheel).hostname or "")
        return self.tr("Get the newer version …") if self._here else self.tr("Install …")


class GallerySection(SearchSection):
    """A field, and the plugins that fit what is typed.

    Signals:
        requested: Name of the plugin that is wanted.
        more_requested: The gallery's address is to be asked.
    """

    requested = Signal(str)
    more_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._offers: Sequence[Offer] = ()
        self._here: Mapping[str, str] = {}
        self._host, self._is_allowed, self._is_offline, self._has_asked = "", True, False, False
        self.offline = OfflineBar(self)
        self.more = make_button(self.more_requested.emit)
        self.field.textChanged.connect(self._show)
        self._lay_out()
        self.say()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All that is known of the gallery."""
        return tuple(self._offers)

    def show_read(self, read: PluginsRead) -> None:
        """Show the gallery as far as it is here, or as far as it was asked for."""
        self._here = {one.info.name: one.info.version for one in read.plugins}
        if self._host != read.gallery_host or not self._has_asked:
            # Of those that came with the app, only what is there: some show to developers only.
            shown = (offer for offer in read.offers if not offer.is_bundled or offer.name in self._here)
            self._offers, self._has_asked = tuple(shown), False
        self._host, self._is_allowed = read.gallery_host, not read.problem
        self._is_offline = read.is_offline
        self.offline.setVisible(read.is_offline and bool(read.gallery_host))
        self._show_error(read.gallery_problem)
        self._show()

    def show_asking(self) -> None:
        """The gallery's address is being asked."""
        self._error.hide()
        self.more.setEnabled(False)
        self.progress.show_progress(self.tr("asks {host} …").format(host=self._host), 0.0)

    def show_found(self, offers: Sequence[Offer]) -> None:
        """Show what it answered."""
        self.show_ended("")
        self._has_asked = True
        self._offers = [offer for offer in offers if not offer.is_bundled or offer.name in self._here]
        self._show()
        accessible.announce(self, self._state.text())

    def show_ended(self, error: str) -> None:
        """It is not asked any longer; say why where it did not answer."""
        self.progress.hide()
        self.more.setEnabled(not self._is_offline)
        self._show_error(error)
        if error:
            accessible.announce(self, error)

    def say(self) -> None:
        """Say everything in the language in force."""
        self.field.setPlaceholderText(self.tr("Search the gallery"))
        self.field.setAccessibleName(self.tr("Search the gallery"))
        self.more.setText(self.tr("Look for more at {host}").format(host=self._host))
        self.more.setVisible(bool(self._host))
        self.more.setEnabled(not self._is_offline)
        for widget in (self.list, self.list.inside):
            widget.setAccessibleName(self.tr("Plugins of the gallery"))
        self._say_state()

    # --- inside -----------------------------------------------------------------------------------

    def _show(self) -> None:
        found = search(self._offers, self.field.text())
        self.list.set_cards([self._make(offer) for offer in found])
        self.say()

    def _say_state(self) -> None:
        count = len(self.list.cards)
        if count:
            text = self.tr("{count} plugins").format(count=count) if count > 1 else self.tr("1 plugin")
        elif self.field.text().strip():
            text = self.tr("The gallery has nothing with these words.")
        elif self._host and not self._has_asked:
            text = self.tr("What is in the gallery is known once {host} is asked.").format(host=self._host)
        else:
            text = self.tr(
                "The gallery that came with Teahouse has no further plugin yet."
                " Another one can be named in the settings."
            )
        self._state.setText(text)

    def _show_error(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _make(self, offer: Offer) -> OfferCard:
        card = OfferCard(offer, self._here.get(offer.name, ""), self._look, self.list.inside)
        newest = offer.newest_here()
        is_far = newest is not None and is_address(newest.wheel)
        card.show_allowed(is_allowed=self._is_allowed and not (is_far and self._is_offline))
        card.requested.connect(self.requested)
        return card

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.offline)
        column.addLayout(line)
        for widget in (self.progress, self._error, self._state):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
