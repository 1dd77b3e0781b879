from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from teahouse.events import Events, Notice
from teahouse.jobs import Job, JobProgress
from teahouse.messages import TextDelta, TurnSaved
from teahouse_desktop.bridge import LONGEST_FRAME_MS, Bridge, joined

pytestmark = pytest.mark.gui


def job() -> Job:
    return Job("test", lambda cancel: iter(()))  # type: ignore[arg-type,return-value]


def delta(of: Job, text: str, reply_id: str = "r") -> JobProgress:
    return JobProgress(of, TextDelta(reply_id, text))


def test_events_of_many_threads_arrive_on_the_window_thread(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    here, seen = QThread.currentThread(), []
    bridge.received.connect(lambda event: seen.append((event.text, QThread.currentThread() is here)))

    def publish(name: int) -> None:
        for number in range(200):
            events.publish(Notice(f"{name}/{number}"))

    threads = [threading.Thread(target=publish, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(seen) == 800, timeout=20_000)
    assert all(is_here for _text, is_here in seen)
    for name in range(4):
        own = [text for text, _ in seen if text.startswith(f"{name}/")]
        assert own == [f"{name}/{number}" for number in range(200)]


def test_text_is_handed_on_about_thirty_times_a_second(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    this, seen = job(), []
    bridge.received.connect(lambda event: seen.append(event.value.text))

    def publish() -> None:
        for _ in range(400):
            events.publish(delta(this, "x"))
            time.sleep(0.001)

    begun = time.monotonic()
    thread = threading.Thread(target=publish)
    thread.start()
    qtbot.waitUntil(lambda: sum(map(len, seen)) == 400, timeout=20_000)
    assert len(seen) <= (time.monotonic() - begun) / 0.033 + 2


def test_order_is_kept_around_text(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    this, seen = job(), []
    bridge.received.connect(seen.append)
    saved = JobProgress(this, TurnSaved("c", "u", "r"))
    end = Notice("end")
    for event in (saved, delta(this, "a"), delta(this, "b"), end):
        events.publish(event)
    qtbot.waitUntil(lambda: end in seen, timeout=5_000)
    assert seen == [saved, delta(this, "ab"), end]


def test_text_that_waits_for_its_frame_holds_up_nothing_else(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    this, seen = job(), []
    bridge.received.connect(seen.append)
    events.publish(delta(this, "a"))
    qtbot.waitUntil(lambda: len(seen) == 1, timeout=5_000)
    bridge._frame_ms = 60_000
    events.publish(delta(this, "b"))
    qtbot.waitUntil(lambda: bridge._timer.isActive(), timeout=5_000)
    events.publish(Notice("end"))
    qtbot.waitUntil(lambda: len(seen) == 3, timeout=5_000)
    assert seen[1:] == [delta(this, "b"), Notice("end")]


def test_frames_that_cost_much_come_seldom(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    this, count = job(), [0]

    def compute(_event: object) -> None:
        count[0] += 1
        end = time.thread_time() + 0.004
        while time.thread_time() < end:
            pass

    bridge.received.connect(compute)
    for _ in range(3):
        events.publish(delta(this, "a"))
        qtbot.waitUntil(lambda before=count[0]: count[0] > before, timeout=5_000)
    assert bridge._frame_ms == LONGEST_FRAME_MS


def test_joined_keeps_replies_apart() -> None:
    one, two = job(), job()
    events = [delta(one, "a"), delta(one, "b"), delta(two, "x", "q"), delta(one, "c")]
    assert joined(events) == [delta(one, "ab"), delta(two, "x", "q"), delta(one, "c")]


def test_closed_bridge_is_silent(qtbot: QtBot) -> None:
    events = Events()
    bridge = Bridge(events)
    events.publish(Notice("queued"))
    bridge.close()
    events.publish(Notice("late"))
    with qtbot.assertNotEmitted(bridge.received, wait=100):
        pass
