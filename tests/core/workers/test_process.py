"""Real children: asked, stopped, killed, and why they died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ContextError, EngineCrashed, EngineError, ModelFileError
from teahouse.jobs import Cancel
from teahouse.workers.pipe import exit_reason
from teahouse.workers.process import KILL_AFTER_S, WAITING, Worker, Workers

Start = Callable[..., Worker]
KILLED_WITHIN_S = 6.0


def drain(steps: Any) -> tuple[list[dict[str, Any]], Any]:
    """(events without the ticks, result)."""
    events = []
    while True:
        try:
            event = next(steps)
        except StopIteration as done:
            return events, done.value
        if event is not WAITING:
            events.append(event)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


# --- asking ---------------------------------------------------------------------------------------


def test_a_child_says_hello_and_answers(start: Start) -> None:
    worker = start()
    assert worker.is_alive
    assert worker.call("add", one=2, other=3) == 5
    assert worker.call("pid") == worker.pid != os.getpid()


def test_events_come_in_order_before_the_result(start: Start) -> None:
    events, result = drain(start().ask("count", to=500))
    assert [event["value"] for event in events] == list(range(500))
    assert result == {"counted": 500}


def test_an_error_for_people_crosses_with_words_hint_and_data(start: Start) -> None:
    worker = start()
    with pytest.raises(ModelFileError) as caught:
        worker.call("refuse", kind="file")
    error = caught.value
    assert (error.text, error.hint) == ("x.gguf 茶 is broken.", "Fetch it again.")
    assert error.data == {"path": "/models/x 茶.gguf", "offset": 12}
    with pytest.raises(ContextError):
        worker.call("refuse")
    assert worker.call("add", one=1, other=1) == 2


def test_an_unknown_verb_is_refused_by_name(start: Start) -> None:
    worker = start("serve_nothing")
    with pytest.raises(EngineError, match="fly"):
        worker.call("fly")
    assert worker.is_alive


def test_a_bug_is_an_engine_error_with_its_text_and_the_child_goes_on(start: Start) -> None:
    worker = start()
    with pytest.raises(EngineError, match=r"KeyError.*not meant for people") as caught:
        worker.call("bug")
    assert not isinstance(caught.value, EngineCrashed)
    assert worker.call("add", one=1, other=1) == 2


def test_wrong_arguments_are_an_engine_error(start: Start) -> None:
    with pytest.raises(EngineError, match="unexpected"):
        start().call("add", one=1, unexpected=2)


def test_a_large_answer_arrives_whole(start: Start) -> None:
    assert start().call("huge", size=1_000_000) == "茶" * 1_000_000


@pytest.mark.parametrize("how", ["fd", "print", "c"])
def test_what_a_library_prints_does_not_reach_the_pipe(start: Start, how: str) -> None:
    worker = start()
    for _number in range(3):
        assert worker.call("shout", how=how) == "intact"
    assert worker.call("add", one=1, other=1) == 2


def test_the_asker_gets_ticks_while_nothing_comes(start: Start) -> None:
    cancel = Cancel()
    worker = start()
    steps = worker.ask("deaf", cancel)
    assert next(event for event in steps if event is not WAITING) == {"id": 1, "event": "deaf"}
    assert [next(steps) for _number in range(3)] == [WAITING] * 3
    worker.kill()
    with pytest.raises(EngineCrashed):
        drain(steps)


def test_any_thread_may_ask_and_gets_its_own_answer(start: Start) -> None:
    worker = start()
    with ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(lambda n: worker.call("add", one=n, other=1000), range(100)))
    assert sums == [n + 1000 for n in range(100)]


# --- stopping -------------------------------------------------------------------------------------


def test_a_cancel_is_heard_in_the_middle_of_the_work(start: Start) -> None:
    worker, cancel = start(), Cancel()
    steps = worker.ask("patient", cancel)
    for _number in range(5):
        next(steps)
    begun = time.monotonic()
    cancel.set()
    _events, result = drain(steps)
    assert 0 < result["stopped_at"] < 100_000
    assert time.monotonic() - begun < 2
    assert worker.is_alive


def test_a_cancel_before_the_request_is_heard_too(start: Start) -> None:
    cancel = Cancel()
    cancel.set()
    assert start().call("patient", cancel)["stopped_at"] < 1000


def test_a_child_that_does_not_stop_is_killed_and_that_is_a_crash(start: Start) -> None:
    worker, cancel = start(), Cancel()
    steps = worker.ask("deaf", cancel)
    next(steps)
    begun = time.monotonic()
    cancel.set()
    with pytest.raises(EngineCrashed, match="SIGKILL"):
        drain(steps)
    assert 2 < time.monotonic() - begun < KILLED_WITHIN_S
    assert not worker.is_alive
    assert not is_running(worker.pid)


@pytest.mark.parametrize("is_abandoned", [False, True])
def test_a_forced_stop_ends_a_deaf_child_at_once(start: Start, is_abandoned: bool) -> None:
    worker, cancel = start(), Cancel()
    steps = worker.ask("deaf", cancel)
    next(steps)
    begun = time.monotonic()
    cancel.force()
    if is_abandoned:
        steps.close()
    else:
        with pytest.raises(EngineCrashed, match="SIGKILL"):
            drain(steps)
    assert time.monotonic() - begun < KILL_AFTER_S - 1
    assert not is_running(worker.pid)


def test_an_abandoned_request_has_ended_before_the_next_is_answered(start: Start) -> None:
    worker = start()
    steps = worker.ask("patient", mark="old")
    assert [event for event, _n in zip(steps, range(3), strict=False)]
    steps.close()
    assert worker.call("add", one=20, other=22) == 42
    events, result = drain(worker.ask("count", to=3))
    assert [event["value"] for event in events] == [0, 1, 2]
    assert result == {"counted": 3}


def test_an_abandoned_deaf_request_costs_the_child(start: Start) -> None:
    worker = start()
    steps = worker.ask("deaf")
    next(steps)
    begun = time.monotonic()
    steps.close()
    assert time.monotonic() - begun < KILLED_WITHIN_S
    with pytest.raises(EngineCrashed):
        worker.call("add", one=1, other=1)


def test_a_request_that_was_never_begun_sends_nothing(start: Start) -> None:
    worker = start()
    worker.ask("die", number=int(signal.SIGSEGV)).close()
    assert worker.call("add", one=1, other=1) == 2


# --- dying ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGILL", "SIGKILL", "SIGBUS", "SIGFPE"])
def test_a_crash_names_its_signal(start: Start, name: str) -> None:
    worker = start()
    with pytest.raises(EngineCrashed, match=name) as caught:
        worker.call("die", number=int(getattr(signal, name)), words="the last words 茶")
    assert caught.value.hint
    assert caught.value.data["exit_code"] == -int(getattr(signal, name))
    assert not worker.is_alive


def test_a_crash_brings_the_last_words(start: Start) -> None:
    with pytest.raises(EngineCrashed) as caught:
        start().call("die", number=int(signal.SIGSEGV), words="ggml: 茶 failed")
    assert "ggml: 茶 failed" in caught.value.data["stderr"]


def test_an_exit_names_its_code(start: Start) -> None:
    with pytest.raises(EngineCrashed, match="9"):
        start().call("leave", code=9)


def test_a_verb_that_quits_python_is_a_crash_and_nobody_waits_for_ever(start: Start) -> None:
    with pytest.raises(EngineError):
        start().call("quit_python")


def test_a_dead_child_cannot_be_asked(start: Start) -> None:
    worker = start()
    worker.kill()
    for _number in range(2):
        with pytest.raises(EngineCrashed):
            worker.call("add", one=1, other=1)


def test_everyone_who_waits_hears_of_the_crash(start: Start) -> None:
    worker = start()
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(worker.call, "deaf") for _number in range(4)]
        time.sleep(0.2)
        worker.kill()
        for one in waiting:
            assert isinstance(one.exception(10), EngineCrashed)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("serve_never", "the reason is here"),
        ("serve_failing", "no such thing"),
        ("serve_missing", "serve_missing"),
    ],
)
def test_a_child_that_never_says_hello_is_a_crash_with_its_words(
    start: Start, entry: str, words: str
) -> None:
    with pytest.raises(EngineCrashed) as caught:
        start(entry)
    assert words in caught.value.data["stderr"]


def test_an_entry_that_cannot_be_imported_is_a_crash(workers: Workers) -> None:
    with pytest.raises(EngineCrashed) as caught:
        workers.start("no_such_module_anywhere:serve")
    assert "no_such_module_anywhere" in caught.value.data["stderr"]


def test_another_protocol_is_refused_and_the_child_ended(start: Start, workers: Workers) -> None:
    with pytest.raises(EngineError, match="99"):
        start("serve_another_protocol")
    assert not any(worker.is_alive for worker in workers._live) or wait_dead(workers)


def wait_dead(workers: Workers) -> bool:
    until = time.monotonic() + 5
    while any(worker.is_alive for worker in workers._live):
        assert time.monotonic() < until
        time.sleep(0.01)
    return True


# --- starting and ending --------------------------------------------------------------------------


def test_closing_ends_every_child_also_a_deaf_one(importable: None) -> None:
    workers = Workers()
    started = [workers.start("tests.core.workers.entries:serve") for _number in range(3)]
    steps = started[1].ask("deaf")
    next(steps)
    begun = time.monotonic()
    workers.close()
    assert time.monotonic() - begun < 10
    assert not any(is_running(worker.pid) for worker in started)
    steps.close()


def test_closing_twice_is_harmless(start: Start) -> None:
    worker = start()
    worker.close()
    worker.close()
    assert not worker.is_alive


def test_an_idle_child_ends_by_itself_when_it_is_closed(start: Start) -> None:
    worker = start()
    worker.close()
    assert worker._process.returncode == 0, "it had to be killed"


def test_ctrl_c_in_the_terminal_does_not_end_a_child(start: Start) -> None:
    """The terminal sends SIGINT to every process of its foreground group, children too."""
    worker = start()
    steps = worker.ask("patient")
    next(steps)
    os.kill(worker.pid, signal.SIGINT)
    time.sleep(0.1)
    assert isinstance(next(steps), dict)
    steps.close()
    assert worker.call("add", one=1, other=1) == 2


def test_children_are_forked_by_one_thread_that_stays(importable: None) -> None:
    """The kernel's parent-death signal follows the thread that forked, so it must outlive the asker."""
    threads = []

    def spawn(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        threads.append(threading.current_thread())
        return subprocess.Popen(*arguments, **options)

    workers = Workers(spawn)
    started: list[Worker] = []
    for _number in range(2):
        asker = threading.Thread(
            target=lambda: started.append(workers.start("tests.core.workers.entries:serve"))
        )
        asker.start()
        asker.join()
    assert threads[0] is threads[1]
    assert threads[0].is_alive()
    time.sleep(0.2)
    assert [worker.call("add", one=1, other=2) for worker in started] == [3, 3]
    workers.close()


IMPOSTOR = """
import sys, json
print(json.dumps({"hello": "x", "protocol": 1}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if "verb" in request:
        print({rubbish!r}, flush=True)
        print(json.dumps({"id": request["id"], "done": "after all"}), flush=True)
"""


@pytest.mark.parametrize(
    "rubbish",
    [
        "garbage",
        "[]",
        "{",
        "{}",
        '{"id": []}',
        '{"id": 1}',
        '{"id": 99, "done": 1}',
        '{"id": "1", "done": 2}',
        "[" * 9999,
    ],
)
def test_lines_that_are_no_answers_are_passed_over(rubbish: str) -> None:
    """What comes out of a child is foreign data: it may be refused, it may not hang or crash the app."""

    def spawn(_line: list[str], **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", IMPOSTOR.replace("{rubbish!r}", repr(rubbish))], **options
        )

    workers = Workers(spawn)
    try:
        assert workers.start("impostor").call("anything") == "after all"
    finally:
        workers.close()


def test_exit_reasons_in_words() -> None:
    assert exit_reason(-11) == "SIGSEGV"
    assert "3" in exit_reason(3)
    assert "250" in exit_reason(-250)
    assert exit_reason(None)
