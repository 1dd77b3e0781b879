"""Keys that call the quick-ask window while another program has the focus, where the desktop allows it."""

from teahouse_desktop.quick.global_shortcut.desktop import choose
from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, Outcome, describe

__all__ = ["GlobalShortcut", "Outcome", "choose", "describe"]
