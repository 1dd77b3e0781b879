"""The echo plugin's panel: what the model will say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from teahouse import AppError, Translator, hookimpl
from teahouse_desktop.plugins.panels import Panel
from teahouse_echo.script import read

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_echo")


class EchoPanels:
    """The window half of the plugin."""

    def __init__(self, app: App) -> None:
        self._app = app

    @hookimpl
    def register_panels(self) -> list[Panel]:
        """One panel that lists the script."""
        return [Panel(_("Echo"), "repeat", self.make)]

    def make(self, parent: QWidget | None = None) -> QWidget:
        """The panel's widget."""
        panel = QWidget(parent)
        label = QLabel(_("Replies of the script"), panel)
        view = QPlainTextEdit(panel)
        view.setReadOnly(True)
        view.setAccessibleName(label.text())
        view.setPlainText(self._script())
        label.setBuddy(view)
        layout = QVBoxLayout(panel)
        layout.addWidget(label)
        layout.addWidget(view)
        return panel

    def _script(self) -> str:
        script = self._app.settings.get("echo.script")
        if not script:
            return _("There is no script: the model repeats the question.")
        try:
            return "\n\n".join(reply.text for reply in read(script))
        except AppError as error:
            return str(error)


def create_panels(app: App, window: QWidget) -> EchoPanels:
    """The factory named by the entry point `teahouse.panels`."""
    return EchoPanels(app)
