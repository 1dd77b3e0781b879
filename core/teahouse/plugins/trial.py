"""Importing a plugin in a child first: what it does there, it does to nobody else."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from teahouse.errors import AppError, EngineCrashed, EngineError, PluginError
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.plugins.api import check_api
from teahouse.plugins.installed import Installed
from teahouse.plugins.verdicts import Verdict
from teahouse.workers.pipe import exit_reason
from teahouse.workers.process import Worker, Workers

log = logging.getLogger(__name__)

ENTRY = "teahouse.plugins.trial_child:serve"
WITHIN_S = 20.0
"""In which nothing counts that the child waited for a processor: a busy machine turns no plugin off."""


class _TookTooLong(Exception):
    """The trial had not ended in time."""


def try_out(
    workers: Workers,
    installed: Installed,
    *,
    cancel: Cancel,
    within_s: float = 0,
    ahead: Sequence[str] = (),
) -> Verdict | None:
    """What a plugin's trial finds; None where it was stopped, or no child could be started.

    The child imports all of its halves, makes its object in an empty home and calls the hooks that register.

    Args:
        within_s: It is ended when it takes longer; 0 for the usual time.
        ahead: Folders that the child looks into first: one that is not installed yet lies there.
    """
    within_s = within_s or WITHIN_S
    blank = Verdict(installed.version, installed.sha256)
    try:
        check_api(installed.requirements)
    except PluginError as error:
        return replace(
            blank, cause="error", detail=_("could not be loaded: {error}").format(error=error.text)
        )
    try:
        worker = workers.start(ENTRY, cancel=cancel)
    except (EngineError, OSError) as error:
        log.info("no child could be started to try the plugin %s: %s", installed.name, error)
        return None
    try:
        found = _ask(worker, installed, cancel, within_s, [*ahead, *sys.path])
    except _TookTooLong:
        return None if cancel.is_set() else replace(blank, cause="time", detail=f"{within_s:g}")
    except EngineCrashed as error:
        trace = str(error.data.get("stderr", ""))
        return replace(blank, cause="died", detail=exit_reason(error.data.get("exit_code")), traceback=trace)
    except AppError as error:
        return replace(blank, cause="error", detail=error.text)
    except OSError as error:  # no empty home can be made: a full disk
        log.info("the plugin %s cannot be tried: %s", installed.name, error)
        return None
    finally:
        worker.kill()
        worker.close()
    return _verdict(blank, found)


def _ask(worker: Worker, installed: Installed, cancel: Cancel, within_s: float, paths: list[str]) -> Any:
    began_s, waited_s = time.monotonic(), queued_s(worker.pid)
    entries = {group: entry.value for group, entry in installed.entries.items()}
    with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as home:
        steps = worker.ask("try", name=installed.name, entries=entries, paths=paths, home=home)
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return stop.value
            took_s = time.monotonic() - began_s
            is_late = took_s > within_s and took_s - (queued_s(worker.pid) - waited_s) > within_s
            if is_late or cancel.is_set():
                worker.kill()  # an import hears no cancel
                steps.close()
                raise _TookTooLong


def queued_s(pid: int) -> float:
    """How long a process was ready to run and got no processor (Linux); 0 where nobody tells."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _verdict(blank: Verdict, found: Any) -> Verdict:
    """What the child told; it ran a stranger's code, so nothing about it is certain."""
    told = found if isinstance(found, dict) else {"cause": "error", "detail": repr(found)[:200]}
    load_s = told.get("load_s", 0.0)
    return replace(
        blank,
        cause="error" if told.get("cause") else "",
        detail=str(told.get("detail", "")),
        traceback=str(told.get("traceback", "")),
        hooks=_texts(told.get("hooks")),
        settings=_texts(told.get("settings")),
        commands=_texts(told.get("commands")),
        load_s=float(load_s) if isinstance(load_s, (int, float)) else 0.0,
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
