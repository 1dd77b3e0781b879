"""The app closes although a plugin's work does not end."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.jobs import Cancel, Job
from teahouse.plugins.closing import stop_jobs
from tests.core.distributions import GOOD, install
from tests.core.plugins.conftest import Opened

SOURCE = (
    GOOD.format(name="busy")
    + """
import threading
begun, free = threading.Event(), threading.Event()
def work(cancel):
    begun.set()
    free.wait(100)
    yield 1
"""
)


@pytest.fixture
def busy(site: Path, open_bare: Opened) -> Generator[tuple[App, Any], None, None]:
    """An app in which a plugin's work runs that hears no cancel, and the plugin's module."""
    module = __import__(install(site, "busy", SOURCE))
    app, _noticed = open_bare()
    app.plugins.load()
    app.jobs.start(Job("busy", module.work))
    assert module.begun.wait(20)
    yield app, module
    module.free.set()


def test_work_that_hears_no_cancel_is_left_behind(busy: tuple[App, Any]) -> None:
    assert stop_jobs(busy[0], within_s=0.2) == ["busy"]


def test_our_own_work_is_waited_for(busy: tuple[App, Any]) -> None:
    app, _module = busy
    begun, free = threading.Event(), threading.Event()

    def work(cancel: Cancel) -> Generator[int, None, None]:
        begun.set()
        free.wait(100)
        yield 1

    app.jobs.start(Job("own", work))
    assert begun.wait(20)
    threading.Timer(2.0, free.set).start()
    assert (stop_jobs(app, within_s=0.2), free.is_set()) == (["busy"], True)


def test_what_ends_in_time_was_left_by_nobody(busy: tuple[App, Any]) -> None:
    app, module = busy
    module.free.set()
    assert stop_jobs(app) == []
    assert app.jobs.live == []
