"""Opening a model in tests, without looking at its progress."""

from __future__ import annotations

from pathlib import Path

from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.jobs import Cancel


def opened(app: App, name: str | Path) -> Engine:
    """The engine of a model."""
    steps = app.engines.open(str(name), Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as done:
            engine: Engine = done.value
            return engine
