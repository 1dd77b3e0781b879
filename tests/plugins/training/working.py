"""Work run to its end on this thread."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from teahouse.jobs import Cancel, Work
from teahouse_training.runs import RunProgress


def result_of(work: Work, told: list[RunProgress] | None = None) -> Any:
    """What work returns; what it yields goes into `told`."""
    with closing(work(Cancel())) as steps:
        while True:
            try:
                value = next(steps)
            except StopIteration as stop:
                return stop.value
            if told is not None:
                told.append(value)
