"""The part of a card that fetches a model: its button, how far it is, why it failed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.downloads import Download, Wanted
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine, percent


class DownloadPart(QWidget):
    """Downloads one file.

    Signals:
        fetch_requested: Begin, or go on.
        stop_requested: End it; what has arrived is kept.
        use_requested: It is here: use it.
        way_requested: What would help after a failure: `online` or `folder`.
    """

    fetch_requested = Signal()
    stop_requested = Signal()
    use_requested = Signal()
    way_requested = Signal(str)

    def __init__(
        self,
        wanted: Wanted,
        name: str,
        look: Look,
        *,
        kept_bytes: int = 0,
        is_here: bool = False,
        kind: str = "primary",
    ) -> None:
        super().__init__()
        self._wanted, self._name, self._kept_bytes = wanted, name, kept_bytes
        self._is_here, self._is_offline = is_here, False
        self._download: Download | None = None
        self._told, self._was_busy = "", False
        self.fetch = make_button(self.fetch_requested.emit, kind)
        self.use = make_button(self.use_requested.emit)
        self.way = make_button(lambda: self.way_requested.emit(self._way))
        self.state, self.error = make_label("muted"), make_label("danger")
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(5)
        for part in (self.progress, self.state, self.error):
            column.addWidget(part)
        self.row = FlowRow(self, left=(self.fetch, self.use, self.way))
        column.addWidget(self.row)
        self.say()

    def show_download(self, download: Download | None) -> None:
        """Show how far it is, or that nothing is under way."""
        self._download = download
        if download is not None and download.state in ("stopped", "failed"):
            self._kept_bytes = self._kept_bytes if download.kept_bytes is None else download.kept_bytes
        elif download is not None and download.state == "done":
            self._kept_bytes, self._is_here = 0, True
        self.say()
        is_done = download is not None and download.state == "done"
        news = self.tr("{name} has arrived.").format(name=self._name) if is_done else self.error.text()
        if news and news != self._told and self._was_busy:  # not of one that ended before this was shown
            accessible.announce(self, news)
        self._told = news
        self._was_busy = download is not None and download.state in ("waiting", "running")

    @property
    def is_here(self) -> bool:
        """Whether it is among the models of this machine."""
        return self._is_here

    def show_here(self, is_here: bool) -> None:
        """Say whether it is among the models of this machine."""
        self._is_here = is_here
        self.say()

    def show_offline(self, is_offline: bool) -> None:
        """Nothing can be fetched while the app is set to stay offline."""
        self._is_offline = is_offline
        self.say()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.progress.set_look(look)

    def say(self) -> None:
        """Say everything in the language in force."""
        download = self._download
        is_busy = download is not None and download.state in ("waiting", "running")
        failure = download.failure if download is not None and not is_busy else None
        if download is not None and is_busy:
            self.progress.show_progress(percent(download.fraction), download.fraction)
        else:
            self.progress.hide()
        self.fetch.setText(self._verb(is_retry=failure is not None))
        self.fetch.setAccessibleName(f"{self.fetch.text()}: {self._name}")
        self.fetch.setEnabled(not self._is_offline)
        self.fetch.setVisible(not is_busy and not self._is_here)
        self.use.setText(self.tr("Use in this conversation"))
        self.use.setAccessibleName(f"{self.use.text()}: {self._name}")
        self.use.setVisible(self._is_here and not is_busy)
        self.way.setText(self._way_in_words())
        self.way.setVisible(bool(self._way))
        self.state.setText(self._state_in_words(download))
        self.state.setVisible(bool(self.state.text()))
        self.error.setText(failure.text if failure else "")
        self.error.setVisible(failure is not None)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    @property
    def _way(self) -> str:
        download = self._download
        is_failed = download is not None and download.state == "failed"
        return download.failure.way if is_failed and download and download.failure else ""

    def _way_in_words(self) -> str:
        if self._way == "online":
            return self.tr("Allow downloads …")
        return self.tr("Choose another folder …")

    def _state_in_words(self, download: Download | None) -> str:
        if download is not None and download.state in ("waiting", "running"):
            return download.words
        if self._is_here:
            return self.tr("It is on this computer.")
        if self._kept_bytes:
            text = self.tr("{done} of {total} have arrived and are kept.")
            total = size_in_words(self._wanted.size_bytes)
            return text.format(done=size_in_words(self._kept_bytes), total=total)
        return ""

    def _verb(self, *, is_retry: bool) -> str:
        if is_retry:
            return self.tr("Try again")
        if self._kept_bytes:
            return self.tr("Go on with the download")
        return self.tr("Download ({size})").format(size=size_in_words(self._wanted.size_bytes))
