"""The window half of the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import hookimpl
from teahouse_desktop import MessageAction, Panel
from teahouse_sampling.panel.probabilities.register import probabilities_action, probabilities_panel
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App
    from teahouse_desktop import PanelWindow

CONTROLS = "controls"
"""Key of the panel with the sampler's values."""


class SamplingPluginPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: PanelWindow) -> None:
        self._app, self._window = app, window

    @hookimpl
    def register_panels(self) -> list[Panel]:
        """The sampler's values, and what the model could have said."""
        return [
            Panel(_("Sampling"), "sliders-horizontal", self._make_controls, key=CONTROLS, width_em=20),
            probabilities_panel(self._app, self._window),
        ]

    @hookimpl
    def register_message_actions(self) -> list[MessageAction]:
        """The probabilities of a reply."""
        return [probabilities_action(self._window)]

    def _make_controls(self, parent: QWidget) -> QWidget:
        from teahouse_sampling.panel.controls import ControlsPanel
        from teahouse_sampling.panel.controls_desk import ControlsDesk

        panel = ControlsPanel(self._window.look, parent)
        ControlsDesk(self._app, self._window, panel)
        return panel


def create_panels(app: App, window: PanelWindow) -> SamplingPluginPanels:
    """The factory named by the entry point `teahouse.panels`."""
    return SamplingPluginPanels(app, window)
