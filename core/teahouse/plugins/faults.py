"""What went wrong with each plugin in this process, told once."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from teahouse.events import Notice
from teahouse.language import _

log = logging.getLogger(__name__)


class Faults:
    """The faults of plugins; any thread may add one.

    Args:
        publish: Where notices go.
    """

    def __init__(self, publish: Callable[[object], None]) -> None:
        self._publish = publish
        self._errors: dict[str, str] = {}
        self._traces: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._told_slow: set[tuple[str, str]] = set()

    def add(self, name: str, what: str, error: BaseException | None, *, hint: str = "") -> None:
        """Remember a fault and publish it, unless it is the one that was told last.

        Args:
            what: The end of “The plugin NAME …”.
        """
        if error is not None:
            self._traces[name] = "".join(traceback.format_exception(error))
        self._counts[name] = self.count(name) + 1
        if self._errors.get(name) != what:
            self._errors[name] = what
            log.info("plugin %s %s", name, what, exc_info=error)
            self.tell(name, what, hint)

    def tell(self, name: str, what: str, hint: str = "") -> None:
        """Publish a sentence about a plugin."""
        self._publish(Notice(_("The plugin {name} {what}.").format(name=name, what=what), hint))

    def tell_slow(self, name: str, where: str, took_s: float) -> None:
        """Tell once of a plugin that held the window up in some place."""
        log.info("plugin %s held the window up for %.2f s in %s", name, took_s, where)
        if (name, where) not in self._told_slow:
            self._told_slow.add((name, where))
            text = _("held the window up for {seconds} s ({where})")
            self.tell(name, text.format(seconds=f"{took_s:.1f}", where=where))

    def forget(self, name: str) -> None:
        """The plugin begins anew."""
        self._errors.pop(name, None)
        self._traces.pop(name, None)
        self._counts.pop(name, None)

    def count(self, name: str) -> int:
        """How many faults a plugin has had since it was loaded."""
        return self._counts.get(name, 0)

    def error_of(self, name: str) -> str:
        """Its last fault, as the end of “The plugin NAME …”; empty for none."""
        return self._errors.get(name, "")

    def traceback_of(self, name: str) -> str:
        """Of its last exception; empty for none."""
        return self._traces.get(name, "")
