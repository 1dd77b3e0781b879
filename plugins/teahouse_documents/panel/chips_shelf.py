"""What the chips above the composer know of the library: which collections there are, and which types."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from teahouse import Translator
from teahouse.events import Changed
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse_desktop.operations import Operation
from teahouse_documents.values import Collection, DocumentsChanged

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

PAUSE_MS = 1500
"""While files are read the library changes twice a second."""


class ChipsShelf(QObject):
    """Reads names, beside the window's thread; what cannot be read is as good as not there.

    Signals:
        read: `collections` is new.
        types_read: (ending, count) of the files of the collections that were asked for.
        settings_changed: What holds for all conversations may be another value.

    Attributes:
        has_read: Whether `collections` is known at all.
    """

    read = Signal()
    types_read = Signal(object)
    settings_changed = Signal()
    _heard = Signal(object)

    def __init__(
        self, app: App, window: PanelWindow, library: Callable[[], Library], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.collections: tuple[Collection, ...] = ()
        self.has_read = False
        self._window, self._library = window, library
        self._reading: Job | None = None
        self._told = (-1, -1)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.refresh)
        self._heard.connect(self._on_event)
        forget = app.events.listen(lambda event: self._hear(event))
        self.destroyed.connect(lambda: forget())

    @property
    def names(self) -> list[str]:
        """Of the collections."""
        return [one.name for one in self.collections]

    def refresh(self) -> None:
        """Read the collections."""
        if self._reading is not None:
            self._timer.start()
            return
        self._reading = self._run(lambda library: library.collections(), self._on_read)

    def ask_types(self, names: Sequence[str]) -> None:
        """Read which types of files collections have."""
        self._run(lambda library: library.types(names), self._on_types)

    # --- inside -----------------------------------------------------------------------------------

    def _run(self, call: Callable[[Library], Any], ended: Callable[[JobEnded], None]) -> Job:
        def work(_cancel: Cancel) -> Generator[object, None, Any]:
            yield from ()
            return call(self._library())

        return self._window.run(Operation(_("Reading the library"), work, is_background=True), ended=ended)

    def _on_read(self, ended: JobEnded) -> None:
        self._reading = None
        if ended.error is None and not ended.is_cancelled:
            self.collections, self.has_read = tuple(ended.result or ()), True
            self.read.emit()

    def _on_types(self, ended: JobEnded) -> None:
        if ended.error is None and not ended.is_cancelled:
            self.types_read.emit(ended.result or [])

    def _hear(self, event: object) -> None:
        """On whatever thread publishes."""
        concerns = isinstance(event, DocumentsChanged) or (
            isinstance(event, Changed) and "settings" in event.kinds
        )
        if concerns and isValid(self):
            self._heard.emit(event)

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed):
            self.settings_changed.emit()
        elif isinstance(event, DocumentsChanged):
            told = (event.status.revision, event.status.files)
            if told != self._told and not self._timer.isActive():
                self._timer.start()
            self._told = told
