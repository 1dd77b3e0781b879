"""How fast the window opens and what it takes: the report of `teahouse --startup-report`.

`first_paint_s` runs from the start of the process to the end of the window's first paint; where the
system does not tell when the process started, from the import of this module. Memory and modules are
read when the window has read its lists and rests.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from teahouse.app import App

_IMPORTED_S = time.monotonic()
REST_MS = 500
WAIT_AT_MOST_S = 15.0


class StartupWatch(QObject):
    """Sees the first paint of a window, waits until it rests, and hands over the report.

    Args:
        done: Gets the report: `first_paint_s`, `rss_bytes` (None where it cannot be told) and `modules`, the
            names of the imported packages outside the standard library.
    """

    def __init__(self, app: App, window: QWidget, done: Callable[[dict[str, Any]], object]) -> None:
        super().__init__(window)
        self._app, self._done = app, done
        self._first_paint_s: float | None = None
        self._began_s = time.monotonic()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._look)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first request to paint has just come; what is queued behind it comes after the paint."""
        if event.type() == QEvent.Type.Paint and self._first_paint_s is None:
            self._first_paint_s = -1.0
            QTimer.singleShot(0, self, self._on_painted)
        return super().eventFilter(watched, event)

    def _on_painted(self) -> None:
        self._window.removeEventFilter(self)
        self._first_paint_s = since_start_s()
        self._timer.start()

    def _look(self) -> None:
        is_late = time.monotonic() - self._began_s > WAIT_AT_MOST_S
        if self._app.jobs.live and not is_late:
            self._timer.start()
            return
        self._done(
            {
                "first_paint_s": round(self._first_paint_s or 0.0, 3),
                "rss_bytes": rss_bytes(),
                "modules": foreign_modules(),
            }
        )


def print_report(report: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(report) + "\n")
    sys.stdout.flush()


def foreign_modules() -> list[str]:
    """Names of the imported packages that the standard library does not bring."""
    tops = {name.partition(".")[0] for name in list(sys.modules)}
    return sorted(name for name in tops - sys.stdlib_module_names if not name.startswith("_"))


def since_start_s() -> float:
    """Seconds since this process started."""
    try:
        told = Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - int(told[19]) / ticks
    except (OSError, AttributeError, ValueError, IndexError):  # no Linux
        return time.monotonic() - _IMPORTED_S


def rss_bytes() -> int | None:
    """Memory of this process that is in use now; the most it ever took on macOS; None on Windows."""
    try:
        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        pass
    if sys.platform == "win32":
        return None
    import resource

    most: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most
