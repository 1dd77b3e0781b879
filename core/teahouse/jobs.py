"""Long work: a job is a generator `work(cancel)`.

Each value it yields is published as `JobProgress`, its return value ends the job, and its
`finally` cleans up. A cancelled job is closed at its next yield; work that blocks for long polls
`cancel` itself.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any, Literal

from teahouse.errors import AppError

log = logging.getLogger(__name__)

Lane = Literal["model", "io", "drafts"]


class Cancel(Event):
    """Set when the person stops the work; forced when they do not wait for it to end properly."""

    def __init__(self) -> None:
        super().__init__()
        self._is_forced = False

    @property
    def is_forced(self) -> bool:
        """Whether a child process that works on it is to be ended at once."""
        return self._is_forced

    def force(self) -> None:
        """Stop the work, and end the child process that works on it instead of waiting for it."""
        self._is_forced = True
        self.set()


Work = Callable[[Cancel], Generator[Any, None, Any]]


@dataclass(eq=False)
class Job:
    """Work with a title, an id and its own cancel flag."""

    title: str
    work: Work
    id: int = field(default_factory=itertools.count(1).__next__)
    cancel: Cancel = field(default_factory=Cancel)

    def run(self, publish: Callable[[object], None]) -> JobEnded:
        """Run to the end on the caller's thread; whatever the work or its clean-up raises is the end."""
        publish(JobStarted(self))
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._drain(publish)
        except AppError as failure:
            error = failure
        except (Exception, SystemExit) as failure:  # a plugin's work may call sys.exit
            log.exception("job %s failed", self.title)
            error = failure
        ended = JobEnded(self, result=result, error=error, is_cancelled=self.cancel.is_set())
        publish(ended)
        return ended

    def _drain(self, publish: Callable[[object], None]) -> Any:
        if self.cancel.is_set():
            return None
        with closing(self.work(self.cancel)) as steps:
            while True:
                try:
                    value = next(steps)
                except StopIteration as stop:
                    return stop.value
                publish(JobProgress(self, value))
                if self.cancel.is_set():
                    return None


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A job has left the queue and runs."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A job has yielded `value`."""

    job: Job
    value: Any


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job has ended: with a result, an error, or because it was cancelled (then with either or none)."""

    job: Job
    result: Any = None
    error: BaseException | None = None
    is_cancelled: bool = False


class Jobs:
    """Runs jobs in lanes: `model` and `drafts` one after the other, `io` a few at a time.

    Attributes:
        is_stopped: The app closes, and nothing can be started any more.
    """

    def __init__(self, publish: Callable[[object], None]) -> None:
        self._publish = publish
        self._lanes = {
            "model": ThreadPoolExecutor(1, "model"),
            "io": ThreadPoolExecutor(4, "io"),
            "drafts": ThreadPoolExecutor(1, "drafts"),
        }
        self._live: set[Job] = set()
        self._queued: dict[Job, Future[None]] = {}
        self._lock = Lock()
        self.is_stopped = False

    def start(self, job: Job, lane: Lane = "io") -> Job:
        """Queue a job in a lane and return it."""
        with self._lock:
            self._live.add(job)
            self._queued[job] = self._lanes[lane].submit(self._run, job)
        return job

    def finish(self, job: Job, lane: Lane) -> JobEnded:
        """Run a job behind those that are queued in its lane, and wait for its end; nothing is published."""
        return self._lanes[lane].submit(job.run, lambda event: None).result()

    def drop(self, job: Job) -> bool:
        """End a job that has not begun, so that it waits for no other; False when there is nothing to end."""
        with self._lock:
            queued = self._queued.get(job)
            if queued is None or not queued.cancel():
                return False
            self._forget(job)
        job.cancel.set()
        self._publish(JobEnded(job, is_cancelled=True))
        return True

    @property
    def live(self) -> list[Job]:
        """Jobs queued or running."""
        with self._lock:
            return sorted(self._live, key=lambda job: job.id)

    def stop(self) -> None:
        """Cancel everything and wait until it has ended."""
        self.is_stopped = True
        for job in self.live:
            job.cancel.set()
        for lane in self._lanes.values():
            lane.shutdown(wait=True)

    def _run(self, job: Job) -> None:
        try:
            job.run(self._publish)
        finally:
            with self._lock:
                self._forget(job)

    def _forget(self, job: Job) -> None:
        self._live.discard(job)
        self._queued.pop(job, None)


class InlineJobs(Jobs):
    """For tests: runs each job at once on the caller's thread."""

    def start(self, job: Job, lane: Lane = "io") -> Job:
        """Run the job to its end before returning."""
        self._run_now(job)
        return job

    def _run_now(self, job: Job) -> None:
        self._live.add(job)
        self._run(job)
