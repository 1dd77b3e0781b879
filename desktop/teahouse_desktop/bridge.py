"""The one crossing from worker threads to the Qt thread.

Events are queued by whichever thread publishes them; one queued signal wakes the Qt thread. The text
of a reply is gathered and handed on about 30 times a second, all else at once and in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from time import thread_time

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from teahouse.events import Events
from teahouse.jobs import JobProgress
from teahouse.messages import TextDelta

FRAME_MS = 33
"""Shortest time between two showings of streamed text."""
LONGEST_FRAME_MS = 100
SHARE = 0.015
"""Of one core: what showing streamed text may take from the model's threads, unless frames get too long."""


class Bridge(QObject):
    """Re-emits the app's events on the thread this object lives in.

    Signals:
        received: An event; consecutive text of one reply arrives joined.
    """

    received = Signal(object)
    _woken = Signal()

    def __init__(self, events: Events, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._queue: deque[object] = deque()
        self._is_awake = False
        self._since_text = QElapsedTimer()
        self._since_text.start()
        self._spent_s = thread_time()
        self._frame_ms = FRAME_MS
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._drain)
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        self._forget: Callable[[], None] = events.listen(self.publish)

    def publish(self, event: object) -> None:
        """Accept an event from any thread."""
        with self._lock:
            self._queue.append(event)
            wake, self._is_awake = not self._is_awake or not _text_of(event), True
        if wake:
            self._woken.emit()

    def close(self) -> None:
        """Take no more events; what is queued is dropped."""
        self._forget()
        self._timer.stop()
        with self._lock:
            self._queue.clear()
            self._is_awake = True

    @Slot()
    def _drain(self) -> None:
        wait_ms = self._frame_ms - self._since_text.elapsed()
        with self._lock:
            only_text = all(_text_of(event) for event in self._queue)
            if only_text and self._queue and wait_ms > 0:
                self._timer.start(int(wait_ms))
                return
            events, self._queue = list(self._queue), deque()
            self._is_awake = False
        for event in joined(events):
            if _text_of(event):
                self._pace()
            self.received.emit(event)

    def _pace(self) -> None:
        """The next frame waits longer when the last one, painted meanwhile, took much of this thread."""
        self._since_text.restart()
        before, self._spent_s = self._spent_s, thread_time()
        wished_ms = (self._spent_s - before) * 1000 / SHARE
        self._frame_ms = round(min(max(wished_ms, FRAME_MS), LONGEST_FRAME_MS))


def joined(events: list[object]) -> list[object]:
    """The events with consecutive pieces of one reply's text made one."""
    result: list[object] = []
    for event in events:
        before = _text_of(result[-1]) if result else None
        now = _text_of(event)
        if before and now and _are_one(before, now) and isinstance(event, JobProgress):
            result[-1] = JobProgress(event.job, replace(now, text=before.text + now.text))
        else:
            result.append(event)
    return result


def _are_one(before: TextDelta, now: TextDelta) -> bool:
    return (before.reply_id, before.kind) == (now.reply_id, now.kind)


def _text_of(event: object) -> TextDelta | None:
    value = event.value if isinstance(event, JobProgress) else None
    return value if isinstance(value, TextDelta) else None
