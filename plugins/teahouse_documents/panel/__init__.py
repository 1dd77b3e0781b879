"""The window half of the plugin: the panel "Documents"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import Translator, hookimpl
from teahouse_desktop.panel import Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

KEY = "documents"
WIDTH_EM = 21.0


class DocumentsPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: PanelWindow) -> None:
        self._app, self._window = app, window

    @hookimpl
    def register_panels(self) -> list[Panel]:
        """The panel with collections, progress, problems and the search."""
        return [Panel(_("Documents"), "folder", self.make, key=KEY, width_em=WIDTH_EM)]

    def make(self, parent: QWidget) -> QWidget:
        """The panel's widget; it reads the library at once."""
        from teahouse_documents.panel.desk import DocumentsDesk
        from teahouse_documents.panel.documents_panel import DocumentsPanel
        from teahouse_documents.panel.shelf import Shelf

        shelf = Shelf(self._app, self._window, self._library, parent)
        panel = DocumentsPanel(self._app, self._window, shelf, parent)
        shelf.setParent(panel)
        DocumentsDesk(panel, shelf, self._window)
        shelf.refresh()
        return panel

    def _library(self) -> Library:
        from teahouse_documents.library import Library

        return Library.of(self._app)


def create_panels(app: App, window: PanelWindow) -> DocumentsPanels:
    """The factory named by the entry point `teahouse.panels`."""
    return DocumentsPanels(app, window)
