"""Apps that are opened by a test, with what they notice, and closed after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from teahouse.app import App
from teahouse.events import Notice

Opened = Callable[..., tuple[App, list[Notice]]]


@contextmanager
def opening(**always: bool) -> Iterator[Opened]:
    """A function that opens an app: (it, what it notices from then on).

    Args:
        always: Options of `App.open` for each of them.
    """
    opened: list[App] = []

    def open_one(**options: bool) -> tuple[App, list[Notice]]:
        app = App.open(**always, **options)
        opened.append(app)
        noticed: list[Notice] = []
        app.events.listen(lambda event: noticed.append(event) if isinstance(event, Notice) else None)
        return app, noticed

    yield open_one
    for app in opened:
        app.close()
