"""What the window does for the settings of one model: shows them, keeps them, loads it anew with them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from teahouse.setting import Value
from teahouse_desktop.models import fitting
from teahouse_desktop.models.fitting import ModelSettings
from teahouse_desktop.workplace import Workplace


class ModelSettingsDesk(QObject):
    """Opens the form.

    Signals:
        loading: The `Job` that brings the model into memory with its new settings.
    """

    loading = Signal(object)

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place

    def open(self, name: str, focus: str = "") -> None:
        """Show the settings of a model, with the cursor in one of them."""
        read = fitting.read_model_settings(app=self._place.app, name=name)
        self._place.runner.start(read, done=lambda settings: self._show(settings, focus))

    def _show(self, settings: ModelSettings, focus: str) -> None:
        from teahouse_desktop.models.model_settings import ModelSettingsDialog

        dialog = ModelSettingsDialog(settings, self._place.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.applied.connect(self._apply)
        dialog.open()
        dialog.focus(focus)

    def _apply(self, name: str, values: dict[str, Value]) -> None:
        change = fitting.change_model_settings(app=self._place.app, name=name, values=values)
        refresh = self._place.active.conversation.refresh
        self.loading.emit(self._place.runner.start(change, done=lambda _: refresh()))
