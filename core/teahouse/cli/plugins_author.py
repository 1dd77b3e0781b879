"""`teahouse plugins new, dev, check, catalogue`: for people who write plugins."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from teahouse.cli.console import ProgressLine, echo, echo_json, one_line, run
from teahouse.cli.main import COMMANDS, Session, build
from teahouse.errors import AppError
from teahouse.language import _, listed

if TYPE_CHECKING:
    from teahouse.plugins.author.findings import Finding, Report
    from teahouse.plugins.author.project import Project


def commands() -> list[click.Command]:
    """What the group `plugins` offers to authors."""
    folder = click.Argument(["folder"], type=click.Path(path_type=Path))
    every = (
        (
            "new",
            _new,
            _("Write a new plugin: a package with a command, a panel, a test and a catalogue."),
            [
                click.Argument(["name"]),
                click.Option(
                    ["--folder", "parent"],
                    type=click.Path(path_type=Path),
                    default=Path(),
                    help=_("Where its folder is made; this folder if it is not given."),
                ),
            ],
        ),
        (
            "dev",
            _dev,
            _("Run Teahouse with the plugin of a folder, and load it again when a file changes."),
            [folder, click.Argument(["command"], nargs=-1, type=click.UNPROCESSED)],
        ),
        (
            "check",
            _check,
            _("Look for mistakes in the plugin of a folder."),
            [folder, click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))],
        ),
        (
            "catalogue",
            _catalogue,
            _("Put the texts of a plugin into its catalogues, and compile them."),
            [folder],
        ),
    )
    return [
        click.Command(word, callback=callback, help=text, params=list[click.Parameter](params))
        for word, callback, text, params in every
    ]


def _new(name: str, parent: Path) -> None:
    from teahouse.plugins.author.names import names_of
    from teahouse.plugins.author.scaffold import create

    names = names_of(name, words=COMMANDS)
    folder = create(names, parent)
    echo(one_line(_("The plugin {name} is in {folder}.").format(name=names.plugin, folder=folder)))
    click.echo(_("What you can do now:"))
    for command in ("dev", "check"):
        echo(one_line(f"  teahouse plugins {command} {folder}"))


@click.pass_obj
def _dev(session: Session, /, folder: Path, command: tuple[str, ...]) -> None:
    from teahouse.plugins.author.borrowed import borrowed, fresh_files
    from teahouse.plugins.author.project import read_project

    if session.is_safe_mode:
        raise AppError(_("In safe mode no plugin runs."), _("Leave --safe-mode out."))
    project = read_project(folder)
    with _told_errors(), fresh_files(), borrowed(project):
        code = _run_with(session, project, command)
    click.get_current_context().exit(code)


def _run_with(session: Session, project: Project, command: tuple[str, ...]) -> int:
    from teahouse.plugins.author.reloading import Reloading

    app = session.bare_app
    app.plugins.roster.trust(project.name)
    app.plugins.roster.look_again()
    _tell_if_off(session, project.name)
    reloading = Reloading(app, project, lambda text: echo(text, is_error=True))
    with reloading.running():
        result = build().main(list(command), "teahouse", standalone_mode=False, obj=session)
    if (
        not command
        and project.name not in app.plugins.ready
        and not app.plugins.faults.error_of(project.name)
    ):
        text = _("The plugin {name} was not loaded.").format(name=project.name)
        hint = _("Close the window that is open, or set TEAHOUSE_HOME to another folder.")
        raise AppError(text, hint)
    return result if isinstance(result, int) else 0


def _tell_if_off(session: Session, name: str) -> None:
    if not session.bare_app.plugins.roster.is_enabled(name):
        text = _("The plugin {name} is off. Turn it on: {command}")
        command = f"teahouse plugins dev … -- plugins enable {name}"
        echo(text.format(name=name, command=command), is_error=True)


@contextmanager
def _told_errors() -> Iterator[None]:
    """Show what goes into the log as an error, with its traceback, in the terminal too."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.ERROR)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


@click.pass_obj
def _check(session: Session, /, folder: Path, is_json: bool) -> None:
    from teahouse.plugins.author.project import read_project

    report = _report(session, read_project(folder), COMMANDS)
    if is_json:
        echo_json(report.as_object())
    else:
        _show(report)
    if not report.is_good:
        click.get_current_context().exit(1)


def _report(session: Session, project: Project, words: Collection[str]) -> Report:
    from teahouse.plugins.author.check import check

    line = ProgressLine()
    try:
        found: Report = run(
            lambda cancel: check(project, session.bare_app.workers, words=words, cancel=cancel),
            lambda what: line.show(_("Looking at {what} …").format(what=what)),
        )
    finally:
        line.clear()
    return found


def _show(report: Report) -> None:
    echo(one_line(f"{report.plugin} {report.version}"))
    for number, finding in enumerate(report.findings, 1):
        _show_finding(number, finding)
    for reason in report.skipped:
        echo(one_line(reason))
    for what, value in report.figures.items():
        echo(one_line(f"{what}: {value:.3f}"))
    count = len(report.findings)
    click.echo(_("To mend: {count}").format(count=count) if count else _("Nothing has to be mended."))


def _show_finding(number: int, finding: Finding) -> None:
    place = f" ({finding.place})" if finding.place else ""
    echo(one_line(f"{number}. [{finding.kind}] {finding.text}{place}"))
    if finding.hint:
        echo(one_line(f"   → {finding.hint}"))
    if finding.traceback:
        echo("\n".join(f"   | {row}" for row in finding.traceback.rstrip().splitlines()))


def _catalogue(folder: Path) -> None:
    from teahouse.plugins.author.project import read_project
    from teahouse.plugins.author.translated import renew_catalogues

    for package in read_project(folder).packages:
        for file, missing in renew_catalogues(package):
            echo(one_line(str(file)))
            if missing:
                echo(one_line(_("Without a translation: {texts}").format(texts=listed(missing))))
