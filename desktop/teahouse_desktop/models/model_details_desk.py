"""What the window does for the details of a model: reads them, checks the file."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt
from shiboken6 import isValid

from teahouse.jobs import JobEnded
from teahouse.language import sentences
from teahouse.models.integrity import Checked
from teahouse_desktop.models import model_operations
from teahouse_desktop.models.model_details import ModelDetails
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


class DetailsDesk(QObject):
    """Opens the window with the details."""

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self.dialog: ModelDetails | None = None

    def open(self, name: str) -> None:
        """Show the details of a model."""
        read = model_operations.read_details(app=self._place.app, name=name)
        self._place.runner.start(read, done=partial(self._show, name))

    def _show(self, name: str, found: tuple[dict[str, Any], str]) -> None:
        facts, template = found
        dialog = self.dialog = ModelDetails(facts, template, self._place.look, self._place.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.check_requested.connect(partial(self._check, dialog, name))
        dialog.open()

    def _check(self, dialog: ModelDetails, name: str) -> None:
        job = self._place.runner.start(
            model_operations.check_model(app=self._place.app, name=name),
            progressed=lambda value: dialog.show_checking(value) if isValid(dialog) else None,
            ended=lambda ended: self._on_checked(dialog, ended),
        )
        dialog.show_checking(None)
        dialog.stop_requested.connect(lambda: self._place.runner.stop(job))

    def _on_checked(self, dialog: ModelDetails, ended: JobEnded) -> None:
        if not isValid(dialog):
            return
        if isinstance(ended.result, Checked):
            dialog.show_result(ended.result.text, is_bad=ended.result.is_right is False)
        elif ended.error is not None and not ended.is_cancelled:
            dialog.show_result(sentences(*in_words(ended.error)), is_bad=True)
        else:
            dialog.show_result(self.tr("Stopped."))
