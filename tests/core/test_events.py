"""Publishing and listening."""

from __future__ import annotations

import threading

import pytest

from teahouse.events import Changed, Events, Notice, changed


def test_every_listener_hears_every_event_in_order() -> None:
    events, one, two = Events(), [], []
    events.listen(one.append)
    events.listen(two.append)
    for number in range(3):
        events.publish(number)
    assert one == two == [0, 1, 2]


def test_a_listener_can_be_taken_away_twice() -> None:
    events, heard = Events(), []
    forget = events.listen(heard.append)
    events.publish(1)
    forget()
    forget()
    events.publish(2)
    assert heard == [1]


def test_a_listener_hears_on_the_thread_that_publishes() -> None:
    events, threads = Events(), []
    events.listen(lambda _event: threads.append(threading.current_thread()))
    other = threading.Thread(target=events.publish, args=(1,))
    other.start()
    other.join()
    assert threads == [other]


@pytest.mark.expected_log
def test_a_listener_that_raises_is_logged_and_the_others_still_hear(caplog: pytest.LogCaptureFixture) -> None:
    events, heard = Events(), []

    def broken(event: object) -> None:
        raise RuntimeError("boom")

    events.listen(broken)
    events.listen(heard.append)
    events.publish("hello")
    assert heard == ["hello"]
    assert "boom" in caplog.text


def test_a_listener_may_take_itself_away_while_it_hears() -> None:
    events, heard = Events(), []

    def once(event: object) -> None:
        heard.append(event)
        forget()

    forget = events.listen(once)
    events.publish(1)
    events.publish(2)
    assert heard == [1]


def test_what_was_noticed_before_anyone_listened_is_not_lost() -> None:
    """The app opens its plugins before the window or the terminal can listen."""
    events, heard, later = Events(), [], []
    events.publish(Notice("The plugin bad was skipped."))
    events.publish(changed("models"))
    events.listen(heard.append)
    events.listen(later.append)
    assert heard == [Notice("The plugin bad was skipped.")]
    assert later == []


def test_changed_names_kinds_conversation_and_who() -> None:
    me = object()
    event = changed("messages", "conversations", conversation_id="c", by=me)
    assert event == Changed(frozenset({"messages", "conversations"}), "c", me)
    assert event.by is me
