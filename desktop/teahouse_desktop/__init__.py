"""The window. What a plugin's `panel.py` may import; importing this imports no Qt."""

from teahouse_desktop.panel import Panel

__all__ = ["Panel"]
