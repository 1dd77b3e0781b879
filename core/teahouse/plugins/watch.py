"""A thread that looks whether the window still moves, and names the plugin in which it stands still."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from typing import TYPE_CHECKING

from teahouse.plugins.marks import plugin_at, stack_of
from teahouse.stacks import frames

if TYPE_CHECKING:
    from teahouse.plugins.plugins import Plugins

log = logging.getLogger(__name__)


class WindowWatch:
    """Watches one thread, which gives a sign of life now and then.

    A window that stands still in a plugin is marked on disk: if a person ends it then, the plugin is off at
    the next start. Where it stood is in the log.

    Attributes:
        frozen_s: A window that gives no sign of life for so long stands still.
    """

    frozen_s = 8.0
    look_each_s = 1.0

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._watched = threading.get_ident()
        self._beat_s = time.monotonic()
        self._stopped = threading.Event()
        self._found: tuple[str, str] | None = None
        self._thread = threading.Thread(target=self._watch, name="window watch", daemon=True)

    def start(self) -> None:
        """Watch the thread that made this object."""
        self._thread.start()

    def beat(self) -> None:
        """The window moves."""
        self._beat_s = time.monotonic()

    def stop(self) -> None:
        """Watch no more."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * self.look_each_s)

    def _watch(self) -> None:
        looked_s = time.monotonic()
        while not self._stopped.wait(self.look_each_s):
            now = time.monotonic()
            if now - looked_s > 3 * self.look_each_s + 1.0:
                self._beat_s = max(self._beat_s, now)  # this whole process stood still: nobody's fault
            looked_s = now
            self._look(now - self._beat_s)

    def _look(self, still_s: float) -> None:
        if still_s > self.frozen_s and self._found is None:
            self._found = self._culprit(still_s)
            if self._found[0]:
                self._plugins.marks.freeze(*self._found)
        elif still_s <= self.frozen_s and self._found is not None:
            (name, where), self._found = self._found, None
            self._plugins.marks.thaw()
            if name:
                self._plugins.faults.tell_slow(name, where, self.frozen_s)

    def _culprit(self, still_s: float) -> tuple[str, str]:
        """The plugin whose program is innermost on the window's thread, and its function; empty for none."""
        places = self._plugins.roster.places()
        named = ((plugin_at(file, places), function) for file, function in stack_of(self._watched))
        found = next(((name, function) for name, function in named if name), ("", ""))
        frame = frames().get(self._watched)
        stack = "".join(traceback.format_stack(frame)) if frame is not None else ""
        log.info("the window has stood still for %.0f s (plugin: %s)\n%s", still_s, found[0] or "none", stack)
        return found
