"""What every picture needs: waiting until something is there, asking the model, grabbing what is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from teahouse.errors import AppError
from teahouse_desktop.start import Desk

SETTLE_MS = 400
REPLY_S = 300
PATIENCE_S = 30

Place = Callable[[Desk], AbstractContextManager[QWidget]]
"""Goes somewhere, hands over what is to be seen there, and comes back."""


def pause(duration_ms: int = SETTLE_MS) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


def wait(is_done: Callable[[], object], what: str, *, timeout_s: float = PATIENCE_S) -> None:
    """Let the window work until something is true.

    Raises:
        AppError: It never was.
    """
    for _ in range(round(timeout_s * 1000 / 50)):
        if is_done():
            return
        pause(50)
    raise AppError(f"The picture waited in vain for {what}.")


def begin(desk: Desk) -> None:
    """Go to a new conversation."""
    desk.window.pages.close()
    desk.window.desks.lists.start()
    pause()


def ask(desk: Desk, text: str, *, is_begun: bool = False) -> None:
    """Send a message and wait for the reply's end, or only for its beginning."""
    chat = desk.window.chat
    count = len(chat.transcript.column.items)
    chat.send(text)
    wait(lambda: len(chat.transcript.column.items) > count, "the message")
    if is_begun:
        return
    wait(lambda: chat.live is None, "the reply's end", timeout_s=REPLY_S)
    pause()


def grab(widget: QWidget) -> QPixmap:
    """What is to be seen of a window, with the menus over it; of anything else the thing itself."""
    if QGuiApplication.platformName() == "offscreen" or not widget.isWindow():
        return widget.grab()
    place = widget.geometry()
    return widget.screen().grabWindow(0, place.x(), place.y(), place.width(), place.height())
