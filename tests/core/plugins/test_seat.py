"""The app as a plugin sees it."""

from __future__ import annotations

import time

import pytest

from teahouse.app import App
from teahouse.events import Changed, Notice, changed
from teahouse.plugins import seat
from teahouse.plugins.seat import Bucket


@pytest.fixture
def heard(app: App) -> list[object]:
    found: list[object] = []
    app.events.listen(found.append)
    return found


def notices(heard: list[object]) -> list[str]:
    return [event.text for event in heard if isinstance(event, Notice)]


@pytest.mark.parametrize(
    "name", ["settings", "store", "jobs", "workers", "models", "engines", "net", "plugins"]
)
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
    monkeypatch.setattr("teahouse.plugins.seat.time.monotonic", lambda: now[0])
    bucket = Bucket(2.0, 3)
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]
    now[0] += 1.0
    assert [bucket.take() for _number in range(3)] == [True, True, False]
    now[0] += 1000.0
    assert [bucket.take() for _number in range(4)] == [True, True, True, False]
