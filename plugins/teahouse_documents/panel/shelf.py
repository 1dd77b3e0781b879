"""What the panel knows of the library, and the way to ask it: always beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from teahouse import AppError, Translator
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse_desktop.operations import Lane, Operation
from teahouse_documents import needs
from teahouse_documents.offer import missing_embedder
from teahouse_documents.values import Collection, DocumentsChanged, Problem, Source, SourceOptions, Status

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.catalogue import Entry
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")


@dataclass(frozen=True, slots=True)
class Held:
    """All that was read of the library at one moment.

    Attributes:
        missing: The embedding model that is to be fetched; None where one is here or another was chosen.
    """

    collections: tuple[Collection, ...] = ()
    problems: tuple[Problem, ...] = ()
    status: Status = field(default_factory=Status)
    missing: Entry | None = None
    is_offline: bool = False


class Shelf(QObject):
    """Reads the library, hears of its changes and passes on what people want of it.

    Signals:
        read: `held` is new.
        progressed: Only `status` is new.
        failed: (text, hint) of something that could not be done.
        succeeded: (text) of something that was done and is not seen otherwise.
    """

    read = Signal()
    progressed = Signal()
    failed = Signal(str, str)
    succeeded = Signal(str)
    _heard = Signal(object)

    def __init__(
        self, app: App, window: PanelWindow, library: Callable[[], Library], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.held, self.status = Held(), Status()
        self.problem: AppError | None = None
        self.has_read = False
        self._app, self._window, self._library = app, window, library
        self._reading: Job | None = None
        self._is_stale = False
        self._heard.connect(self._on_event)
        forget = app.events.listen(lambda event: self._hear(event))
        self.destroyed.connect(lambda: forget())

    def refresh(self) -> None:
        """Read the library, once more after what is being read now."""
        if self._reading is not None:
            self._is_stale = True
            return
        self._reading = self._run(_("Reading the library"), self._read, ended=self._on_read)

    def do(
        self,
        title: str,
        call: Callable[[Library], Any],
        *,
        done: Callable[[Any], object] | None = None,
        told: str = "",
    ) -> Job:
        """Ask something of the library, then read it anew.

        Args:
            title: What is being done, for errors.
            done: Called with the result.
            told: What to say once it is done.
        """

        def ended(event: JobEnded) -> None:
            self._tell(event)
            if event.error is None and not event.is_cancelled:
                if done is not None:
                    done(event.result)
                if told:
                    self.succeeded.emit(told)
            self.refresh()

        return self._run(title, lambda _cancel: call(self._library()), ended=ended)

    def ask(
        self,
        title: str,
        call: Callable[[Library, Cancel], Any],
        *,
        ended: Callable[[JobEnded], object],
        lane: Lane = "io",
    ) -> Job:
        """Ask something of the library that changes nothing in it; who asks hears also of the error.

        Args:
            lane: `model` where a model is asked besides.
        """
        return self._run(title, lambda cancel: call(self._library(), cancel), ended=ended, lane=lane)

    def stop(self, job: Job) -> None:
        """What was asked is not wanted any longer."""
        self._window.stop(job)

    # --- what people want of it ---------------------------------------------------------------------

    def add(self, collection: str, paths: list[str], options: SourceOptions | None = None) -> None:
        """Take folders, files or the past conversations into a collection."""
        given = options or SourceOptions()

        def call(library: Library) -> None:
            for path in paths:
                library.add(collection, path if path == "conversations" else Path(path), given)

        self.do(_("Adding to the documents"), call)

    def change_rules(self, collection: str, source: Source, options: SourceOptions) -> None:
        """Give a source other rules."""
        self.do(_("Changing what is left out"), lambda library: library.add(collection, source.path, options))

    def pause(self, *, is_paused: bool) -> None:
        """Read on later, or go on."""
        if is_paused:
            self.do(_("Pausing"), lambda library: library.pause())
        else:
            self.do(_("Going on"), lambda library: library.resume())

    # --- inside -----------------------------------------------------------------------------------

    def _run(
        self,
        title: str,
        call: Callable[[Cancel], Any],
        *,
        ended: Callable[[JobEnded], object],
        lane: Lane = "io",
    ) -> Job:
        def work(cancel: Cancel) -> Generator[object, None, Any]:
            yield from ()
            return call(cancel)

        def heard(event: JobEnded) -> None:
            if isValid(self):
                ended(event)

        return self._window.run(Operation(title, work, lane), ended=heard)

    def _read(self, _cancel: Cancel) -> Held:
        needs.check()
        library = self._library()
        return Held(
            tuple(library.collections()),
            tuple(library.problems()),
            library.status(),
            missing_embedder(self._app),
            bool(self._app.settings.get("net.offline")),
        )

    def _on_read(self, event: JobEnded) -> None:
        self._reading, self.has_read = None, True
        if isinstance(event.error, AppError):
            self.problem = event.error
        elif event.error is not None:
            self._tell(event)
        elif not event.is_cancelled:
            self.problem, self.held, self.status = None, event.result, event.result.status
        self.read.emit()
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def _tell(self, event: JobEnded) -> None:
        error = event.error
        if isinstance(error, AppError):
            self.failed.emit(error.text, error.hint)
        elif error is not None:
            text = _("{title} failed: {error}. Nothing was changed in your files.")
            told = f"{type(error).__name__}: {error}"
            self.failed.emit(text.format(title=event.job.title, error=told), "")

    def _hear(self, event: object) -> None:
        """On the thread that publishes."""
        if isinstance(event, DocumentsChanged) and isValid(self):
            self._heard.emit(event.status)

    def _on_event(self, status: Status) -> None:
        before, self.status = self.status, status
        self.progressed.emit()
        has_changed = (before.revision, before.failed, before.files, before.problems, before.done) != (
            (status.revision, status.failed, status.files, status.problems, status.done)
        )
        if has_changed:
            self.refresh()
