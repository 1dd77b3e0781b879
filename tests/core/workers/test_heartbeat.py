"""A child gives a sign of life each second; a frozen one is found out, a busy one is left in peace."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from teahouse.errors import EngineCrashed
from teahouse.workers import process
from teahouse.workers.process import Worker


def test_a_frozen_child_is_a_crash_that_says_so(
    start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "SILENT_FOR_S", 2.5)
    worker = start()
    timer = threading.Timer(0.5, os.kill, [worker.pid, signal.SIGSTOP])
    timer.start()
    with pytest.raises(EngineCrashed, match="no sign of life"):
        worker.call("patient")
    assert not worker.is_alive


def test_a_child_in_a_python_loop_still_beats(
    start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "SILENT_FOR_S", 2.5)
    worker = start()
    steps = worker.ask("busy")
    until = time.monotonic() + 5
    while time.monotonic() < until:
        next(steps)
    assert worker.is_alive
    worker.kill()
    with pytest.raises(EngineCrashed, match="SIGKILL"):
        while True:
            next(steps)


def test_time_in_which_nobody_looked_does_not_count(
    start: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "SILENT_FOR_S", 2.0)
    worker = start()
    steps = worker.ask("count", to=1)
    os.kill(worker.pid, signal.SIGSTOP)  # as when the lid was closed
    time.sleep(3)
    os.kill(worker.pid, signal.SIGCONT)
    assert list(steps)
    assert worker.is_alive
