"""`teahouse quick`: the quick-ask window, for keys that are bound in the desktop's own settings."""

from __future__ import annotations

import click

from teahouse.cli.main import Session
from teahouse.language import _


def command() -> click.Command:
    """The command."""
    return click.Command(
        "quick",
        callback=_quick,
        help=_("Ask in a small window; Teahouse is started where it is not open yet."),
    )


@click.pass_obj
def _quick(session: Session, /) -> int:
    from teahouse.cli.window import open_window

    return open_window(session, word="quick")
