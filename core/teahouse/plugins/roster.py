"""Who is installed, who may run, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import RLock

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import Installed, find_installed
from teahouse.plugins.verdicts import Cause, Verdict, Verdicts
from teahouse.settings import Settings

OFF = "plugins.disabled"


class Roster:
    """The installed plugins, what a person chose of them, and what was found out about them.

    Args:
        find: Looks which plugins are installed.
    """

    def __init__(
        self,
        settings: Settings,
        verdicts: Verdicts,
        *,
        is_safe_mode: bool,
        find: Callable[[], dict[str, Installed]] = find_installed,
    ) -> None:
        self._settings = settings
        self._verdicts = verdicts
        self._find = find
        self._lock = RLock()
        self._found: dict[str, Installed] | None = None
        self._trusted: set[str] = set()
        self.is_safe_mode = is_safe_mode

    @property
    def installed(self) -> Mapping[str, Installed]:
        """Every installed plugin by name, as they were when last looked for."""
        with self._lock:
            if self._found is None:
                self._found = self._find()
            return self._found

    def look_again(self) -> None:
        """Something was installed, removed or changed, maybe by another process: look when next asked."""
        with self._lock:
            self._found = None
        self._settings.read_again()
        self._verdicts.read_again()

    def find(self, name: str) -> Installed:
        """The installed plugin of this name.

        Raises:
            PluginError: There is none.
        """
        found = self.installed.get(name)
        if found is None:
            raise PluginError(_("There is no plugin named {name}.").format(name=name), plugin=name)
        return found

    def places(self) -> dict[str, list[Path]]:
        """Where the program of each plugin lies."""
        return {name: one.places for name, one in self.installed.items()}

    # --- on and off ---------------------------------------------------------------------------------

    def is_enabled(self, name: str) -> bool:
        """Whether a plugin should run: no safe mode, not turned off, and nothing found against it."""
        return not self.is_safe_mode and not self.is_turned_off(name) and not self.why_off(name)

    def is_turned_off(self, name: str) -> bool:
        """Whether a person has turned it off."""
        return name in self._off()

    def why_off(self, name: str) -> str:
        """What was found against it, as the end of “The plugin NAME …”; empty for nothing."""
        verdict = self.verdict(name)
        return verdict.words if verdict else ""

    def turn(self, name: str, *, on: bool) -> None:
        """Keep a person's choice; one of which something bad was found gets another chance."""
        self.find(name)
        self._settings.read_again()  # what another process has turned off meanwhile stays off
        off = self._off() - {name} if on else self._off() | {name}
        self._settings.set(OFF, ",".join(sorted(off)))
        verdict = self._verdicts.latest(name)
        if on and verdict is not None and not verdict.is_good:
            self._verdicts.forget(name)

    # --- what was found out -------------------------------------------------------------------------

    def verdict(self, name: str) -> Verdict | None:
        """What was found out about its files as they are now."""
        one = self.installed.get(name)
        if one is None or self._verdicts.latest(name) is None:
            return None
        found = self._verdicts.get(name, one.sha256)
        # A library that was missing may be there now.
        is_stale = found is not None and found.cause == "error" and found.stamp != one.stamp
        return None if is_stale else found

    def trust(self, name: str) -> None:
        """Its author runs it from the files that lie there: it needs no trial in this process."""
        self._trusted.add(name)

    def needs_trial(self, name: str) -> bool:
        """Whether these files were never loaded here; what came with the app was tested with it."""
        is_known = name in self._trusted or self.find(name).is_bundled
        return not is_known and self.verdict(name) is None

    def keep(self, name: str, verdict: Verdict) -> None:
        """Remember what was found out."""
        one = self.installed.get(name)  # it may have been removed meanwhile
        self._verdicts.put(name, replace(verdict, stamp=one.stamp if one is not None else 0))

    def forget(self, name: str) -> None:
        """Keep nothing of a plugin that is removed: neither what was found out nor that it was off."""
        self._verdicts.forget(name)
        if name in self._off():
            self._settings.set(OFF, ",".join(sorted(self._off() - {name})))

    def blame(
        self, name: str, cause: Cause, detail: str, *, traceback: str = "", is_told: bool = True
    ) -> Verdict:
        """Turn a plugin off because of what it did; its files have to change, or a person to turn it on."""
        one = self.find(name)
        known = self.verdict(name) or Verdict(one.version, one.sha256)
        bad = replace(known, cause=cause, detail=detail, traceback=traceback, is_told=is_told)
        self._verdicts.put(name, bad)
        return bad

    def take_untold(self) -> dict[str, Verdict]:
        """Those that turned off by themselves and of which nobody was told; they count as told then."""
        found = {}
        for name in self.installed:
            verdict = self.verdict(name)
            if verdict is not None and not verdict.is_good and not verdict.is_told:
                found[name] = verdict
                self._verdicts.put(name, replace(verdict, is_told=True))
        return found

    def _off(self) -> set[str]:
        return {name.strip() for name in str(self._settings.get(OFF)).split(",") if name.strip()}
