"""Loading plugins so that none can hold up or end the app: work for a job, after the window shows."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.plugins.marks import take_left
from teahouse.plugins.plugins import turned_off
from teahouse.plugins.trial import try_out
from teahouse.plugins.verdicts import Cause, Verdict

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

POLL_S = 0.05
LOAD_WITHIN_S = 30.0
"""In the app; a plugin whose import takes longer is left behind, and is off from then on."""
TRIALS_AT_ONCE = 2


def load_carefully(app: App, *, is_window: bool) -> Work:
    """See `Plugins.load_carefully`; the result is the names of the plugins that were loaded."""

    def work(cancel: Cancel) -> Generator[str, None, list[str]]:
        roster = app.plugins.roster
        _put_back(app)
        roster.look_again()
        blame_left(app)
        if is_window:
            _begin_marks(app)
        _drop_gone(app)
        wanted = [
            name for name in roster.installed if roster.is_enabled(name) and name not in app.plugins.ready
        ]
        with app.plugins.turns.claimed(wanted) as own:
            unseen = [name for name in own if roster.needs_trial(name)]
            loaded = yield from _load_known(app, [n for n in own if n not in unseen], is_window, cancel)
            loaded += yield from _load_unseen(app, unseen, is_window, cancel)
        return loaded

    return work


def _put_back(app: App) -> None:
    """Undo an installation that was killed in the middle."""
    if not (app.paths.data / "plugin-undo").is_dir():
        return
    from teahouse.plugins.installing.undo import undo_left

    try:
        undo_left(app.paths.data)
    except OSError as error:  # it is tried again at the next start
        log.info("an interrupted installation cannot be undone: %s", error)


def blame_left(app: App) -> None:
    """Turn the plugins off in which an earlier process ended or stood still."""
    roster, folder = app.plugins.roster, app.paths.data / "plugin-calls"
    if roster.is_safe_mode or not folder.is_dir():
        return
    for mark in take_left(folder, roster.places()):
        if mark.plugin in roster.installed:
            cause: Cause = "hang" if mark.is_frozen else "crash"
            roster.blame(mark.plugin, cause, mark.where, is_told=False)
            log.info("plugin %s is off: %s in %s", mark.plugin, cause, mark.where)


def _drop_gone(app: App) -> None:
    """What was removed, or turned off by another process, is there no longer."""
    roster, ready = app.plugins.roster, list(app.plugins.ready)
    gone = [name for name in ready if name not in roster.installed or not roster.is_enabled(name)]
    for name in gone:
        app.plugins.drop(name)
    if gone:
        app.plugins.publish()


def _begin_marks(app: App) -> None:
    if app.plugins.roster.installed and not app.plugins.roster.is_safe_mode:
        try:
            app.plugins.marks.begin()
        except OSError as error:  # a full or read-only disk: everything else still works
            log.info("calls of plugins cannot be marked: %s", error)


def _load_known(
    app: App, names: Iterable[str], is_window: bool, cancel: Cancel
) -> Generator[str, None, list[str]]:
    loaded = []
    for name in names:
        yield name
        if _load(app, name, has_panels=is_window, cancel=cancel):
            loaded.append(name)
    if loaded:
        app.plugins.publish()
    return loaded


def _load_unseen(
    app: App, names: list[str], is_window: bool, cancel: Cancel
) -> Generator[str, None, list[str]]:
    """Several trials at once: one that takes long keeps no other waiting."""
    loaded = []
    with ThreadPoolExecutor(TRIALS_AT_ONCE, "trial") as pool:
        every = app.plugins.roster.installed
        here = [every[name] for name in names if name in every]
        trials = {pool.submit(try_out, app.workers, one, cancel=cancel): one.name for one in here}
        try:
            for trial in as_completed(trials):
                name = trials[trial]
                yield name
                if _take_verdict(app, name, trial.result(), cancel):
                    loaded += yield from _load_known(app, [name], is_window, cancel)
        finally:
            for trial in trials:
                trial.cancel()
    return loaded


def _take_verdict(app: App, name: str, verdict: Verdict | None, cancel: Cancel) -> bool:
    """Remember how a trial ended, and say so where it ended badly; whether the plugin may be loaded."""
    if verdict is None:
        if not cancel.is_set():
            app.plugins.report(name, _("could not be tried, so it does not run now"))
        return False
    app.plugins.roster.keep(name, verdict)
    if not verdict.is_good:
        app.plugins.report(name, verdict.words, hint=turned_off(name))
    return verdict.is_good


def _load(app: App, name: str, *, has_panels: bool, cancel: Cancel) -> bool:
    """Load on a thread that nobody has to wait for: an import cannot be stopped."""
    plugins, done = app.plugins, list[bool]()
    one = plugins.roster.installed.get(name)
    if one is None:  # it was removed meanwhile
        return False

    def load() -> None:
        done.append(plugins.load_one(one, has_panels=has_panels))

    thread = threading.Thread(target=load, name=f"load {name}", daemon=True)
    thread.start()
    until = time.monotonic() + LOAD_WITHIN_S
    while thread.is_alive() and not cancel.is_set():
        thread.join(POLL_S)
        if time.monotonic() > until:
            return _leave_behind(app, name)
    return bool(done) and done[0]


def _leave_behind(app: App, name: str) -> bool:
    if name in app.plugins.roster.installed:
        verdict = app.plugins.roster.blame(name, "time", f"{LOAD_WITHIN_S:g}")
        app.plugins.report(name, verdict.words, hint=turned_off(name))
    return False
