"""`teahouse doctor`: this machine, what the engine can do on it, and what was tried."""

from __future__ import annotations

import click

from teahouse.cli.console import echo, echo_json, run
from teahouse.cli.main import Session
from teahouse.diagnosis import diagnose, in_lines
from teahouse.language import _


def command() -> click.Command:
    """The command."""
    return click.Command(
        "doctor",
        callback=_doctor,
        help=_("Check this machine: the engine, devices, isolation."),
        params=[click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object."))],
    )


@click.pass_obj
def _doctor(session: Session, /, is_json: bool) -> None:
    report = run(diagnose(session.app), lambda _step: None)
    if is_json:
        echo_json(report)
        return
    for line in in_lines(report):
        echo(line)
