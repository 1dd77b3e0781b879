"""Letting a window live until something is so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

GIVE_UP_MS = 600_000
LOOK_MS = 5
LOOK_SELDOM_MS = 100
"""While something is measured: looking takes time from it."""


def wait_for_paint(widget: QWidget, until: Callable[[], bool], *, give_up_ms: int = GIVE_UP_MS) -> None:
    """Run the event loop until a widget has been painted while something was so.

    Looks only when it is painted: looking again and again takes time from the threads that are measured.

    Raises:
        RuntimeError: It was not so in time.
    """
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
            if event.type() == QEvent.Type.Paint and until():
                QTimer.singleShot(0, loop.quit)  # behind the paint
            return False

    loop, limit, painted = QEventLoop(), QTimer(), Painted()
    limit.timeout.connect(lambda: loop.exit(1))
    limit.start(give_up_ms)
    widget.installEventFilter(painted)
    if loop.exec():
        raise RuntimeError("the window was not painted")


def wait(until: Callable[[], bool], *, look_ms: int = LOOK_MS, give_up_ms: int = GIVE_UP_MS) -> None:
    """Run the event loop of this thread's window until something is so.

    Raises:
        RuntimeError: It was not so in time.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    loop, timer, limit = QEventLoop(), QTimer(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if until() else None)
    limit.timeout.connect(lambda: loop.exit(1))
    timer.start(look_ms)
    limit.start(give_up_ms)
    if loop.exec():
        raise RuntimeError("the window did not come to an end")
