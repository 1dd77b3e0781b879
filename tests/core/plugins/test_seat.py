"""The app as a plugin sees it."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

from teahouse.app import App
from teahouse.events import Changed, Notice, changed
from teahouse.jobs import Cancel, Job, JobEnded, JobProgress
from teahouse.plugins import Command, pace, seat
from teahouse.plugins.pace import Bucket, paced, paced_command


@pytest.fixture
def heard(app: App) -> list[object]:
    found: list[object] = []
    app.events.listen(found.append)
    return found


def notices(heard: list[object]) -> list[str]:
    return [event.text for event in heard if isinstance(event, Notice)]


@pytest.mark.parametrize("name", ["settings", "store", "workers", "models", "engines", "net", "plugins"])
def test_it_is_the_app_s(app: App, name: str) -> None:
    assert getattr(app.plugins.seat("hello"), name) is getattr(app, name)
    assert app.plugins.seat("hello").paths == app.paths


def test_its_storage_is_its_own(app: App) -> None:
    own = app.plugins.seat("hello").plugin_storage()  # type: ignore[call-arg]
    assert own is app.plugin_storage("hello")
    assert app.plugins.seat("hello").plugin_storage("other") is app.plugin_storage("other")


def test_a_flood_of_notices_is_bounded_and_told_once(app: App, heard: list[object]) -> None:
    events = app.plugins.seat("echo").events
    for number in range(1000):
        events.publish(Notice(f"notice {number}"))
    told = notices(heard)
    assert sum(text.startswith("notice") for text in told) == seat.NOTICES_AT_ONCE
    assert [text for text in told if "too many events" in text] == [
        "The plugin echo sends too many events; only some of them are passed on."
    ]
    app.events.publish(Notice("of another"))
    assert notices(heard)[-1] == "of another"


def test_a_flood_of_changes_is_joined_and_none_is_lost(app: App, heard: list[object]) -> None:
    events = app.plugins.seat("echo").events
    for number in range(2000):
        events.publish(changed("settings" if number < 1999 else "models", conversation_id=str(number % 3)))
    at_once = len(heard)
    assert at_once <= seat.EVENTS_AT_ONCE + 60
    until = time.monotonic() + 20
    while not any(isinstance(e, Changed) and "models" in e.kinds for e in heard):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert len(heard) <= at_once + 3, "joined by conversation"


def test_other_events_beyond_the_bound_are_dropped(app: App, heard: list[object]) -> None:
    for number in range(5000):
        app.plugins.seat("echo").events.publish(number)
    assert len([event for event in heard if isinstance(event, int)]) < 1000


def test_a_listener_that_raises_is_its_plugin_s_fault(app: App, heard: list[object]) -> None:
    def listener(event: object) -> None:
        if event == "x":
            raise SystemExit("in listener")

    app.plugins.seat("echo").events.listen(listener)
    app.events.publish("x")
    assert notices(heard) == ["The plugin echo failed in listener: SystemExit: in listener."]


def test_turned_off_it_hears_and_says_nothing_more(app: App, heard: list[object]) -> None:
    own: list[object] = []
    events = app.plugins.seat("echo").events
    forget = events.listen(own.append)
    events.listen(own.append)
    forget()
    app.events.publish("before")
    assert own == ["before"]
    app.plugins.set_enabled("echo", enabled=False)
    app.events.publish("after")
    events.publish("from the grave")
    assert own[-1] != "after"
    assert "from the grave" not in heard


def test_a_bucket_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("teahouse.plugins.pace.time.monotonic", lambda: now[0])
    bucket = Bucket(2.0, 3)
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]
    now[0] += 1.0
    assert [bucket.take() for _number in range(3)] == [True, True, False]
    now[0] += 1000.0
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]


def count(closed: list[str], to: int = 3000) -> object:
    def work(cancel: Cancel) -> Generator[int, None, str]:
        try:
            yield from range(to)
            return "counted"
        finally:
            closed.append("closed")

    return work


def test_a_job_that_tells_too_much_is_slowed_down_and_nothing_is_lost(
    app: App, heard: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "STEPS_AT_ONCE", 100)
    began = time.monotonic()
    app.plugins.seat("echo").jobs.start(Job("count", count([], 350)))  # type: ignore[arg-type]
    until = time.monotonic() + 30
    while not any(isinstance(event, JobEnded) for event in heard):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert time.monotonic() - began >= 0.4
    assert [event.value for event in heard if isinstance(event, JobProgress)] == list(range(350))
    assert [event.result for event in heard if isinstance(event, JobEnded)] == ["counted"]
    assert app.plugins.seat("echo").jobs.live == []


def test_paced_work_ends_when_it_is_closed(app: App) -> None:
    closed: list[str] = []
    steps = paced(count(closed))(Cancel())  # type: ignore[arg-type]
    assert next(steps) == 0
    steps.close()
    assert closed == ["closed"]


def test_a_paced_command_is_still_of_its_module() -> None:
    def work(app: object, params: object) -> object:
        return count([], 2)

    command = paced_command(Command("x y", "Title", work))  # type: ignore[arg-type]
    assert command.work.__module__ == __name__
    assert list(command.work(None, {})(Cancel())) == [0, 1]  # type: ignore[arg-type]


@pytest.mark.expected_log
def test_work_that_ends_itself_is_an_error_that_somebody_hears(app: App, heard: list[object]) -> None:
    class Odd(BaseException):
        pass

    def work(cancel: Cancel) -> Generator[int, None, None]:
        yield 1
        raise Odd("away")

    job = app.plugins.seat("echo").jobs.start(Job("odd", work))
    until = time.monotonic() + 20
    while not any(isinstance(event, JobEnded) for event in heard):
        assert time.monotonic() < until
        time.sleep(0.02)
    [ended] = [event for event in heard if isinstance(event, JobEnded)]
    assert (ended.job, str(ended.error)) == (job, "Odd: away")
