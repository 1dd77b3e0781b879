"""The child's side of a trial: loads a plugin as the app would, in an empty home, and tells how it went."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
import traceback
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.language import _
from teahouse.plugins.guard import in_words
from teahouse.plugins.installed import Installed
from teahouse.plugins.plugins import Plugins

if TYPE_CHECKING:
    from teahouse.workers.child import Call, Server

MEMORY_AT_MOST_BYTES = 4 << 30


def serve(server: Server) -> None:
    """Answer `try`."""
    server.verb("try", try_plugin)


def try_plugin(
    _call: Call, *, name: str, entries: dict[str, str], paths: list[str], home: str
) -> dict[str, Any]:
    """Load a plugin.

    Args:
        entries: Its `module:attribute` by entry-point group.
        paths: Where the app finds modules.
        home: An empty folder that takes the place of the person's.
    """
    limit_memory()
    sys.path[:] = [*paths, *(path for path in sys.path if path not in paths)]
    os.environ["TEAHOUSE_HOME"] = home
    importlib.invalidate_caches()
    try:
        return _load(name, entries)
    except BaseException as error:  # noqa: BLE001  foreign code: nothing it raises may end this process unheard
        detail = _("could not be loaded: {error}").replace("{error}", in_words(error))
        trace = "".join(traceback.format_exception(error))
        return {"cause": "error", "detail": detail, "traceback": trace}


def limit_memory() -> None:
    """Refuse what no import needs, and be the first to go when memory runs out (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        bound = MEMORY_AT_MOST_BYTES if hard == resource.RLIM_INFINITY else min(hard, MEMORY_AT_MOST_BYTES)
        resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


def _load(name: str, entries: dict[str, str]) -> dict[str, Any]:
    from teahouse.app import App

    points = {group: EntryPoint(name, value, group) for group, value in entries.items()}
    one = Installed(name, points, {})
    app = App.open(has_plugins=False)
    app.plugins = Plugins(app, find=lambda: {name: one})
    app.plugins.load_one(one, has_panels=importlib.util.find_spec("PySide6") is not None)
    app.take_contributions()
    app.models.list()
    commands = app.plugins.call_each("register_commands", app=app)
    info = app.plugins.info(name)
    return {
        "cause": "error" if info.error else "",
        "detail": info.error,
        "traceback": app.plugins.faults.traceback_of(name),
        "hooks": list(info.hooks),
        "settings": [one.key for one in app.settings.declared if one.key.startswith(f"{name}.")],
        "commands": [command.path for _name, command in commands],
        "load_s": app.plugins.guard.statistics(name).load_s,
    }
