"""The part of the page of models that searches a hub: only when asked to, and it says what is sent where."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from teahouse.models.repository import HubFile, Repository
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.downloads import Download
from teahouse_desktop.models.model_operations import FileOffer
from teahouse_desktop.models.offer_section import connect_part
from teahouse_desktop.models.offline_bar import OfflineBar
from teahouse_desktop.models.repository_card import FileRow, RepositoryCard
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.search_section import SearchSection


class HubSection(SearchSection):
    """A search field, its button and what was found.

    Signals:
        search_requested: The words to send.
        files_requested: The `RepositoryCard` whose files are wanted.
        closer_requested: The `FileRow` whose header is to be read.
        requested: (verb, `HubFile`): see `OfferSection`.
    """

    search_requested = Signal(str)
    files_requested = Signal(object)
    closer_requested = Signal(object)
    requested = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._host = ""
        self._is_offline, self._found = False, -1
        self._find: Callable[[str], Download | None] = lambda _key: None
        self._is_here: Callable[[HubFile], bool] = lambda _file: False
        self.offline = OfflineBar(self)
        self._note = make_label("muted")
        self.button = make_button(self._search, "primary")
        self._lay_out()
        self.field.returnPressed.connect(self._search)
        self.field.textChanged.connect(lambda _text: self._say_button())
        self.say()

    @property
    def rows(self) -> list[FileRow]:
        """All files that are shown."""
        return [row for card in self.list.cards if isinstance(card, RepositoryCard) for row in card.rows]

    def show_asking(self, is_asking: bool) -> None:
        """The hub is being asked, or not any more."""
        self._error.hide()
        if is_asking:
            self._found = -1
            self.list.set_cards([])
            self.progress.show_progress(self.tr("asks {host} …").format(host=self._host), 0.0)
        else:
            self.progress.hide()
        self.say()

    def show_found(self, found: Sequence[Repository]) -> None:
        """Show what was found."""
        self.show_asking(False)
        self._found = len(found)
        self.list.set_cards([self._make(one) for one in found])
        self.say()
        accessible.announce(self, self._state.text())

    def show_failure(self, text: str) -> None:
        """Say why nothing was found."""
        self.show_asking(False)
        self._error.setText(text)
        self._error.show()
        accessible.announce(self, text)

    def show_files(self, card: RepositoryCard, offers: Sequence[FileOffer]) -> None:
        """Show the files of a repository."""
        card.show_files(offers)
        for row in card.rows:
            row.closer_requested.connect(lambda row=row: self.closer_requested.emit(row))
            connect_part(row.part, row.offer.file, self.requested.emit)
            row.part.show_download(self._find(row.offer.file.sha256))
            row.part.show_here(self._is_here(row.offer.file))
            row.show_offline(self._is_offline)

    def show_download(self, key: str, download: Download | None) -> None:
        """A download has changed."""
        for row in self.rows:
            if row.offer.file.sha256 == key:
                row.part.show_download(download)

    def show_here(self, is_here: Callable[[HubFile], bool]) -> None:
        """Say which files are among the models of this machine."""
        self._is_here = is_here
        for row in self.rows:
            row.part.show_here(is_here(row.offer.file))

    def show_host(self, host: str, *, is_offline: bool, find: Callable[[str], Download | None]) -> None:
        """Say which host is asked, and whether it may be.

        Args:
            find: The download of a hash, if there is one.
        """
        self._host, self._is_offline, self._find = host, is_offline, find
        self.offline.setVisible(is_offline)
        for row in self.rows:
            row.show_offline(is_offline)
        self.say()

    def say(self) -> None:
        """Say everything in the language in force."""
        self.button.setText(self.tr("Search Hugging Face"))
        note = self.tr(
            "When you press the button, the words go to {host}, and nothing else of yours. Anybody can put"
            " files there; each download is compared with the hash that is stated there."
        )
        self._note.setText(note.format(host=self._host or "…"))
        for each in (self.field.setPlaceholderText, self.field.setAccessibleName):
            each(self.tr("Name of a model, a maker, a language …"))
        for button in self.field.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        if self._found == 0:
            self._state.setText(self.tr("Nothing was found. Try fewer or other words."))
        elif self._found == 1:
            self._state.setText(self.tr("1 repository was found."))
        else:
            self._state.setText(self.tr("{count} repositories were found.").format(count=self._found))
        self._state.setVisible(self._found >= 0)
        self.list.inside.setAccessibleName(self.tr("Repositories that were found"))
        self.list.setAccessibleName(self.tr("Repositories that were found"))
        self._say_button()

    # --- inside -----------------------------------------------------------------------------------

    def _search(self) -> None:
        if self.button.isEnabled():
            self.search_requested.emit(self.field.text().strip())

    def _make(self, repository: Repository) -> RepositoryCard:
        card = RepositoryCard(repository, self._look, self.list.inside)
        card.files_requested.connect(lambda _id: self.files_requested.emit(card))
        card.stop_requested.connect(self.stop_requested)
        return card

    def _say_button(self) -> None:
        is_asking = not self.progress.isHidden()
        self.button.setEnabled(bool(self.field.text().strip()) and not self._is_offline and not is_asking)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.offline)
        column.addLayout(row)
        for widget in (self._note, self.progress, self._error, self._state):
            column.addWidget(widget)
        column.addWidget(self.list, 1)
