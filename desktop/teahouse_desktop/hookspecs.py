"""Every window hook a plugin can implement in its `panel.py`. What a person sees of each: docs/plugins.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.hookspecs import hookspec

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Message, Part
    from teahouse_desktop.panel import ConversationControl, MessageAction, Panel
    from teahouse_desktop.parts import PartView


@hookspec
def register_panels(app: App) -> list[Panel]:  # type: ignore[empty-body]
    """Panels at the right side of the window, shown one at a time."""


@hookspec
def register_message_actions(app: App) -> list[MessageAction]:  # type: ignore[empty-body]
    """Actions on a message, in its menu and in the row below it."""


@hookspec
def register_conversation_controls(app: App) -> list[ConversationControl]:  # type: ignore[empty-body]
    """What stands above the composer and holds for the conversation that is open there."""


@hookspec
def render_part(part: Part, message: Message) -> PartView | None:
    """What is shown of a part of a message: lines below its text, marks in its words."""
