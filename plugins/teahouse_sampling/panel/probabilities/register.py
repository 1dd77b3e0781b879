"""What the panel “Probabilities” adds to the window: the panel itself, and its action on replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse.messages import Message
from teahouse_desktop.panel import MessageAction, Panel, PanelWindow
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App

KEY = "probabilities"
ICON = "chart-column"
WIDTH_EM = 31.0


def probabilities_panel(app: App, window: PanelWindow) -> Panel:
    """The panel; its widgets are imported when it is first opened."""

    def make(parent: QWidget) -> QWidget:
        from teahouse_sampling.panel.probabilities.panel import ProbabilityPanel

        return ProbabilityPanel(app, window, parent)

    def show(widget: Any, message_id: Any) -> None:
        if message_id:
            widget.open(message_id)

    return Panel(_("Probabilities"), ICON, make, KEY, show, WIDTH_EM)


def probabilities_action(window: PanelWindow) -> MessageAction:
    """The action on a reply that opens the panel for it."""
    return MessageAction(
        _("Probabilities"),
        ICON,
        lambda message_id: window.show_panel(KEY, message_id),
        applies=_is_reply,
        is_in_footer=True,
    )


def _is_reply(message: Message) -> bool:
    return message.role == "assistant" and message.is_written_here
