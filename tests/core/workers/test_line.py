"""Telling a request something while it runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from teahouse.errors import EngineCrashed
from teahouse.jobs import Cancel
from teahouse.workers.line import Line
from teahouse.workers.process import Worker

Start = Callable[..., Worker]
END = {"word": "end"}


def test_what_is_told_arrives_in_order_also_what_was_told_before(start: Start) -> None:
    line, heard = Line(), []
    line.put({"word": "before"})
    steps = start().ask("listen", line=line)
    while True:
        try:
            event = next(steps)
        except StopIteration as done:
            result = done.value
            break
        if event["event"] == "ready":
            for number in range(50):
                line.put({"number": number})
            line.put(END)
        elif event["event"] == "heard":
            heard.append(event["value"])
    assert result["heard"] == heard == [{"word": "before"}, *({"number": n} for n in range(50)), END]


def test_any_thread_may_tell(start: Start) -> None:
    line = Line()
    threading.Timer(0.3, line.put, [END]).start()
    steps, result = start().ask("listen", line=line), None
    try:
        while True:
            next(steps)
    except StopIteration as done:
        result = done.value
    assert result == {"heard": [END]}


def test_a_request_that_listens_is_cancelled_as_any_other(start: Start) -> None:
    worker, cancel = start(), Cancel()
    begun = time.monotonic()
    for _event in worker.ask("listen", cancel, line=Line()):
        cancel.set()
    assert time.monotonic() - begun < 5
    assert worker.call("add", one=1, other=1) == 2


def test_telling_a_request_that_has_ended_or_never_was_disturbs_nobody(start: Start) -> None:
    worker, line = start(), Line()
    line.put(END)
    list(worker.ask("listen", line=line))
    line.put({"word": "late"})
    worker.tell(999, {"word": "nobody"})
    assert worker.call("add", one=2, other=2) == 4


def test_a_line_may_be_used_for_the_next_request(start: Start) -> None:
    worker, line = start(), Line()
    for _time in range(2):
        for event in worker.ask("listen", line=line):
            if event["event"] == "ready":
                line.put(END)


def test_a_child_that_dies_while_it_listens_is_told(start: Start) -> None:
    worker, line = start(), Line()
    with pytest.raises(EngineCrashed):
        for _event in worker.ask("listen", line=line):
            worker.kill()
    line.put(END)
    assert not worker.is_alive
