"""The offer to fetch the embedding model, while there is none: why, how large, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.downloads import Download, key_of
from teahouse_desktop.widgets.cards import make_button, make_label

if TYPE_CHECKING:
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

    def __init__(self, window: PanelWindow, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._look = look
        self._entry: Entry | None = None
        self._downloads = window.downloads
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
        self.offline = make_label("muted")
        self.offline.setText(_("Teahouse is set to stay offline, so it cannot be fetched."))
        self.allow = make_button(lambda: self.way_requested.emit("online"))
        self.allow.setText(_("Allow downloads …"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 9, 12, 10)
        self._column.addWidget(self.words)
        self._column.addWidget(self.offline)
        self._column.addWidget(self.allow, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_missing(self, entry: Entry | None, *, is_offline: bool) -> None:
        """Offer this model; None for nothing."""
        if entry is not None and (self._entry is None or entry.key != self._entry.key):
            self._make_part(entry)
        if self.part is not None:
            self.part.show_offline(is_offline)
            self.part.setVisible(not is_offline)
        for part in (self.offline, self.allow):
            part.setVisible(is_offline)
        self._entry = entry or self._entry
        self.setVisible(entry is not None)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        if self.part is not None:
            self.part.set_look(look)

    def _make_part(self, entry: Entry) -> None:
        self._entry = entry
        if self.part is not None:
            self._column.removeWidget(self.part)
            self.part.deleteLater()
        part = self.part = DownloadPart(entry, entry.name, self._look)
        part.fetch_requested.connect(lambda: self._downloads.add(entry))
        part.stop_requested.connect(lambda: self._downloads.stop(key_of(entry)))
        part.way_requested.connect(self.way_requested)
        part.use.setVisible(False)
        part.show_download(self._downloads.find(key_of(entry)))
        self._column.addWidget(part)

    def _show_download(self, key: str) -> None:
        if self.part is not None and self._entry is not None and key == key_of(self._entry):
            self.part.show_download(self._downloads.find(key))

    def _on_ended(self, download: Download) -> None:
        is_ours = self._entry is not None and key_of(download.wanted) == key_of(self._entry)
        if is_ours and download.state == "done":
            self.arrived.emit()
