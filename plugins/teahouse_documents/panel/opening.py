"""Opens files and folders in their own programs, after a look whether they are there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from teahouse import AppError, Translator
from teahouse.jobs import Job, JobEnded
from teahouse_desktop.widgets.notices import NoticeBar
from teahouse_documents.values import DocumentsError

_ = Translator("teahouse_documents")


class Asks(Protocol):
    """Has something done beside the window."""

    def ask(self, title: str, call: Callable[[Any, Any], Any], *, ended: Callable[[JobEnded], object]) -> Job:
        """Call `call(library, cancel)` in a job."""


class Opener(QObject):
    """Tells in the bar of notices what could not be opened."""

    def __init__(self, shelf: Asks, notices: NoticeBar, parent: QObject) -> None:
        super().__init__(parent)
        self._shelf, self._notices = shelf, notices

    def open(self, path: str, *, is_folder: bool = False) -> None:
        """Open a file in its own program.

        Args:
            is_folder: Open the folder it lies in instead.
        """
        self._shelf.ask(
            _("Opening a file"), lambda _library, _cancel: _there(path, is_folder), ended=self._end
        )

    def _end(self, event: JobEnded) -> None:
        error = event.error
        if isinstance(error, AppError):
            self._notices.show_text(error.text, error.hint, is_error=True)
        elif error is not None:
            self._notices.show_text(f"{event.job.title}: {error}", is_error=True)
        elif event.result and not QDesktopServices.openUrl(QUrl.fromLocalFile(event.result)):
            text = _("There is no program that opens {path}.").format(path=event.result)
            self._notices.show_text(text, is_error=True)


def _there(path: str, is_folder: bool) -> str:
    """What is to be opened.

    Raises:
        DocumentsError: It is not there.
    """
    file = Path(path)
    target = file.parent if is_folder and not file.is_dir() else file
    if not target.exists():
        raise DocumentsError(
            _("{path} is not there any more.").format(path=target),
            _("What was read of it is kept until its folder is looked through again."),
        )
    return str(target)
