"""Work that asks a model takes its turn with replies, wherever it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any

import pytest

from teahouse.errors import AppError
from teahouse.jobs import Cancel, Job, Jobs
from teahouse_training.lanes import in_turn


class Bench:
    """As much of an app as is asked for."""

    def __init__(self) -> None:
        self.jobs = Jobs(lambda event: None)


@pytest.fixture
def bench() -> Generator[Bench, None, None]:
    bench = Bench()
    yield bench
    bench.jobs.stop()


def counting(cancel: Cancel) -> Generator[str, None, str]:
    for number in range(3):
        yield f"{number} on {threading.current_thread().name}"
    return "done"


def test_it_runs_on_the_lane_of_the_models_and_tells_all(bench: Any) -> None:
    told = []
    steps = in_turn(bench, "Counting", counting, Cancel())
    while True:
        try:
            told.append(next(steps))
        except StopIteration as stop:
            assert stop.value == "done"
            break
    assert [one.partition("_")[0] for one in told] == [f"{number} on model" for number in range(3)]


def test_what_it_raises_is_raised_here(bench: Any) -> None:
    def failing(cancel: Cancel) -> Generator[str, None, None]:
        yield "one"
        raise AppError("It failed.")

    with pytest.raises(AppError, match="failed"):
        list(in_turn(bench, "Failing", failing, Cancel()))


def test_cancelled_behind_others_it_never_begins(bench: Any) -> None:
    gate = threading.Event()

    def waiting(cancel: Cancel) -> Generator[None, None, None]:
        gate.wait(30)
        yield

    bench.jobs.start(Job("Waiting", waiting), "model")
    cancel = Cancel()
    cancel.set()
    assert list(in_turn(bench, "Counting", counting, cancel)) == []
    gate.set()
