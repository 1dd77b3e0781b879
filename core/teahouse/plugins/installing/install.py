"""Carrying out a plan: try the plugin in a child from a staged copy, then install it, or change nothing."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import PluginError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.plugins.installed import normal
from teahouse.plugins.installing import environment
from teahouse.plugins.installing.brought import note_brought
from teahouse.plugins.installing.files import Step
from teahouse.plugins.installing.pip import Stopped, run_pip
from teahouse.plugins.installing.plan import Plan
from teahouse.plugins.installing.staging import Staged, staged, unpack
from teahouse.plugins.installing.targets import files_of, targets
from teahouse.plugins.installing.undo import changing
from teahouse.plugins.trial import try_out
from teahouse.plugins.verdicts import Verdict

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was installed.

    Attributes:
        plugins: Names of the plugins in it.
        needs_restart: This process has imported an earlier version, which runs until it ends.
    """

    plugins: tuple[str, ...]
    package: str
    version: str
    version_before: str
    libraries: tuple[str, ...]
    needs_restart: bool


def carry_out(app: App, plan: Plan) -> Work:
    """Work that installs; yields `Step`s, the result is an `Outcome`. The plan's files are removed.

    Raises (when it runs):
        PluginError: It failed or was stopped; everything is as it was before.
    """

    def work(cancel: Cancel) -> Generator[Step, None, Outcome]:
        try:
            environment.check_changeable()
            verdicts = yield from _try(app, plan, cancel)
            yield Step("install")
            yield from _install(app, plan, verdicts, cancel)
        finally:
            plan.discard()
        return _outcome(app, plan, verdicts)

    return work


def _try(app: App, plan: Plan, cancel: Cancel) -> Generator[Step, None, dict[str, Verdict]]:
    """Load what is in it in a child, before anything of the environment is touched."""
    yield Step("try")
    root, found = plan.folder / "staged", dict[str, Verdict]()
    unpack(plan.wheels, root)
    for one in staged(plan.wheel, root):
        yield Step("try")
        found[one.name] = _tried(app, one, root, cancel)
    return found


def _tried(app: App, one: Staged, root: Path, cancel: Cancel) -> Verdict:
    verdict = try_out(app.workers, one, cancel=cancel, ahead=[str(root)])
    if cancel.is_set():
        raise Stopped(_("Stopped. Nothing was installed."))
    if verdict is None:
        raise PluginError(_("Nothing was installed, because no process could be started to try it in."))
    if not verdict.is_good:
        raise PluginError(
            _("The plugin {name} {what}. Nothing was installed.").format(name=one.name, what=verdict.words),
            _("Its author can mend this."),
            plugin=one.name,
            traceback=verdict.traceback,
        )
    return verdict


def _install(
    app: App, plan: Plan, verdicts: Mapping[str, Verdict], cancel: Cancel
) -> Generator[Step, None, None]:
    here = environment.installed()
    coming = {normal(wheel.name) for wheel in plan.wheels}
    old = [path for name in coming if name in here for path in files_of(here[name])]
    new = [path for wheel in plan.wheels for path in targets(wheel)]
    options = ["--no-deps", "--no-index", "--only-binary=:all:", "--force-reinstall", "--no-compile"]
    options += [
        "--progress-bar=off",
        "--no-warn-script-location",
        *(str(wheel.path) for wheel in plan.wheels),
    ]
    with changing(app.paths.data, old=old, new=new):
        for _waiting in run_pip("install", options, cancel):
            yield Step("install")
        look_anew(app)
        _check_there(app, plan, verdicts)


def _check_there(app: App, plan: Plan, verdicts: Mapping[str, Verdict]) -> None:
    """What is installed now is what was tried."""
    for name, verdict in verdicts.items():
        found = app.plugins.roster.installed.get(name)
        if found is None or found.sha256 != verdict.sha256:
            text = _(
                "The plugin {name} is not what was tried, once it was installed. It was taken away again."
            )
            raise PluginError(text.format(name=name), plugin=name)


def _outcome(app: App, plan: Plan, verdicts: Mapping[str, Verdict]) -> Outcome:
    needs_restart = bool(plan.before) and is_imported(_modules(plan))
    for name, verdict in verdicts.items():
        app.plugins.roster.keep(name, verdict)
    added = [w.name for w in plan.libraries if normal(w.name) not in plan.before]
    note_brought(app.paths, plan.wheel.name, added)
    return Outcome(
        plugins=tuple(verdicts),
        package=plan.wheel.name,
        version=plan.wheel.version,
        version_before=plan.version_before,
        libraries=tuple(f"{wheel.name} {wheel.version}" for wheel in plan.libraries),
        needs_restart=needs_restart,
    )


def look_anew(app: App) -> None:
    """The environment has changed: forget what was found in it."""
    importlib.invalidate_caches()
    app.plugins.roster.look_again()


def is_imported(modules: Iterable[str]) -> bool:
    """Whether this process has imported one of these top-level modules."""
    return any(module in sys.modules for module in modules)


def _modules(plan: Plan) -> set[str]:
    tops = {file.partition("/")[0] for wheel in plan.wheels for file in wheel.files}
    return {top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data"))}


def as_object(outcome: Outcome) -> dict[str, object]:
    """An outcome as JSON."""
    return json.loads(json.dumps({name: getattr(outcome, name) for name in Outcome.__slots__}))  # type: ignore[no-any-return]
