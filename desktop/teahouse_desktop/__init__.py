"""The window. What a plugin's `panel.py` may import; importing this imports no Qt."""

from teahouse_desktop.panel import MessageAction, Panel, PanelWindow

__all__ = ["MessageAction", "Panel", "PanelWindow"]
