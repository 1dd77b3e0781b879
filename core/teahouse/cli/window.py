"""`teahouse` without a command: the window, or the chat where there is no display."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import click

from teahouse.cli.console import echo
from teahouse.cli.main import Session
from teahouse.doorbell import Doorbell, Word
from teahouse.errors import AppError
from teahouse.language import _

log = logging.getLogger(__name__)

TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
"""With one of these a desktop lets a window of another process come to the front."""


def open_window(session: Session, *, is_report: bool = False, word: Word = "show") -> int:
    """Open the window and return its exit code; without a display the chat starts here instead.

    Where a window with the same home is open already, that one is asked for what is wanted.

    Args:
        is_report: Only print how the window starts, and quit; another window is left alone.
        word: What is wanted of the window.

    Raises:
        AppError: A report or the quick-ask window is wanted where no window can be opened; another window
            is open and does not answer.
    """
    reason = why_no_window()
    if reason and (is_report or word != "show"):
        raise AppError(reason)
    if reason:
        click.echo(_("{reason} The chat starts in the terminal.").format(reason=reason), err=True)
        from teahouse.cli.chat import converse

        converse(session)
        return 0
    run = _load()
    if is_report:
        return run(session.bare_app, is_report=True)
    bell = Doorbell(session.paths.data / "window")
    if not _occupy(bell, word, is_safe_mode=session.is_safe_mode):
        if word == "show":
            echo(_("Teahouse is open already; its window was asked to come to the front."), is_error=True)
        return 0
    # The lock is never let go of by hand: the system does that after the database has been closed.
    return run(session.bare_app, bell=bell if bell.is_ours else None)


def _occupy(bell: Doorbell, word: Word, *, is_safe_mode: bool) -> bool:
    """Whether the window is this process's to open; else another one has heard what is wanted."""
    try:
        if not bell.occupy():
            if is_safe_mode:
                raise AppError(
                    _("Teahouse is open already."), _("Close its window, then start it in safe mode.")
                )
            token = next((found for name in TOKENS if (found := os.environ.get(name))), "")
            if bell.ask(word, token=token):
                return False
        if word != "show":
            bell.ring(word)
    except OSError as error:  # two windows on one home are better than none
        log.warning("no other window can be looked for: %s", error)
    return True


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
