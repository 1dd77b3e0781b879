"""Opens files and folders in their own programs, after a look whether they are there; never runs one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from teahouse import AppError, Translator
from teahouse.jobs import Job, JobEnded
from teahouse_desktop.widgets.notices import NoticeBar
from teahouse_documents.reader.excerpt import file_of
from teahouse_documents.scanning import names
from teahouse_documents.values import DocumentsError

_ = Translator("teahouse_documents")

RUN = frozenset(
    (
        *(".bat", ".cmd", ".com", ".exe", ".scr", ".pif", ".cpl", ".msi", ".msc", ".msp", ".reg", ".inf"),
        *(".js", ".mjs", ".cjs", ".jse", ".vbs", ".vbe", ".wsf", ".wsh", ".wsc", ".hta", ".chm", ".sct"),
        *(".ps1", ".psm1", ".ps1xml", ".lnk", ".url", ".scf", ".jar", ".ahk", ".au3", ".xll", ".jnlp"),
        *(".py", ".pyw", ".pyc", ".pyz", ".pyzw", ".rb", ".rbw", ".pl", ".pm", ".php", ".phar"),
        *(".lua", ".tcl", ".r", ".jl", ".exs", ".fsx", ".csx", ".kts"),
        *(".sh", ".bash", ".zsh", ".fish", ".csh", ".ksh", ".run", ".bin", ".desktop", ".appimage"),
        *(".command", ".tool", ".terminal", ".app", ".workflow", ".action", ".pkg", ".scpt", ".applescript"),
        *(".fileloc", ".inetloc", ".webloc", ".application", ".library-ms", ".settingcontent-ms"),
    )
)
"""Endings that Windows, macOS or a desktop of Linux may run, or go where they point, instead of showing them.

Some need a program beside them that is often there: Python, Java, Ruby. A folder can be a program, too.
"""
ANY_RUN = 0o111
"""Anyone may run it, by its mode."""
SHOWN = frozenset(
    (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".rtf", ".txt", ".md", ".csv")
)
"""Endings of what is only ever shown: drives of Windows give the mode of a program to every file."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is opened.

    Attributes:
        kept_shut: Name of the file that was asked for, where its folder is opened instead of it.
    """

    path: str
    kept_shut: str = ""


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
        """Open a file in its own program; of one that might be run, the folder it lies in.

        Args:
            is_folder: Open the folder it lies in instead.
        """
        self._shelf.ask(
            _("Opening a file"),
            lambda library, _cancel: target_of(file_of(library, path), is_folder=is_folder),
            ended=self._end,
        )

    def _end(self, event: JobEnded) -> None:
        error = event.error
        if isinstance(error, AppError):
            self._notices.show_text(error.text, error.hint, is_error=True)
        elif error is not None:
            self._notices.show_text(f"{event.job.title}: {error}", is_error=True)
        elif isinstance(event.result, Target):
            self._show(event.result)

    def _show(self, target: Target) -> None:
        if not QDesktopServices.openUrl(_url(target.path)):
            text = _("There is no program that opens {path}.").format(path=names.shown(target.path))
            self._notices.show_text(text, is_error=True)
        elif target.kept_shut:
            text = _("{name} may be a program that would run when opened. Its folder was opened instead.")
            self._notices.show_text(text.format(name=names.shown(target.kept_shut)))


def target_of(path: str, *, is_folder: bool = False) -> Target:
    """What is to be opened.

    Raises:
        DocumentsError: It is not there.
    """
    file = Path(path)
    target = file.parent if is_folder and not file.is_dir() else file
    if not target.exists():
        raise DocumentsError(
            _("{path} is not there any more.").format(path=names.shown(str(target))),
            _("What was read of it is kept until its folder is looked through again."),
        )
    return Target(str(target.parent), target.name) if may_run(target) else Target(str(target))


def may_run(path: Path) -> bool:
    """Whether opening it might run it: by its name, that of what it links to, or else its mode."""
    # Windows takes `x.bat.` and `x.bat ` for `x.bat`
    names = (path.name.rstrip(". "), Path(os.path.realpath(path)).name)
    endings = {Path(name).suffix.lower() for name in names}
    if endings & RUN:
        return True
    return not endings <= SHOWN and path.is_file() and bool(path.stat().st_mode & ANY_RUN)


def _url(path: str) -> QUrl:
    """Its address; bytes of a name that are no UTF-8, which Qt cannot take, stand in it as they are."""
    return (
        QUrl.fromLocalFile(path)
        if names.raw(path) is None
        else QUrl.fromEncoded(Path(path).as_uri().encode())
    )
