"""The thread that watches the window's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from teahouse.plugins.marks import Mark, take_left
from teahouse.plugins.watch import WindowWatch
from tests.core.distributions import install
from tests.core.plugins.conftest import Opened

STILL = """
import time
def stand(until):
    while not until(): time.sleep(0.02)
def create(app): return object()
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WindowWatch, "frozen_s", 0.3)
    monkeypatch.setattr(WindowWatch, "look_each_s", 0.05)


def within(
    is_so: Callable[[], bool], *, beat: Callable[[], None] = lambda: None, within_s: float = 20
) -> bool:
    until = time.monotonic() + within_s
    while not is_so() and time.monotonic() < until:
        beat()
        time.sleep(0.02)
    return is_so()


def test_a_window_that_stands_still_in_a_plugin_is_marked_and_told(
    site: Path, open_bare: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    module = __import__(install(site, "still", STILL))
    app, noticed = open_bare()
    app.plugins.marks.begin()
    watch = WindowWatch(app.plugins)
    watch.start()
    folder = app.paths.data / "plugin-calls"
    [file] = folder.glob("*.calls")
    until = time.monotonic() + 20
    module.stand(lambda: b"\tstill\tstand" in file.read_bytes() or time.monotonic() > until)
    kept = file.read_bytes()
    assert b"\tstill\tstand" in kept
    assert within(lambda: bool(noticed), beat=watch.beat)
    watch.stop()
    assert noticed[0].text == "The plugin still held the window up for 0.3 s (stand)."
    assert "stranger_" in caplog.text, "where it stood is in the log"
    app.plugins.marks.end()
    folder.mkdir()
    (folder / "1.calls").write_bytes(kept)
    assert take_left(folder, {}) == [Mark("still", "stand", is_frozen=True)]


def test_a_window_that_stands_still_by_itself_blames_nobody(site: Path, open_bare: Opened) -> None:
    install(site, "still", STILL)
    app, noticed = open_bare()
    app.plugins.marks.begin()
    watch = WindowWatch(app.plugins)
    watch.start()
    assert not within(lambda: watch._found not in (None, ("", "")), within_s=1.0)
    assert within(lambda: watch._found is None, beat=watch.beat)
    watch.stop()
    assert noticed == []


def test_a_window_that_moves_is_left_alone(open_bare: Opened) -> None:
    app, noticed = open_bare()
    watch = WindowWatch(app.plugins)
    watch.start()
    assert not within(lambda: watch._found is not None, beat=watch.beat, within_s=1.0)
    watch.stop()
    assert noticed == []
