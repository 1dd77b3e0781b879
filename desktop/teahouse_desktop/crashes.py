"""Exceptions that nobody caught: all are logged, one dialog at a time tells of them."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from teahouse_desktop.widgets.dialogs import show_bug

log = logging.getLogger(__name__)


class CrashReporter(QObject):
    """Hears of uncaught exceptions of every thread between `install` and `remove`."""

    _caught = Signal(str)

    def __init__(self, window: QWidget, logs: Path) -> None:
        super().__init__(window)
        self._window, self._logs = window, logs
        self._box: QMessageBox | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._caught.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the place of Python's own reports."""
        sys.excepthook = self.report
        threading.excepthook = self._report_thread

    def remove(self) -> None:
        """Give the place back."""
        sys.excepthook, threading.excepthook = self._before

    def report(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Log an exception and tell of it."""
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, traceback)
            return
        log.critical("uncaught exception", exc_info=(kind, error, traceback))
        self._caught.emit(f"{kind.__name__}: {error}")

    @Slot(str)
    def show(self, text: str) -> None:
        """Open the dialog, unless one is open."""
        if self._box is None:
            self._box = show_bug(self._window, text, str(self._logs))
            self._box.destroyed.connect(self._forget)

    def _report_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_type, args.exc_value, args.exc_traceback)

    def _forget(self) -> None:
        self._box = None
