"""The window half of the plugin: the panel "Training", and the adapters above the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import Translator, hookimpl
from teahouse_desktop.panel import ConversationControl, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_training.panel.training_panel import TrainingPanel

_ = Translator("teahouse_training")

KEY, ADAPTERS = "training", "adapters"
WIDTH_EM = 22.0


class TrainingPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: PanelWindow) -> None:
        self._app, self._window = app, window

    @hookimpl
    def register_panels(self) -> list[Panel]:
        """Everything about training: the runs, a new one, one of them."""
        title = _("Training")
        return [Panel(title, "graduation-cap", self.make, key=KEY, show=self.show, width_em=WIDTH_EM)]

    @hookimpl
    def register_conversation_controls(self) -> list[ConversationControl]:
        """The adapters of the conversation, with how strongly each acts."""
        return [ConversationControl("adapters", _("Adapters"), self.make_chips)]

    def make(self, parent: QWidget) -> QWidget:
        """The panel's widget; it reads the runs at once."""
        from teahouse_training.panel.desk import TrainingDesk
        from teahouse_training.panel.library_desk import LibraryDesk
        from teahouse_training.panel.training_panel import TrainingPanel
        from teahouse_training.panel.workshop import Workshop
        from teahouse_training.runs import Runs

        workshop = Workshop(self._app, self._window, Runs(self._app), parent)
        panel = TrainingPanel(workshop, self._window.look, parent)
        workshop.setParent(panel)
        TrainingDesk(self._app, panel, workshop, self._window)
        LibraryDesk(self._app, panel, self._window)
        workshop.refresh()
        return panel

    def show(self, panel: TrainingPanel, place: object) -> None:
        """Go to a place of the panel: `ADAPTERS`, or where it is already."""
        if place == ADAPTERS:
            panel.show_adapters()

    def make_chips(self, parent: QWidget, window: PanelWindow) -> QWidget:
        """The chips above one composer."""
        from teahouse_training.panel.adapter_chips import AdapterChips
        from teahouse_training.panel.adapter_desk import AdapterDesk

        chips = AdapterChips(window, parent)
        AdapterDesk(self._app, window, chips)
        return chips


def create_panels(app: App, window: PanelWindow) -> TrainingPanels:
    """The factory named by the entry point `teahouse.panels`."""
    return TrainingPanels(app, window)
