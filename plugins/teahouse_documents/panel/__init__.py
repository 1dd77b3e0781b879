"""The window half of the plugin: the panel "Documents"."""

from __future__ import annotations

from collections.abc import Generator
from threading import Lock
from typing import TYPE_CHECKING

from teahouse import Translator, hookimpl
from teahouse_desktop.panel import Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App
    from teahouse.jobs import Cancel
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

KEY = "documents"
WIDTH_EM = 21.0


class DocumentsPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: PanelWindow) -> None:
        self._app, self._window = app, window
        self._lock = Lock()

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

    def start(self) -> None:
        """Have folders watched and read from now on, where there are any; nobody waits for it."""
        from teahouse_desktop.operations import Operation

        def work(_cancel: Cancel) -> Generator[object, None, None]:
            yield from ()
            self._library().start()

        self._window.run(Operation(_("Looking after the documents"), work, is_background=True))

    def _library(self) -> Library:
        from teahouse_documents.library import Library

        with self._lock:  # two jobs may ask for it at once, and there must be one
            return Library.of(self._app)


def create_panels(app: App, window: PanelWindow) -> DocumentsPanels:
    """The factory named by the entry point `teahouse.panels`."""
    panels = DocumentsPanels(app, window)
    panels.start()
    return panels
