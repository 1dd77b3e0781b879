"""The offer to fetch the embedding model, while there is none: why, how large, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse.jobs import Job
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.downloads import Downloads, key_of
from teahouse_desktop.operations import Operation
from teahouse_desktop.widgets.cards import make_label

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.catalogue import Entry
    from teahouse_desktop.panel import PanelWindow

_ = Translator("teahouse_documents")


class EmbedderPart(QFrame):
    """A frame with the offer; hidden where nothing is missing.

    Signals:
        arrived: The model is here.
        way_requested: What would help after a failure: `online` or `folder`.
    """

    arrived = Signal()
    way_requested = Signal(str)

    def __init__(self, app: App, window: PanelWindow, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._look = look
        self._entry: Entry | None = None
        self._downloads = Downloads(app, _WindowRunner(window), self)  # type: ignore[arg-type]
        self._downloads.changed.connect(self._show_download)
        self._downloads.ended.connect(self._on_ended)
        self.words = make_label()
        self.words.setText(
            _(
                "Passages are found by their words only. With an embedding model they are found by their "
                "meaning, too, also across Chinese and English. It is fetched once and runs on this machine."
            )
        )
        self.part: DownloadPart | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 9, 12, 10)
        self._column.addWidget(self.words)
        self.hide()

    def show_missing(self, entry: Entry | None, *, is_offline: bool) -> None:
        """Offer this model; None for nothing."""
        if entry is not None and (self._entry is None or entry.key != self._entry.key):
            self._make_part(entry)
        if self.part is not None:
            self.part.show_offline(is_offline)
        self._entry = entry or self._entry
        self.setVisible(entry is not None)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        if self.part is not None:
            self.part.set_look(look)

    def _make_part(self, entry: Entry) -> None:
        if self.part is not None:
            self._column.removeWidget(self.part)
            self.part.deleteLater()
        part = self.part = DownloadPart(entry, entry.name, self._look)
        part.fetch_requested.connect(lambda: self._downloads.add(entry))
        part.stop_requested.connect(lambda: self._downloads.stop(key_of(entry)))
        part.way_requested.connect(self.way_requested)
        part.use.setVisible(False)
        self._column.addWidget(part)

    def _show_download(self, key: str) -> None:
        if self.part is not None:
            self.part.show_download(self._downloads.find(key))

    def _on_ended(self, download: Any) -> None:
        if download.state == "done":
            self.arrived.emit()


class _WindowRunner:
    """Runs downloads through what a plugin may use of the window."""

    def __init__(self, window: PanelWindow) -> None:
        self._window = window

    def start(self, operation: Operation, **heard: Any) -> Job:
        return self._window.run(operation, **heard)

    def stop(self, job: Job) -> None:
        self._window.stop(job)
