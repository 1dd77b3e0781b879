"""What the app publishes, and the one place to publish and listen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

log = logging.getLogger(__name__)

Kind = Literal["conversations", "messages", "models", "adapters", "settings", "plugins"]
Listener = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Changed:
    """Something the app owns has changed; a view refreshes when it shows one of `kinds`.

    Attributes:
        conversation_id: The one it concerns; empty for several or none.
        by: Who changed it; a view ignores its own changes.
    """

    kinds: frozenset[Kind]
    conversation_id: str = ""
    by: object = None


@dataclass(frozen=True, slots=True)
class EngineState:
    """The engine of a model changed: loading (with a fraction), ready, stopped or crashed."""

    model: str
    state: Literal["loading", "ready", "unloaded", "crashed"]
    fraction: float = 0.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person: a plugin that was skipped, a setting that was ignored."""

    text: str
    hint: str = ""


class Events:
    """Hands each published event to every listener, on the thread that publishes.

    A `Notice` published before anyone listens waits for the first listener: plugins load before
    there is a window.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._waiting: list[Notice] = []
        self._lock = Lock()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned function takes it away again."""
        with self._lock:
            self._listeners.append(listener)
            waiting, self._waiting = self._waiting, []
        for notice in waiting:
            self._tell(listener, notice)
        return lambda: self._forget(listener)

    def publish(self, event: object) -> None:
        """Give `event` to every listener; one that raises is logged and the others still hear it."""
        with self._lock:
            listeners = list(self._listeners)
            if not listeners and isinstance(event, Notice):
                self._waiting.append(event)
        for listener in listeners:
            self._tell(listener, event)

    def _tell(self, listener: Listener, event: object) -> None:
        try:
            listener(event)
        except Exception:
            log.exception("listener %r failed on %r", listener, event)

    def _forget(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)


def changed(*kinds: Kind, conversation_id: str = "", by: object = None) -> Changed:
    """A `Changed` of these kinds."""
    return Changed(frozenset(kinds), conversation_id, by)
