"""`teahouse` without a command: the window, or the chat where there is no display."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import click

from teahouse.cli.main import Session
from teahouse.errors import AppError
from teahouse.language import _


def open_window(session: Session, *, is_report: bool = False) -> int:
    """Open the window and return its exit code; without a display the chat starts here instead.

    Args:
        is_report: Only print how the window starts, and quit.

    Raises:
        AppError: A report is wanted where no window can be opened.
    """
    reason = why_no_window()
    if reason and is_report:
        raise AppError(reason)
    if reason:
        click.echo(_("{reason} The chat starts in the terminal.").format(reason=reason), err=True)
        from teahouse.cli.chat import converse

        converse(session)
        return 0
    run = _load()
    return run(session.app, is_report=True) if is_report else run(session.app)


def why_no_window() -> str:
    """Why no window can be opened; empty when one can."""
    if not entry_points(group="teahouse.window"):
        return _("The window is not installed.")
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if sys.platform in ("win32", "darwin") or platform not in ("", "xcb", "wayland"):
        return ""
    named = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    if not named:
        return _("There is no display.")
    if not (_has_wayland() or _has_x11()):
        return _("The display {name} does not answer.").format(name=os.environ[named[-1]])
    return ""


def _has_wayland() -> bool:
    name, folder = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and Path(folder, name).is_socket()


def _has_x11() -> bool:
    """Whether the X server takes a connection; Qt would end the process when it does not."""
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt tells what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    is_refused = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not is_refused


def _load() -> Callable[..., int]:
    try:
        run: Callable[..., int] = next(iter(entry_points(group="teahouse.window"))).load()
    except ImportError as error:
        raise AppError(
            _("The window's libraries cannot be loaded: {error}.").format(error=error),
            _("“teahouse chat” works without them; “make run” installs them."),
        ) from error
    return run
