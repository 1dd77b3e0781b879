"""Everything that can be said of a plugin before it is published; what it does, it does in a child."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Collection, Generator
from dataclasses import fields
from importlib.metadata import entry_points
from tempfile import TemporaryDirectory
from typing import Any

from teahouse.errors import AppError, EngineCrashed
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.plugins.author.borrowed import borrowed
from teahouse.plugins.author.findings import Finding, Report
from teahouse.plugins.author.manifest import check_manifest
from teahouse.plugins.author.project import Project
from teahouse.plugins.author.translated import check_texts
from teahouse.plugins.author.wheel import check_wheel, why_not_built
from teahouse.plugins.installed import PANELS
from teahouse.workers.pipe import exit_reason
from teahouse.workers.process import Workers

ENGINE_CHILD = "teahouse.plugins.author.check_child:serve"
PANEL_CHILD = "plugins.panel_check:serve"
WINDOW = "teahouse.window"
WITHIN_S = 60.0

Steps = Generator[str, None, Report]


class _TookTooLong(Exception):
    """The child had not answered in time."""


def check(project: Project, workers: Workers, *, words: Collection[str] = (), cancel: Cancel) -> Steps:
    """Look at a plugin; yields what is looked at, and returns the report.

    Args:
        words: First words of the app's own terminal commands.
    """
    report = Report(project.name, project.version, [])
    yield _("names and versions")
    report.findings.extend(check_manifest(project, words=words))
    with borrowed(project):
        yield _("hooks and what they return")
        told = _ask(project, workers, ENGINE_CHILD, "check", cancel, words=list(project.words))
        _take(report, told)
        if PANELS in project.halves and told.get("is_loaded"):
            yield _("panels")
            _look_at_panels(project, workers, cancel, report)
    yield _("translations")
    for package in project.packages:
        report.findings.extend(check_texts(package, told.get("shown", [])))
    yield _("the wheel")
    if reason := why_not_built(project):
        report.skipped.append(reason)
    else:
        report.findings.extend(check_wheel(project))
    return report


def _look_at_panels(project: Project, workers: Workers, cancel: Cancel, report: Report) -> None:
    window = next(iter(entry_points(group=WINDOW)), None)
    if window is None or importlib.util.find_spec("PySide6") is None:
        report.skipped.append(_("The panels were not looked at: the window is not installed."))
        return
    entry = f"{window.module.partition('.')[0]}.{PANEL_CHILD}"
    _take(report, _ask(project, workers, entry, "check", cancel))


def _take(report: Report, told: dict[str, Any]) -> None:
    """Take in what a child has found; what two of them found counts once."""
    names = {field.name for field in fields(Finding)}
    for found in told["findings"]:
        finding = Finding(**{name: value for name, value in found.items() if name in names})
        if finding not in report.findings:
            report.findings.append(finding)
    report.figures.update(told.get("figures", {}))


def _ask(
    project: Project, workers: Workers, entry: str, verb: str, cancel: Cancel, **args: Any
) -> dict[str, Any]:
    """What a child finds out, or how it ended."""
    try:
        found = _in_time(project, workers, entry, verb, cancel, args)
    except _TookTooLong:
        text = _("It was not loaded within {seconds} s.").format(seconds=f"{WITHIN_S:g}")
        return _only(Finding("contract", text, _("Nothing may wait or compute while it is imported.")))
    except EngineCrashed as error:
        text = _("It ended its process ({reason}).").format(reason=exit_reason(error.data.get("exit_code")))
        hint = _("Find out what ended it: sys.exit, a native library, or too much memory.")
        return _only(Finding("contract", text, hint, traceback=str(error.data.get("stderr", ""))))
    except AppError as error:
        return _only(Finding("contract", error.text, error.hint))
    return found if isinstance(found, dict) else _only(Finding("contract", repr(found)[:200]))


def _in_time(
    project: Project, workers: Workers, entry: str, verb: str, cancel: Cancel, args: dict[str, Any]
) -> Any:
    worker = workers.start(entry, cancel=cancel)
    until = time.monotonic() + WITHIN_S
    try:
        with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as home:
            told = {"name": project.name, "halves": project.halves, "paths": sys.path, "home": home, **args}
            steps = worker.ask(verb, **told)
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    return stop.value
                if time.monotonic() > until or cancel.is_set():
                    worker.kill()  # an import hears no cancel
                    steps.close()
                    raise _TookTooLong
    finally:
        worker.kill()
        worker.close()


def _only(finding: Finding) -> dict[str, Any]:
    return {"findings": [{field.name: getattr(finding, field.name) for field in fields(finding)}]}
