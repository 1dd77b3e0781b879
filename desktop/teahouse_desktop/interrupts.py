"""Ctrl-C in the terminal, or the desktop ending the session: the window quits as its menu does."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

READ_AT_ONCE = 64

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Ctrl-C, and how a session or a service ends its programs."""


class Interrupts(QObject):
    """Listens while Qt's loop runs, in which Python by itself would hear nothing.

    The first signal quits, which saves what has to be saved; the next of its kind ends the process at once.
    One that is ignored in this process stays so.

    Args:
        quit_app: What “Quit” does.
    """

    def __init__(self, quit_app: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quit = quit_app
        self._pipe: tuple[int, int] | None = None
        is_main = threading.current_thread() is threading.main_thread()
        heard = [one for one in SIGNALS if is_main and signal.getsignal(one) is not signal.SIG_IGN]
        self._before = {one: signal.signal(one, self._on_signal) for one in heard}
        if heard:
            self._wake_up()

    def stop(self) -> None:
        """Leave the signals as they were before."""
        for one, before in self._before.items():
            signal.signal(one, before)
        self._before.clear()
        if self._pipe is not None:
            signal.set_wakeup_fd(-1)
            self._notifier.setEnabled(False)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _wake_up(self) -> None:
        """Let a signal wake Qt's loop; on Windows a pipe cannot, and the next timer of ours does."""
        if sys.platform == "win32":
            return
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def _drain(self) -> None:
        """Python calls the handler on its way here."""
        if self._pipe is not None:
            os.read(self._pipe[0], READ_AT_ONCE)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        QTimer.singleShot(0, self, self._quit)
