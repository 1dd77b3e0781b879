"""The window half of the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App


class SamplingPluginPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: QWidget) -> None:
        self._app, self._window = app, window


def create_panels(app: App, window: QWidget) -> SamplingPluginPanels:
    """The factory named by the entry point `teahouse.panels`."""
    return SamplingPluginPanels(app, window)
