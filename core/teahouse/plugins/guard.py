"""Calls into plugins: what they raise is theirs, their time is measured, and a mark names them meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol

from teahouse.errors import AppError
from teahouse.language import _
from teahouse.plugins.marks import Marks
from teahouse.plugins.values import PluginStatistics

log = logging.getLogger(__name__)

SLOW_S = 0.5
"""A call that holds the window up for longer is told; what is quicker shows in the statistics."""


class Report(Protocol):
    """Is told of a plugin that was skipped: its name, what happened, and the error."""

    def __call__(self, name: str, what: str, error: BaseException | None = None) -> None:
        """Take it in."""


class Guard:
    """Every call into a plugin goes through here.

    Args:
        report: Told of a call that failed.
        tell_slow: Told (name, where, seconds) of a call that held the window up.
    """

    def __init__(self, *, report: Report, tell_slow: Callable[[str, str, float], None], marks: Marks) -> None:
        self.report = report
        self._tell_slow = tell_slow
        self.marks = marks
        self._statistics: dict[str, PluginStatistics] = {}
        self._lock = threading.Lock()

    def call(self, plugin: str, where: str, *, failed: str = "", is_load: bool = False) -> GuardedCall:
        """A `with` block that runs a plugin's code: what it raises is reported and ends there.

        Args:
            where: Name of the hook or of what is called.
            failed: What to say when it fails, with `{error}`.
            is_load: It is a part of what the plugin adds to a start, and no call of a hook.
        """
        return GuardedCall(self, plugin, where, failed=failed, is_load=is_load)

    def wrap(
        self, plugin: str, where: str, function: Callable[..., Any], *, default: Any
    ) -> Callable[..., Any]:
        """A function of a plugin that returns `default` when it fails."""

        def call(*args: Any, **options: Any) -> Any:
            with self.call(plugin, where):
                return function(*args, **options)
            return default

        return call

    def statistics(self, plugin: str) -> PluginStatistics:
        """What a plugin has cost so far."""
        return self._statistics.get(plugin, PluginStatistics())

    def begin_anew(self, plugin: str) -> None:
        """It is loaded again: what earlier loads took is no part of what it adds to a start."""
        with self._lock:
            self._statistics[plugin] = replace(self.statistics(plugin), load_s=0.0)

    def count(self, plugin: str, where: str, took_s: float, *, is_load: bool) -> None:
        """Add a call to the statistics, and tell of one that held the window up."""
        with self._lock:
            before = self.statistics(plugin)
            is_slowest = took_s > before.slowest_s and not is_load
            self._statistics[plugin] = PluginStatistics(
                before.calls + (not is_load),
                before.total_s + took_s,
                took_s if is_slowest else before.slowest_s,
                where if is_slowest else before.slowest,
                before.load_s + (took_s if is_load else 0.0),
            )
        if took_s > SLOW_S and self.marks.is_begun and threading.current_thread() is threading.main_thread():
            self._tell_slow(plugin, where, took_s)


class GuardedCall:
    """One call into a plugin.

    Attributes:
        has_failed: It raised; that was reported.
    """

    def __init__(self, guard: Guard, plugin: str, where: str, *, failed: str, is_load: bool) -> None:
        self._guard, self._plugin, self._where = guard, plugin, where
        self._failed, self._is_load = failed, is_load
        self._mark = guard.marks.inside(plugin, where)
        self._began_s = 0.0
        self.has_failed = False

    def __enter__(self) -> GuardedCall:
        """Name the plugin and look at the clock."""
        self._mark.__enter__()
        self._began_s = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Take the name away; what was raised ends here, but for Ctrl-C."""
        took_s = time.perf_counter() - self._began_s
        self._mark.__exit__(None, None, None)
        self._guard.count(self._plugin, self._where, took_s, is_load=self._is_load)
        if error is None:
            return False
        if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            return False  # on any other thread it is no person's
        self.has_failed = True
        text = self._failed or _("failed in {hook}: {error}").replace("{hook}", self._where)
        self._guard.report(self._plugin, text.replace("{error}", in_words(error)), error)
        return True


def in_words(error: BaseException) -> str:
    """An error of foreign code in one line: its kind and what it says, as far as that can be had."""
    if isinstance(error, MemoryError):
        return _("it asked for more memory than there is")
    try:
        said = str(error)
    except Exception:  # noqa: BLE001  foreign code, also here
        said = ""
    kind = type(error).__name__
    if isinstance(error, AppError):
        return said
    return f"{kind}: {said}" if said else kind
