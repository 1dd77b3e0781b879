"""Bounds in number: how much a plugin may tell the app in a second."""

from __future__ import annotations

import functools
import threading
import time
import weakref
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel, Job, Jobs, Lane, Work
from teahouse.plugins.guard import in_words
from teahouse.plugins.values import Command
from teahouse.settings import Value

if TYPE_CHECKING:
    from teahouse.app import App

STEPS_A_SECOND, STEPS_AT_ONCE = 500.0, 1000
"""Of a job; a model's tokens come much slower."""
PAUSE_S = 0.01


class Bucket:
    """Lets so many pass at once and so many a second after that; any thread may take."""

    def __init__(self, a_second: float, at_once: int) -> None:
        self._a_second, self._at_once = a_second, float(at_once)
        self._left = float(at_once)
        self._at_s = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more may pass now."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._at_once, self._left + (now - self._at_s) * self._a_second)
            self._at_s = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class PluginJobs:
    """The app's jobs for a plugin: what its work yields comes no faster than a window can take it."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._started: weakref.WeakSet[Job] = weakref.WeakSet()

    def start(self, job: Job, lane: Lane = "io") -> Job:
        """Queue a job in a lane and return it."""
        job.work = paced(job.work)
        self._started.add(job)
        return self._jobs.start(job, lane)

    def close(self) -> None:
        """Stop those that have not ended."""
        for job in list(self._started):
            job.cancel.set()

    def __getattr__(self, name: str) -> Any:
        """Everything else as it is."""
        return getattr(self._jobs, name)


def paced(work: Work) -> Work:
    """The same work, made to wait where it yields too often; nothing that it yields is lost."""

    @functools.wraps(work)
    def run(cancel: Cancel) -> Generator[Any, None, Any]:
        bucket = Bucket(STEPS_A_SECOND, STEPS_AT_ONCE)
        with closing(work(cancel)) as steps:
            while True:
                try:
                    value = next(steps)
                except StopIteration as stop:
                    return stop.value
                except KeyboardInterrupt:
                    raise  # in a terminal it is the person's
                except Exception:
                    raise
                except BaseException as error:  # such as SystemExit: nobody else would hear of its end
                    raise RuntimeError(in_words(error)) from error
                while not bucket.take() and not cancel.wait(PAUSE_S):
                    pass
                yield value

    return run


def paced_command(command: Command) -> Command:
    """The same command with paced work."""

    @functools.wraps(command.work)
    def work(app: App, params: Mapping[str, Value]) -> Work:
        return paced(command.work(app, params))

    return replace(command, work=work)
