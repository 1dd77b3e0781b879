"""Fixtures for the core's tests: children that can import the tests, apps, real engines."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.workers.process import Worker, Workers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children find the modules of the tests wherever pytest was started."""
    old = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{old}" if old else str(ROOT))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.startswith("stranger_")]:
        del sys.modules[name]
    importlib.invalidate_caches()


@pytest.fixture
def workers(importable: None) -> Iterator[Workers]:
    """Children, ended with the test."""
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture
def start(workers: Workers) -> Callable[..., Worker]:
    """Start `tests.core.workers.entries:NAME`."""
    return lambda name="serve", **options: workers.start(f"tests.core.workers.entries:{name}", **options)


@pytest.fixture
def app(importable: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An app with the echo plugin, in a fresh home."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app = App.open()
    yield app
    app.close()
