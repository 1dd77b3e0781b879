"""The app as one plugin sees it: the same app, with events that can be told from others' and taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from teahouse.events import Changed, Events, Kind, Listener, Notice
from teahouse.language import _
from teahouse.plugins.guard import Guard
from teahouse.plugins.pace import Bucket, PluginJobs

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.plugins.storage import PluginStorage

EVENTS_A_SECOND, EVENTS_AT_ONCE = 50.0, 200
NOTICES_A_SECOND, NOTICES_AT_ONCE = 0.2, 5
HELD_FOR_S = 1.0
"""Changes beyond the bound are joined and told this much later: no view may stay out of date."""


class PluginApp:
    """What a plugin gets as `app`; whatever is not its own is the app's."""

    def __init__(self, app: App, name: str, guard: Guard) -> None:
        self._app, self._name = app, name
        self.events = PluginEvents(app.events, name, guard)
        self.jobs = PluginJobs(app.jobs)

    def close(self) -> None:
        """The plugin is off: its jobs are stopped, and it hears and says nothing any more."""
        self.events.close()
        self.jobs.close()

    def __getattr__(self, name: str) -> Any:
        """Everything else as it is."""
        return getattr(self._app, name)

    def plugin_storage(self, name: str = "") -> PluginStorage:
        """The plugin's own folder and database; of another plugin by its name."""
        return self._app.plugin_storage(name or self._name)


class PluginEvents:
    """The app's events for one plugin: bounded in number, and its listeners go with it."""

    def __init__(self, events: Events, name: str, guard: Guard) -> None:
        self._events, self._name, self._guard = events, name, guard
        self._all = Bucket(EVENTS_A_SECOND, EVENTS_AT_ONCE)
        self._notices = Bucket(NOTICES_A_SECOND, NOTICES_AT_ONCE)
        self._lock = threading.Lock()
        self._forgets: list[Callable[[], None]] = []
        self._held: dict[str, set[Kind]] = {}
        self._has_told = False
        self._is_closed = False

    def publish(self, event: object) -> None:
        """Give an event to every listener; beyond the bound changes are joined and all else is dropped."""
        if self._is_closed:
            return
        is_notice = isinstance(event, Notice)
        if self._all.take() and (not is_notice or self._notices.take()):
            self._events.publish(event)
            return
        if isinstance(event, Changed):
            self._hold(event)
        self._tell()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned function takes it away again, and so does turning the plugin off."""
        forget = self._events.listen(self._guard.wrap(self._name, "listener", listener, default=None))
        self._forgets.append(forget)
        return forget

    def close(self) -> None:
        """The plugin is off: nothing comes from it and it hears nothing any more."""
        self._is_closed = True
        for forget in self._forgets:
            forget()
        self._forgets.clear()

    def _hold(self, event: Changed) -> None:
        with self._lock:
            is_first = not self._held
            self._held.setdefault(event.conversation_id, set()).update(event.kinds)
        if is_first:
            later = threading.Timer(HELD_FOR_S, self._release)
            later.daemon = True
            later.start()

    def _release(self) -> None:
        with self._lock:
            held, self._held = self._held, {}
        if self._is_closed:
            return
        # Many conversations at once are all of them.
        merged = held if len(held) <= EVENTS_A_SECOND else {"": set[Kind]().union(*held.values())}
        for conversation_id, kinds in merged.items():
            self._events.publish(Changed(frozenset(kinds), conversation_id, self))

    def _tell(self) -> None:
        with self._lock:
            is_first, self._has_told = not self._has_told, True
        if is_first:
            self._guard.report(self._name, _("sends too many events; only some of them are passed on"))
