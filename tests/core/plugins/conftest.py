"""Fixtures for the plugin host: a folder of installed distributions, and an app without its plugins."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.events import Notice

Opened = Callable[..., tuple[App, list[Notice]]]


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
def open_bare(importable: None) -> Iterator[Opened]:
    """Open an app without its plugins: (it, what it notices)."""
    opened: list[App] = []

    def open_one(**options: bool) -> tuple[App, list[Notice]]:
        app = App.open(has_plugins=False, **options)
        opened.append(app)
        noticed: list[Notice] = []
        app.events.listen(lambda event: noticed.append(event) if isinstance(event, Notice) else None)
        return app, noticed

    yield open_one
    for app in opened:
        app.close()
