"""Summarising from the panel, and from a message of a conversation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from teahouse import AppError, Translator
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.operations import Operation
from teahouse_documents.panel.summary_page import SummaryPage
from teahouse_documents.scanning import names
from teahouse_documents.summary import summarise_file

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow

_ = Translator("teahouse_documents")


class SummaryDesk(QObject):
    """Connects the page with the work; one document at a time."""

    def __init__(self, app: App, page: SummaryPage, window: PanelWindow) -> None:
        super().__init__(page)
        self._app, self._page, self._window = app, page, window
        self._job: Job | None = None
        self._path = Path()
        page.stop_requested.connect(self.stop)
        page.again_requested.connect(lambda: self.begin(self._path))
        window.look_changed.connect(self._on_look)

    def begin(self, path: Path) -> None:
        """Summarise a file; what was being summarised is stopped."""
        self.stop()
        self._path = path
        self._page.show_begun(names.shown(path.name))
        work = summarise_file(self._app, path, model=self._window.model)
        self._job = self._window.run(
            Operation(_("Summarising a document"), work, "model"),
            progressed=self._page.show_step,
            ended=self._on_ended,
        )

    def stop(self) -> None:
        """Write no more of it."""
        if self._job is not None:
            self._window.stop(self._job)

    def _on_look(self) -> None:
        self._page.set_look(self._window.look)

    def _on_ended(self, event: JobEnded) -> None:
        if event.job is not self._job:
            return  # of a document before
        self._job = None
        if isinstance(event.error, AppError):
            self._page.show_ended(sentences(event.error.text, event.error.hint))
        elif event.error is not None:
            self._page.show_ended(f"{event.job.title}: {event.error!r}")
        elif event.is_cancelled:
            self._page.show_ended()
        else:
            self._page.show_made(event.result)


def ask_file(parent: QWidget, take: Callable[[Path], object]) -> None:
    """Let a person choose the file."""
    dialog = QFileDialog(parent.window(), _("Summarise a document"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.open()
