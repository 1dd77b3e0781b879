"""Starts operations and brings what they yield and return back to the Qt thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from teahouse.errors import AppError
from teahouse.jobs import Job, JobEnded, JobProgress
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.operations import Operation

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Heard:
    progressed: Callable[[Any], None] | None
    ended: Callable[[JobEnded], None] | None
    done: Callable[[Any], None] | None

    def still(self) -> _Heard:
        """Without those whose widget is gone: a dialog that was closed wants to hear nothing."""
        return _Heard(
            *(call if is_there(call) else None for call in (self.progressed, self.ended, self.done))
        )


def is_there(call: Callable[[Any], None] | None) -> bool:
    """Whether the widget that wants to be called is still there."""
    owner = getattr(call, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class Runner(QObject):
    """Runs operations for the window.

    Signals:
        starting: An `Operation` is about to start.
        failed: The `JobEnded` of an operation whose error nobody else takes.
    """

    starting = Signal(object)
    failed = Signal(object)

    def __init__(self, app: App, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._heard: dict[int, _Heard] = {}
        self._is_closed = False
        bridge.received.connect(self._on_event)

    @property
    def is_working(self) -> bool:
        """Whether something that was started has not ended."""
        return bool(self._heard)

    def start(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        """Start an operation; once the window has closed, nothing starts any more.

        Args:
            done: Called with the result, if there is one.
            progressed: Called with each value it yields.
            ended: Called in any case; it then also takes the error.
        """
        job = Job(operation.title, operation.work)
        if self._is_closed or self._app.jobs.is_stopped:
            return job  # a timer of the window was late
        self.starting.emit(operation)
        self._heard[job.id] = _Heard(progressed, ended, done)
        self._app.jobs.start(job, operation.lane)
        return job

    def stop(self, job: Job) -> None:
        """Stop a job: what runs keeps what it has made, what has not begun waits for nothing more."""
        job.cancel.set()
        self._app.jobs.drop(job)

    def finish(self, operation: Operation) -> JobEnded:
        """Run a short operation to its end: the window closes and nothing would run it later.

        A draft goes to the disk behind those that are on their way there: the last one typed stays.
        """
        job = Job(operation.title, operation.work)
        if operation.lane == "drafts":
            return self._app.jobs.finish(job, operation.lane)
        return job.run(lambda event: None)

    def drop_all(self) -> None:
        """Call nobody any more, and start nothing: the window closes."""
        self._is_closed = True
        self._heard.clear()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, JobProgress) and event.job.id in self._heard:
            heard = self._heard[event.job.id].still()
            if heard.progressed:
                heard.progressed(event.value)
        elif isinstance(event, JobEnded) and event.job.id in self._heard:
            self._end(self._heard.pop(event.job.id).still(), event)

    def _end(self, heard: _Heard, event: JobEnded) -> None:
        if heard.ended:
            heard.ended(event)
        elif event.error is not None:
            self.failed.emit(event)
        if event.error is None and not event.is_cancelled and heard.done:
            heard.done(event.result)


def in_words(error: BaseException) -> tuple[str, str]:
    """What to tell a person about an error: (text, hint)."""
    if isinstance(error, AppError):
        return error.text, error.hint
    return f"{type(error).__name__}: {error}", ""
