"""The last of the first steps: a model, fetched or one's own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse_desktop.chat.failure import Failure
from teahouse_desktop.chat.welcome import download_in_words, fraction_of
from teahouse_desktop.first_run.first_run_step import Step, make_button, make_card, make_label
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_choice import ModelChoice
from teahouse_desktop.models.model_offers import Offer
from teahouse_desktop.models.model_words import sources_in_words
from teahouse_desktop.operations import ModelList
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine


class ModelStep(Step):
    """Lets people fetch a model or add a file, and shows how far that is.

    Signals:
        fetch_requested: The `Entry` to download.
        online_requested: The same, after downloads were allowed again.
        stop_requested: The download is to end; what has arrived is kept.
        add_requested: A file of one's own is to be added.
        folder_requested: Another folder of models is to be chosen.
    """

    fetch_requested = Signal(object)
    online_requested = Signal(object)
    stop_requested = Signal()
    add_requested = Signal()
    folder_requested = Signal()

    def __init__(self, look: Look, host: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._host = host
        self._offers: tuple[Offer, ...] = ()
        self._is_read = False
        self._failure: Failure | None = None
        self._coming: Entry | None = None
        self._here: tuple[str, ...] = ()
        self.choice = ModelChoice(look, self)
        self.choice.chosen.connect(self._on_chosen)
        self._source, self.here, self.error = make_label("muted"), make_label("strong"), make_label("danger")
        self._hint = make_label("muted")
        self.fetch = make_button(self, self._fetch, "primary")
        self.way = make_button(self, self._go)
        self.add = make_button(self, self.add_requested.emit)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        buttons = FlowRow(self, left=(self.fetch, self.way, self.add))
        self._state = make_card(self.here, self.progress, self.error, buttons, self._source, self._hint)
        self.column.addWidget(self.choice)
        self.column.addWidget(self._state)
        self.column.addStretch(1)
        self.retranslate()

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.tr("A model")

    @property
    def about(self) -> str:
        """What it is for."""
        return self.tr("It is what answers you. You can have several, and add others later.")

    @property
    def has_model(self) -> bool:
        """Whether there is one to chat with."""
        return bool(self._here)

    @property
    def is_busy(self) -> bool:
        """Whether a download goes on."""
        return self._coming is not None

    def enter(self) -> bool:
        """Begin with what is recommended; who has a model goes on."""
        if self.has_model or self.is_busy:
            return False
        first = self.fetch if self.fetch.isVisibleTo(self) else self.add
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show what can be fetched."""
        self._offers = tuple(offer for offer in offers if offer.entry.can_chat)
        self._is_read = True
        self.choice.show_entries(self._offers)
        self._say()

    def show_models(self, models: ModelList) -> None:
        """Say which models are here."""
        before, self._here = self._here, tuple(one.name for one in models.models if not one.problem)
        self._say()
        if self._here and not before:
            accessible.announce(self, self.here.text())

    def show_progress(self, entry: Entry, progress: DownloadProgress) -> None:
        """A download goes on."""
        self._coming, self._failure = entry, None
        words = self.tr("{name}: {progress}")
        told = words.format(name=entry.name, progress=download_in_words(progress))
        self.progress.show_progress(told, fraction_of(progress))
        self._say()

    def show_ended(self, failure: Failure | None = None) -> None:
        """It has ended; `failure` says why without a model."""
        self._coming, self._failure = None, failure
        self.progress.hide()
        self._say()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.choice.set_look(look)
        self.progress.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.add.setText(self.tr("I have a GGUF file …"))
        self._hint.setText(self.tr("A GGUF file can also be dropped anywhere on this window."))
        self._say()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _offer(self) -> Offer | None:
        """The one that is marked."""
        entry = self.choice.entry
        return next((offer for offer in self._offers if offer.entry == entry), None)

    def _say(self) -> None:
        offer, failure = self._offer, self._failure
        self.fetch.setText(self._verb(offer))
        self.fetch.setVisible(offer is not None and not offer.is_here and not self.is_busy)
        way = failure.way if failure else ""
        self.way.setText(
            self.tr("Allow downloads and try again")
            if way == "online"
            else self.tr("Choose another folder …")
        )
        self.way.setVisible(bool(way) and not self.is_busy)
        self.error.setText(failure.text if failure else "")
        self.error.setVisible(failure is not None)
        self.here.setText(self._here_in_words())
        self.here.setVisible(bool(self.here.text()))
        self._source.setText(sources_in_words(offer.entry, self._host) if offer else "")
        self._source.setVisible(not self.fetch.isHidden())

    def _here_in_words(self) -> str:
        if self.is_busy:
            return self.tr("You can go to the chat: the download goes on meanwhile.")
        if len(self._here) == 1:
            return self.tr("“{name}” is here. You can start.").format(name=self._here[0])
        if self._here:
            return self.tr("{count} models are here. You can start.").format(count=len(self._here))
        return "" if self._is_read else self.tr("Looking which models suit this computer …")

    def _on_chosen(self, _entry: Entry) -> None:
        """What was said of another one holds no longer."""
        self._failure = None
        self._say()

    def _verb(self, offer: Offer | None) -> str:
        if offer is None:
            return ""
        if offer.kept_bytes:
            kept, total = size_in_words(offer.kept_bytes), size_in_words(offer.entry.size_bytes)
            return self.tr("Go on with the download ({kept} of {total} are here)").format(
                kept=kept, total=total
            )
        if self._failure is not None:
            return self.tr("Try again")
        return self.tr("Download ({size})").format(size=size_in_words(offer.entry.size_bytes))

    def _fetch(self) -> None:
        if (entry := self.choice.entry) is not None:
            self._failure = None
            self.fetch_requested.emit(entry)

    def _go(self) -> None:
        entry = self.choice.entry
        if self._failure and self._failure.way == "online" and entry is not None:
            self.online_requested.emit(entry)
        else:
            self.folder_requested.emit()
