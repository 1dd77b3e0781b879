"""The card of a repository of a hub, with its files."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from teahouse.models.repository import Repository
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.fit_label import FitLabel
from teahouse_desktop.models.model_operations import FileOffer
from teahouse_desktop.models.model_words import (
    BETWEEN,
    breakable,
    in_a_row,
    languages_in_words,
    licence_in_words,
    parameters_in_words,
)
from teahouse_desktop.widgets.cards import Card, make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine


class RepositoryCard(Card):
    """A repository of the hub; its files are asked for when they are wanted.

    Signals:
        files_requested: Id of the repository.
        stop_requested: Ask no longer.
    """

    files_requested = Signal(str)
    stop_requested = Signal()

    def __init__(self, repository: Repository, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.repository = repository
        self.rows: list[FileRow] = []
        self._is_asking = False
        self._title, self._facts = make_name_label("strong"), make_label("muted")
        self._gated, self._state, self._error = make_label("muted"), make_label("muted"), make_label("danger")
        self.button = make_button(self._ask)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self._files = QVBoxLayout()
        self._files.setSpacing(8)
        for widget in (self._title, self._facts, self._gated):
            self.column.addWidget(widget)
        self.column.addLayout(self._files)
        for widget in (self._state, self._error, self.progress, FlowRow(self, left=(self.button,))):
            self.column.addWidget(widget)
        self._state.hide()
        self._error.hide()
        self.entered.connect(self._ask)
        self.say()

    def show_asking(self, is_asking: bool) -> None:
        """The hub is being asked, or not any more."""
        self._is_asking = is_asking
        self._error.hide()
        self.button.setVisible(not is_asking and not self.rows)
        if is_asking:
            self.progress.show_progress(self.tr("asks for its files …"), 0.0)
        else:
            self.progress.hide()

    def show_failure(self, text: str) -> None:
        """Say why its files are not there."""
        self.show_asking(False)
        self._error.setText(text)
        self._error.show()

    def show_files(self, offers: Sequence[FileOffer]) -> None:
        """Show its files."""
        self.rows = [FileRow(offer, self.look, self) for offer in offers]
        for row in self.rows:
            self._files.addWidget(row)
        self.show_asking(False)
        self._state.setText(self.tr("It has no GGUF file."))
        self._state.setVisible(not offers)
        self.button.hide()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.progress.set_look(look)
        for row in self.rows:
            row.set_look(look)

    def say(self) -> None:
        """Say everything in the language in force."""
        one = self.repository
        self._title.setText(breakable(one.id))
        count = QLocale().toString(one.downloads)
        downloads = self.tr("{count} downloads").format(count=count) if one.downloads else ""
        changed = self.tr("changed {date}").format(date=one.changed) if one.changed else ""
        facts = in_a_row(
            parameters_in_words(one.parameters),
            one.architecture,
            languages_in_words(one.languages[:4]),
            licence_in_words(one.licence),
            downloads,
            changed,
        )
        self._facts.setText(facts)
        self._gated.setText(
            self.tr("Its files are only for people who have agreed to its terms on the hub's own page.")
        )
        self._gated.setVisible(one.is_gated)
        self.button.setText(self.tr("Show its files"))
        self.button.setAccessibleName(f"{self.button.text()}: {one.id}")
        self.setAccessibleName(in_a_row(one.id, facts))

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _ask(self) -> None:
        if not self.rows and not self._is_asking:
            self.files_requested.emit(self.repository.id)


class FileRow(QFrame):
    """One file of a repository.

    Signals:
        closer_requested: Read its header, so that the verdict is exact.
    """

    closer_requested = Signal()

    def __init__(self, offer: FileOffer, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offer, self._look = offer, look
        self._is_looking = self._is_offline = False
        self._trouble = ""
        self._name, self._problem = make_name_label(is_rich=True), make_name_label("muted")
        self.fit = FitLabel(look, self)
        self.closer = make_button(self.closer_requested.emit)
        self.part = DownloadPart(offer.file, offer.file.name, look, kept_bytes=offer.kept_bytes, kind="plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 2, 0, 2)
        column.setSpacing(3)
        for widget in (self._name, self.fit, self._problem, self.part):
            column.addWidget(widget)
        self.part.row.layout().addWidget(self.closer)  # beside the download
        self.say()

    def show_fit(self, offer: FileOffer) -> None:
        """Show another verdict."""
        self.offer = offer
        self.say()

    def show_offline(self, is_offline: bool) -> None:
        """Nothing can be asked while the app is set to stay offline."""
        self.part.show_offline(is_offline)
        self._is_offline = is_offline
        self._say_closer()

    def show_looking(self, is_looking: bool) -> None:
        """Its header is being read, or not any more."""
        self._is_looking, self._trouble = is_looking, ""
        self.say()

    def show_problem(self, text: str) -> None:
        """Say why its header says nothing."""
        self._trouble = text
        self.say()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.fit.set_look(look)
        self.part.set_look(look)
        self.say()

    def say(self) -> None:
        """Say everything in the language in force."""
        file = self.offer.file
        facts = in_a_row("", file.quantization, size_in_words(file.size_bytes))
        muted = f'<span style="color:{self._look.theme.muted}">{BETWEEN}{escape(facts)}</span>'
        self._name.setText(escape(breakable(file.path)) + muted)
        self._name.setAccessibleName(in_a_row(file.path, facts))
        unusable = self.tr("It cannot be used: {reason}.").format(reason=file.problem)
        self._problem.setText(unusable if file.problem else self._trouble)
        self._problem.setVisible(bool(self._problem.text()))
        self.fit.show_fit(None if file.problem else self.offer.suitability)
        self.part.setVisible(not file.problem)
        self._say_closer()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def _say_closer(self) -> None:
        self.closer.setText(self.tr("reads its header …") if self._is_looking else self.tr("Look closer"))
        self.closer.setToolTip(self.tr("Reads the first megabytes of the file, so that the verdict is exact"))
        self.closer.setAccessibleName(f"{self.closer.text()}: {self.offer.file.name}")
        self.closer.setEnabled(not self._is_looking and not self._is_offline)
        self.closer.setVisible(self.offer.suitability.is_rough and not self.offer.file.problem)
