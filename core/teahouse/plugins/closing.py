"""The app closes although a plugin's work does not end."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import jobs
from teahouse.plugins.marks import plugin_at, stack_of
from teahouse.stacks import frames

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

WITHIN_S = 5.0
"""Work of a plugin that has not ended so long after it was stopped is left behind."""
LOOK_EACH_S = 0.5


def stop_jobs(app: App, *, within_s: float = WITHIN_S) -> list[str]:
    """Stop all jobs and wait for them, but not for ever for those that are in a plugin's program.

    Returns:
        The plugins whose work was left behind.
    """
    if not app.plugins.ready:
        app.jobs.stop()
        return []
    stopping = threading.Thread(target=app.jobs.stop, name="stop jobs", daemon=True)
    stopping.start()
    stopping.join(within_s)
    places = app.plugins.roster.places() if stopping.is_alive() else {}
    while stopping.is_alive():
        if left := _only_plugins_work(places):
            log.info("the work of %s does not end and is left behind", ", ".join(left))
            return left
        stopping.join(LOOK_EACH_S)
    return []


def _only_plugins_work(places: Mapping[str, Sequence[Path]]) -> list[str]:
    """The plugins in whose program the jobs are that still run; none where one is in ours."""
    found = set()
    for thread in threading.enumerate():
        files = [file for file, _function in stack_of(thread.ident or 0)]
        if Path(jobs.__file__) not in files or thread.name == "stop jobs":
            continue
        name = next((name for file in files if (name := plugin_at(file, places))), "")
        if not name:
            return []
        found.add(name)
        _log_stack(thread)
    return sorted(found)


def _log_stack(thread: threading.Thread) -> None:
    frame = frames().get(thread.ident or 0)
    if frame is not None:
        log.info("%s is in\n%s", thread.name, "".join(traceback.format_stack(frame)))
