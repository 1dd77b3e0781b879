"""Several threads want to load plugins at once: each plugin is tried once, and loaded once."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager


class Turns:
    """Who tries or loads which plugin; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claimed: set[str] = set()
        self._locks: dict[str, threading.RLock] = {}

    @contextmanager
    def claimed(self, names: Collection[str]) -> Iterator[list[str]]:
        """Those that nobody else has claimed; until the block ends, nobody else gets them."""
        with self._lock:
            own = [name for name in names if name not in self._claimed]
            self._claimed.update(own)
        try:
            yield own
        finally:
            with self._lock:
                self._claimed.difference_update(own)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Have a plugin to oneself for the length of the block."""
        with self._lock:
            own = self._locks.setdefault(name, threading.RLock())
        with own:
            yield
