"""The window while it paints: gaps between its events, the cost of a token, opening a long conversation.

Echo tells the reply, through a real child, pipe and store: what is measured is the window, not a model.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from bench.side import serve, take_stdout
from bench.waiting import LOOK_SELDOM_MS, wait, wait_for_paint
from teahouse.app import App

DELAY_MS = 4
"""Between two tokens of echo: with its own work somewhat more than 200 tokens a second."""

TICK_MS = 2
FEEDS = 400
PARAGRAPH = (
    "Tea is picked, withered and *rolled*; then it is dried. 茶叶先萎凋，再揉捻，最后干燥。 "
    "Some say `oolong` stands between **green** and black.\n\n- leaves\n- water\n\n"
)


class Watcher:
    """Gaps between two turns of the window's event loop, less what the thread waited for a core."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps_ms: list[float] = []
        self._last = self._now()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self.gaps_ms, self._last = [], self._now()
        self._timer.start(TICK_MS)

    def stop(self) -> list[float]:
        """End; returns the gaps in milliseconds."""
        self._timer.stop()
        return self.gaps_ms

    def _tick(self) -> None:
        now = self._now()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now

    @staticmethod
    def _now() -> float:
        """Seconds, without those in which the thread could run and no core was free (Linux)."""
        try:
            waited = int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1])
        except (OSError, IndexError):
            waited = 0
        return perf_counter() - waited / 1e9


class OurWindow:
    """The window on a fresh home with echo as its model."""

    def __init__(self) -> None:
        from teahouse_desktop import collector
        from teahouse_desktop.start import make_application, open_desk

        self._application = make_application()
        self.app = App.open()
        self.app.settings.set("echo.delay_ms", DELAY_MS)
        self.app.settings.set("chat.max_tokens", 1_000_000)
        self._desk = open_desk(self.app, self._application)
        self._chat = self._desk.window.chat
        self._filled: dict[int, str] = {}
        wait(lambda: self._desk.window.topbar.picker.has_model)
        collector.settle()  # as `start.run` does

    def measure(self, *, what: str, **sizes: int) -> dict[str, Any]:
        """One of `stream`, `cost`, `open`."""
        return {"stream": self.stream, "cost": self.cost, "open": self.open}[what](**sizes)

    def stream(self, *, messages: int, tokens: int) -> dict[str, Any]:
        """Gaps while a reply of so many characters comes into a conversation of so many messages."""
        self._chat.open(fill(self.app, messages))
        wait(lambda: len(self._chat.transcript.column.items) >= messages)
        watcher = Watcher()
        text = (PARAGRAPH * (tokens // len(PARAGRAPH) + 1))[:tokens]
        self._chat.composer.set_text(text)
        self._chat.composer.field.submitted.emit()
        wait(lambda: bool(self._chat.live and self._chat.live.text))
        begun = perf_counter()
        watcher.start()
        wait(lambda: self._chat.live is None, look_ms=LOOK_SELDOM_MS)
        seconds = perf_counter() - begun
        return {"gaps_ms": watcher.stop(), "tokens_a_second": tokens / seconds}

    def cost(self, *, characters: int) -> dict[str, Any]:
        """This thread's milliseconds for each token that comes after so many characters."""
        from PySide6.QtCore import QCoreApplication

        from teahouse.messages import Message
        from teahouse_desktop.chat.shown import Shown

        view = self._chat.transcript
        self._chat.pages.setCurrentWidget(view)
        text = (PARAGRAPH * (characters // len(PARAGRAPH) + 1))[:characters]
        view.open([Shown(Message("live", "c", None, "assistant", "streaming", 0))])
        view.feed(0, text)
        QCoreApplication.processEvents()
        begun = thread_time()
        for number in range(FEEDS):
            start = number * 4 % len(PARAGRAPH)
            view.feed(0, PARAGRAPH[start : start + 4])
            QCoreApplication.processEvents()
        return {"ms": (thread_time() - begun) * 1000 / FEEDS}

    def open(self, *, messages: int) -> dict[str, Any]:
        """Milliseconds from choosing a conversation of so many messages to its last one painted.

        Each time everything that the opening before has begun is over: what it reads of the messages out of
        view after they are painted belongs to no measurement.
        """
        conversation = self._filled.get(messages) or fill(self.app, messages)
        self._filled[messages] = conversation
        column = self._chat.transcript.column
        self._desk.window.desks.lists.start()
        wait(lambda: not column.items and not self.app.jobs.live, look_ms=LOOK_SELDOM_MS)
        begun = perf_counter()
        self._chat.open(conversation)
        wait_for_paint(
            self._chat.transcript.viewport(),
            lambda: len(column.items) >= messages and column.items[-1].is_built,
        )
        ms = (perf_counter() - begun) * 1000
        wait(lambda: not self.app.jobs.live, look_ms=LOOK_SELDOM_MS)
        return {"ms": ms}

    def close(self) -> None:
        """Close the window and the app."""
        self._desk.window.close()
        self.app.close()


def fill(app: App, messages: int) -> str:
    """A conversation of so many messages; returns its id."""
    conversation = app.store.create_conversation()
    leaf: str | None = None
    for number in range(messages // 2):
        user, reply = app.store.add_turn(conversation.id, f"Question {number}", parent_id=leaf)
        assert user
        app.store.append_text(reply.id, PARAGRAPH * 2)
        app.store.finish_message(reply.id, "complete")
        leaf = reply.id
    return conversation.id


def main() -> None:
    """Serve in a fresh home."""
    answers = take_stdout()
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as home:
        os.environ |= {
            "TEAHOUSE_HOME": home,
            "TEAHOUSE_DEV": "1",
            "TEAHOUSE_LANGUAGE": "en",
            "QT_QPA_PLATFORM": "offscreen",
        }
        side = OurWindow()
        try:
            serve(side.measure, answers)
        finally:
            side.close()


if __name__ == "__main__":
    json.loads(sys.argv[1])
    main()
