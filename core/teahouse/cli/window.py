"""`teahouse` without a command: the window, or the chat where there is no display."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import entry_points

import click

from teahouse.app import App
from teahouse.cli.main import Session
from teahouse.errors import AppError
from teahouse.language import _


def open_window(session: Session) -> int:
    """Open the window and return its exit code; without a display the chat starts here instead."""
    reason = why_no_window()
    if reason:
        click.echo(_("{reason} The chat starts in the terminal.").format(reason=reason), err=True)
        from teahouse.cli.chat import converse

        converse(session)
        return 0
    code: int = _load()(session.app)
    return code


def why_no_window() -> str:
    """Why no window can be opened; empty when one can."""
    if not entry_points(group="teahouse.window"):
        return _("The window is not installed.")
    is_unix = sys.platform not in ("win32", "darwin")
    if is_unix and not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        return _("There is no display.")
    return ""


def _load() -> Callable[[App], int]:
    try:
        run: Callable[[App], int] = next(iter(entry_points(group="teahouse.window"))).load()
    except ImportError as error:
        raise AppError(
            _("The window's libraries cannot be loaded: {error}.").format(error=error),
            _("“teahouse chat” works without them; “make run” installs them."),
        ) from error
    return run
