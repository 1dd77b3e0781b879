"""Which way of taking keys this desktop offers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, NoShortcut


def choose(parent: QObject) -> GlobalShortcut:
    """The way of this desktop, holding no keys yet."""
    if sys.platform == "win32":
        from teahouse_desktop.quick.global_shortcut.windows import WindowsShortcut

        return WindowsShortcut(parent)
    if sys.platform == "darwin":
        from teahouse_desktop.quick.global_shortcut.macos import MacShortcut

        return MacShortcut(parent)
    platform = QGuiApplication.platformName()
    if platform == "xcb" and not is_sandboxed() and not os.environ.get("WAYLAND_DISPLAY"):
        from teahouse_desktop.quick.global_shortcut.x11 import X11Shortcut

        return X11Shortcut(parent)
    if platform in ("xcb", "wayland"):  # under Wayland a grab by X11 hears only what X11 programs are told
        from teahouse_desktop.quick.global_shortcut.portal import PortalShortcut

        return PortalShortcut(parent)
    return NoShortcut(parent)


def is_sandboxed() -> bool:
    """Whether this is a Flatpak or a Snap, which may not listen to the keyboard of others."""
    return Path("/.flatpak-info").exists() or bool(os.environ.get("SNAP"))
