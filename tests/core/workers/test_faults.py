"""failures.md row 6, the pipe's half: whatever a child sends or does not read, the app lives and goes on."""

from __future__ import annotations

import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.workers import pipe
from teahouse.workers.process import Worker, Workers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and /proc")

MEGABYTE = 1024 * 1024
KILLED_WITHIN_S = 6.0
GROWTH_AT_MOST_MB = 150
ECHOED = "茶" * 3_000_000
"""Far more than a pipe holds (64 KB)."""

Faulty = Callable[..., Worker]


@pytest.fixture
def faulty(workers: Workers) -> Faulty:
    """A child of `tests.core.workers.faulty`."""
    return lambda entry="serve", **options: workers.start(f"tests.core.workers.faulty:{entry}", **options)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def children() -> set[int]:
    """Process ids of this program's children."""
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for file in found for pid in file.read_text("ascii").split() if is_running(int(pid))}


def peak_mb() -> float:
    """Most memory this program has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cancelled_after(seconds: float) -> Cancel:
    cancel = Cancel()
    threading.Timer(seconds, cancel.set).start()
    return cancel


# --- what it sends --------------------------------------------------------------------------------


def test_a_line_without_an_end_ends_the_child_and_takes_no_memory(
    faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "LINE_AT_MOST_BYTES", 2 * MEGABYTE)
    worker, before_mb = faulty(), peak_mb()
    with pytest.raises(EngineCrashed, match="line that is too long") as caught:
        worker.call("endless_line")
    assert peak_mb() - before_mb < GROWTH_AT_MOST_MB
    assert caught.value.hint
    assert not worker.is_alive
    assert not is_running(worker.pid)


def test_a_line_of_the_real_limit_is_found_out_too(faulty: Faulty) -> None:
    worker, before_mb = faulty(), peak_mb()
    with pytest.raises(EngineCrashed, match="line that is too long"):
        worker.call("endless_line")
    assert peak_mb() - before_mb < 4 * pipe.LINE_AT_MOST_BYTES / MEGABYTE


def test_the_longest_honest_answer_arrives(faulty: Faulty) -> None:
    assert faulty().call("echo", text=ECHOED)["text"] == ECHOED


def test_answers_nobody_takes_do_not_fill_the_memory(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "BACKLOG_AT_MOST_BYTES", 4 * MEGABYTE)
    worker, before_mb = faulty(), peak_mb()
    steps = worker.ask("flood", size=100_000, count=10_000)
    next(steps)
    until = time.monotonic() + KILLED_WITHIN_S
    while worker.is_alive:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert peak_mb() - before_mb < GROWTH_AT_MOST_MB
    with pytest.raises(EngineCrashed, match="more than could be taken in"):
        list(steps)


def test_answers_that_are_taken_may_be_as_many_as_they_like(
    faulty: Faulty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "BACKLOG_AT_MOST_BYTES", 64 * MEGABYTE)
    assert faulty().call("flood", size=1000, count=80_000) == "flooded"


def test_words_without_an_end_of_line_take_no_memory(faulty: Faulty) -> None:
    worker, before_mb = faulty(), peak_mb()
    assert worker.call("endless_words", size=200 * MEGABYTE) == "printed"
    assert peak_mb() - before_mb < GROWTH_AT_MOST_MB
    worker.kill()
    with pytest.raises(EngineCrashed) as caught:
        worker.call("echo", text="x")
        worker.call("echo", text="x")
    assert len(caught.value.data["stderr"]) < MEGABYTE


@pytest.mark.parametrize(
    "rubbish", ["not a message", "\udcff\udcfe no UTF-8", "\0\0\0", "{", "[]", "x" * 200_000]
)
def test_a_whole_line_of_rubbish_is_passed_over(faulty: Faulty, rubbish: str) -> None:
    worker = faulty()
    assert worker.call("damage", rubbish=rubbish, is_whole=True) == "after all"
    assert worker.call("echo", text="next")["text"] == "next"


@pytest.mark.parametrize(
    ("rubbish", "is_whole"), [("rubbish", False), ('{"id":1,"event":"te', False), ('{"id":1,"done":', True)]
)
def test_an_answer_that_was_damaged_is_a_crash_and_not_a_silent_loss(
    faulty: Faulty, rubbish: str, is_whole: bool
) -> None:
    """Passed over, the answer would never come, or a piece of it would be missing without a word."""
    worker = faulty()
    assert worker.call("echo", text="x")["text"] == "x"  # the first sign of life is past, the next far
    with pytest.raises(EngineCrashed, match="a part of its answer was lost"):
        worker.call("damage", rubbish=rubbish, is_whole=is_whole)
    assert not worker.is_alive


# --- what it does not read ------------------------------------------------------------------------


def test_a_child_that_reads_nothing_can_be_stopped(faulty: Faulty) -> None:
    """The request is larger than the pipe: the asker may not wait for it to be read."""
    worker = faulty()
    os.kill(worker.pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(EngineCrashed, match="SIGKILL"):
        worker.call("echo", cancelled_after(0.3), text=ECHOED)
    assert time.monotonic() - begun < KILLED_WITHIN_S
    assert not is_running(worker.pid)


def test_a_child_that_reads_nothing_holds_up_no_other_asker(faulty: Faulty) -> None:
    worker = faulty()
    os.kill(worker.pid, signal.SIGSTOP)
    steps = worker.ask("echo", text=ECHOED)
    next(steps)
    begun = time.monotonic()
    with pytest.raises(EngineCrashed):
        worker.call("echo", cancelled_after(0.1), text="short")
    assert time.monotonic() - begun < KILLED_WITHIN_S
    with pytest.raises(EngineCrashed):
        list(steps)


def test_a_child_that_reads_nothing_can_be_closed(faulty: Faulty) -> None:
    worker = faulty()
    os.kill(worker.pid, signal.SIGSTOP)
    steps = worker.ask("echo", text=ECHOED)
    next(steps)
    begun = time.monotonic()
    worker.close()
    assert time.monotonic() - begun < KILLED_WITHIN_S
    assert not is_running(worker.pid)
    steps.close()


def test_a_child_that_wakes_up_again_gets_everything(faulty: Faulty) -> None:
    worker = faulty()
    os.kill(worker.pid, signal.SIGSTOP)
    steps = worker.ask("echo", text=ECHOED)
    next(steps)
    os.kill(worker.pid, signal.SIGCONT)
    with pytest.raises(StopIteration) as done:
        while True:
            next(steps)
    assert done.value.value["text"] == ECHOED


# --- before it is ready ---------------------------------------------------------------------------


def test_starting_can_be_stopped(faulty: Faulty) -> None:
    before, begun = children(), time.monotonic()
    with pytest.raises(EngineError, match="stopped"):
        faulty("serve_slowly", cancel=cancelled_after(0.3))
    assert time.monotonic() - begun < 3
    assert children() <= before


def test_a_child_that_never_gets_ready_is_given_up(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.workers.process.HELLO_WITHIN_S", 0.5)
    with pytest.raises(EngineCrashed, match="no sign of life"):
        faulty("serve_slowly")


# --- what it says of its own faults ---------------------------------------------------------------


def test_a_bug_in_a_child_reaches_the_app_s_log(faulty: Faulty, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    worker = faulty()
    with pytest.raises(EngineError, match="a distinct bug") as caught:
        worker.call("bug")
    assert caught.value.hint
    assert "traceback" not in caught.value.data
    [record] = [r for r in caplog.records if "a distinct bug" in r.getMessage()]
    assert record.levelno == logging.INFO
    assert "Traceback" in record.getMessage()
    assert "faulty.py" in record.getMessage()
    assert worker.is_alive


def test_too_little_memory_is_told_in_words_and_the_child_goes_on(faulty: Faulty) -> None:
    worker = faulty()
    with pytest.raises(EngineError, match="out of memory") as caught:
        worker.call("starve")
    assert caught.value.hint
    answer: Any = worker.call("echo", text="next")
    assert answer == {"text": "next", "pid": worker.pid}
