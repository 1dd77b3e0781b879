"""Letting a window live until something is so."""

from __future__ import annotations

from collections.abc import Callable

GIVE_UP_MS = 600_000
LOOK_MS = 5
LOOK_SELDOM_MS = 100
"""While something is measured: looking takes time from it."""


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
