"""What an asker tells a request while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Value = dict[str, Any]


class Line:
    """Values for one request; any thread may put some, also before the request has been sent."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tell: Callable[[Value], None] | None = None
        self._waiting: list[Value] = []
        self._is_closed = False

    def put(self, value: Value) -> None:
        """Tell the request this; one that has ended never hears it."""
        with self._lock:
            if self._tell is not None:
                self._tell(value)
            elif not self._is_closed:
                self._waiting.append(value)

    def open(self, tell: Callable[[Value], None]) -> None:
        """The request has been sent: what was put before goes out now, the rest as it comes."""
        with self._lock:
            self._tell, self._is_closed = tell, False
            for value in self._waiting:
                tell(value)
            self._waiting.clear()

    def close(self) -> None:
        """The request has ended."""
        with self._lock:
            self._tell, self._is_closed = None, True
            self._waiting.clear()
