"""The window. What a plugin's `panel.py` may import; importing this imports no Qt."""

from teahouse_desktop.panel import ConversationControl, MessageAction, Panel, PanelWindow
from teahouse_desktop.parts import PartLine, PartMark, PartView

__all__ = [
    "ConversationControl",
    "MessageAction",
    "Panel",
    "PanelWindow",
    "PartLine",
    "PartMark",
    "PartView",
]
