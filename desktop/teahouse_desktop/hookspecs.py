"""Every window hook a plugin can implement in its `panel.py`. What a person sees of each: docs/plugins.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.hookspecs import hookspec

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import MessageAction, Panel


@hookspec
def register_panels(app: App) -> list[Panel]:  # type: ignore[empty-body]
    """Panels at the right side of the window, shown one at a time."""


@hookspec
def register_message_actions(app: App) -> list[MessageAction]:  # type: ignore[empty-body]
    """Actions on a message, in its menu and in the row below it."""
