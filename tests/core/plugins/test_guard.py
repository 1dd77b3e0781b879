"""Calls into plugins."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from teahouse.errors import AppError
from teahouse.plugins import Guard, Marks
from teahouse.plugins.guard import in_words


class Told:
    def __init__(self, folder: Path) -> None:
        self.reports: list[tuple[str, str]] = []
        self.slow: list[tuple[str, str]] = []
        self.marks = Marks(folder)
        self.guard = Guard(report=self.report, tell_slow=self.tell_slow, marks=self.marks)

    def report(self, name: str, what: str, error: BaseException | None = None) -> None:
        self.reports.append((name, what))

    def tell_slow(self, name: str, where: str, took_s: float) -> None:
        self.slow.append((name, where))


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path / "calls")


class Odd(BaseException):
    def __str__(self) -> str:
        raise RuntimeError("not even that")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("no"), "RuntimeError: no"),
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (MemoryError(), "it asked for more memory than there is"),
        (Odd(), "Odd"),
        (AppError("For people.", "Do it."), "For people. Do it."),
        (RecursionError("{braces}"), "RecursionError: {braces}"),
    ],
)
def test_what_a_plugin_raises_ends_at_the_guard(told: Told, error: BaseException, words: str) -> None:
    with told.guard.call("bad", "register_models") as call:
        raise error
    assert call.has_failed
    assert told.reports == [("bad", f"failed in register_models: {words}")]
    assert in_words(error) == words


def test_ctrl_c_is_the_person_s_and_passes(told: Told) -> None:
    with pytest.raises(KeyboardInterrupt), told.guard.call("good", "x"):
        raise KeyboardInterrupt
    assert told.reports == []
    assert told.guard.statistics("good").calls == 1


def test_calls_are_counted_and_timed_by_plugin(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.25, 1.0, 1.5, 2.0, 2.125])
    monkeypatch.setattr("teahouse.plugins.guard.time.perf_counter", lambda: next(clock))
    for where, is_load in (("a", False), ("b", False), ("import", True)):
        with told.guard.call("hello", where, is_load=is_load):
            pass
    found = told.guard.statistics("hello")
    assert (found.calls, found.total_s, found.slowest_s, found.slowest) == (2, 0.875, 0.5, "b")
    assert found.load_s == 0.125
    assert told.guard.statistics("other").calls == 0


def test_a_slow_call_on_the_window_s_thread_is_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teahouse.plugins.guard.SLOW_S", -1.0)
    with told.guard.call("slow", "x"):
        pass
    assert told.slow == [], "there is no window"
    told.marks.begin()
    with told.guard.call("slow", "x"):
        pass
    told.marks.end()
    assert told.slow == [("slow", "x")]


def test_a_wrapped_function_has_a_default(told: Told) -> None:
    def divide(number: int) -> float:
        return 1 / number

    guarded = told.guard.wrap("hello", "listener", divide, default=-1)
    assert [guarded(2), guarded(0)] == [0.5, -1]
    assert told.reports == [("hello", "failed in listener: ZeroDivisionError: division by zero")]


def test_a_plugin_that_plays_ctrl_c_on_another_thread_is_named(told: Told) -> None:
    def work() -> None:
        with told.guard.call("bad", "x"):
            raise KeyboardInterrupt

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert told.reports == [("bad", "failed in x: KeyboardInterrupt")]


def test_loaded_again_it_adds_to_a_start_what_it_took_this_time(told: Told) -> None:
    for _number in range(3):
        told.guard.begin_anew("it")
        told.guard.count("it", "import", 2.0, is_load=True)
    assert told.guard.statistics("it").load_s == 2.0
