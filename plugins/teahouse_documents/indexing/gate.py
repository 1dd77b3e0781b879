"""Whether indexing may go on: paused, held back while a reply runs, halted by a fault, or ended."""

from __future__ import annotations

import threading
import time

from teahouse_documents.values import Problem

AGAIN_AFTER_S = 60.0
"""After a fault (a full disk, an embedder that dies) indexing tries again by itself."""


class Gate:
    """Asked before each small step; any thread may use it."""

    def __init__(self, *, is_paused: bool = False) -> None:
        self._is_paused = is_paused
        self._held_until = 0.0
        self._halted_until = 0.0
        self._fault: Problem | None = None
        self._is_stopped = threading.Event()
        self._news = threading.Condition()

    @property
    def is_stopped(self) -> bool:
        """Whether everything ends."""
        return self._is_stopped.is_set()

    @property
    def is_paused(self) -> bool:
        """Whether a person has paused."""
        return self._is_paused

    @property
    def is_yielding(self) -> bool:
        """Whether it waits while a reply is written."""
        return time.monotonic() < self._held_until

    @property
    def fault(self) -> Problem | None:
        """What has stopped indexing; it is tried again later, or when a person resumes."""
        return self._fault

    @property
    def is_open(self) -> bool:
        """Whether a step may be taken now."""
        now = time.monotonic()
        return (
            not self._is_paused and not self.is_stopped and now >= max(self._held_until, self._halted_until)
        )

    def pause(self) -> None:
        """Take no step until `resume`."""
        self._is_paused = True

    def resume(self) -> None:
        """Go on, also after a fault."""
        self._is_paused = False
        self._halted_until = 0.0
        self._fault = None
        self.wake()

    def hold(self, seconds: float) -> None:
        """Take no step for so long, counted from now."""
        self._held_until = max(self._held_until, time.monotonic() + seconds) if seconds > 0 else 0.0
        self.wake()

    def halt(self, fault: Problem) -> None:
        """Something is in the way: wait a while, and say what it is."""
        self._fault = fault
        self._halted_until = time.monotonic() + AGAIN_AFTER_S

    def clear(self) -> None:
        """A step went well again."""
        self._fault = None

    def stop(self) -> None:
        """End for good."""
        self._is_stopped.set()
        self.wake()

    def wake(self) -> None:
        """There may be something to do."""
        with self._news:
            self._news.notify_all()

    def wait(self, seconds: float) -> None:
        """Sleep until there may be something to do, at most so long."""
        with self._news:
            if not self.is_stopped:
                self._news.wait(seconds)
