"""What was found out about the files of each plugin, kept from one start to the next.

A verdict holds for exactly these files, this version of the app and this Python: what has been changed or
updated is looked at anew.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from teahouse.language import _

log = logging.getLogger(__name__)

Cause = Literal["", "error", "time", "died", "crash", "hang", "faults"]
TRACEBACK_AT_MOST = 8000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a plugin may run, and what was seen when it was tried.

    Attributes:
        cause: Why it may not: its trial failed (`error`), took too long (`time`) or died (`died`); the window
            ended (`crash`) or stood still (`hang`) in it; it failed too often (`faults`). Empty: it may.
        detail: What happened in words, seconds, exit code or place that belongs to the cause.
        is_told: A person has been told.
        load_s: What import, factory and settings took.
        stamp: When something was last installed beside it.
    """

    version: str
    sha256: str
    cause: Cause = ""
    detail: str = ""
    traceback: str = ""
    is_told: bool = False
    hooks: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    load_s: float = 0.0
    stamp: int = 0
    app: str = ""
    python: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it may run."""
        return not self.cause

    @property
    def words(self) -> str:
        """Why it may not run, as the end of “The plugin NAME …”; empty for a good one."""
        return _sentence(self.cause).replace("{detail}", self.detail) if self.cause else ""


CAUSES = frozenset({"", "error", "time", "died", "crash", "hang", "faults"})


def _sentence(cause: Cause) -> str:
    if cause == "time":
        return _("was not loaded within {detail} s")
    if cause == "died":
        return _("ended its process when it was tried ({detail})")
    if cause == "crash":
        return _("was running when the window ended unexpectedly ({detail})")
    if cause == "hang":
        return _("held the window up until it was ended ({detail})")
    return _("failed {detail} times") if cause == "faults" else "{detail}"


class Verdicts:
    """The verdicts of one home, in one file that is read when it is first needed; any thread may ask."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = RLock()
        self._known: dict[str, Verdict] | None = None

    def get(self, name: str, sha256: str) -> Verdict | None:
        """What is known of a plugin with these files; None for nothing."""
        with self._lock:
            found = self._all().get(name)
            return found if found is not None and _key(found) == (sha256, *_here()) else None

    def latest(self, name: str) -> Verdict | None:
        """What was found out last, whatever its files are now."""
        with self._lock:
            return self._all().get(name)

    def put(self, name: str, verdict: Verdict) -> None:
        """Keep a verdict in place of an earlier one."""
        app, python = _here()
        kept = replace(verdict, app=app, python=python, traceback=verdict.traceback[-TRACEBACK_AT_MOST:])
        with self._lock:
            self._known = _read(self._file) | {name: kept}  # another process may have written meanwhile
            self._write()

    def read_again(self) -> None:
        """Look into the file when next asked: another process may have written it."""
        with self._lock:
            self._known = None

    def forget(self, name: str) -> None:
        """Know nothing of a plugin any more: it is tried anew."""
        with self._lock:
            found = _read(self._file)
            self._known = {n: v for n, v in found.items() if n != name}
            if name in found:
                self._write()

    def _all(self) -> dict[str, Verdict]:
        if self._known is None:
            self._known = _read(self._file)
        return self._known

    def _write(self) -> None:
        part = self._file.with_suffix(f".{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({n: asdict(v) for n, v in self._all().items()}), "utf-8")
            part.replace(self._file)
        except OSError as error:  # a disk that is full or read-only: it is found out again next time
            log.info("what was found out about plugins cannot be kept: %s", error)
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _key(verdict: Verdict) -> tuple[str, str, str]:
    return verdict.sha256, verdict.app, verdict.python


def _here() -> tuple[str, str]:
    return version("teahouse"), platform.python_version()


def _read(file: Path) -> dict[str, Verdict]:
    """The verdicts of a file; what cannot be read is as if it had never been found out."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    made = {name: _verdict(values) for name, values in entries if isinstance(values, dict)}
    return {name: verdict for name, verdict in made.items() if verdict is not None}


def _verdict(values: Mapping[str, Any]) -> Verdict | None:
    known = {f.name: values[f.name] for f in fields(Verdict) if f.name in values}
    try:
        known |= {name: tuple(known[name]) for name in ("hooks", "settings", "commands") if name in known}
        made = Verdict(**known)
    except TypeError:
        return None
    texts = (
        made.version,
        made.sha256,
        made.detail,
        made.traceback,
        *made.hooks,
        *made.settings,
        *made.commands,
    )
    is_sound = made.cause in CAUSES and all(isinstance(text, str) for text in texts)
    return made if is_sound else None
