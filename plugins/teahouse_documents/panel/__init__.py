"""The window half of the plugin: the panel "Documents"."""

from __future__ import annotations

from collections.abc import Generator
from threading import Lock
from typing import TYPE_CHECKING

from teahouse import Translator, hookimpl
from teahouse_desktop.panel import ConversationControl, MessageAction, Panel
from teahouse_documents.panel.summary_action import summary_action

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from teahouse.app import App
    from teahouse.jobs import Cancel
    from teahouse.messages import Message, Part
    from teahouse_desktop.panel import PanelWindow
    from teahouse_desktop.parts import PartView
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

KEY = "documents"
WIDTH_EM = 21.0
SOURCES = "sources"
SOURCES_EM = 26.0


class DocumentsPanels:
    """Its window hooks."""

    def __init__(self, app: App, window: PanelWindow) -> None:
        self._app, self._window = app, window
        self._lock = Lock()

    @hookimpl
    def register_panels(self) -> list[Panel]:
        """The panel with collections, progress, problems and the search; and that of an answer's sources."""
        return [
            Panel(_("Documents"), "folder", self.make, key=KEY, width_em=WIDTH_EM),
            Panel(
                _("Sources"),
                "quote",
                self.make_sources,
                key=SOURCES,
                show=self.show_source,
                width_em=SOURCES_EM,
            ),
        ]

    @hookimpl
    def register_message_actions(self) -> list[MessageAction]:
        """The summary of a document that a message carries or cites."""
        return [summary_action(self._app, self._window)]

    @hookimpl
    def register_conversation_controls(self) -> list[ConversationControl]:
        """The chips of collections above the composer."""
        return [ConversationControl(KEY, _("Documents of this conversation"), self.make_chips)]

    def make_chips(self, parent: QWidget, window: PanelWindow) -> QWidget:
        """The chips of one composer."""
        from teahouse_documents.panel.chips import DocumentChips

        return DocumentChips(self._app, window, self._library, parent)

    @hookimpl
    def render_part(self, part: Part, message: Message) -> PartView | None:
        """The sources of an answer below it, and its citations."""
        from teahouse_documents.panel.cited import view_of

        return view_of(part, message, self._show_sources)

    def make_sources(self, parent: QWidget) -> QWidget:
        """The panel of sources."""
        from teahouse_documents.panel.cited_desk import CitedDesk
        from teahouse_documents.panel.cited_panel import CitedPanel

        panel = CitedPanel(self._window.look, parent)
        CitedDesk(self._app, self._window, panel, self._library)
        return panel

    def show_source(self, panel: QWidget, argument: tuple[str, int]) -> None:
        """Show in it what a person has pressed: of which message, and the number of the source."""
        from teahouse_documents.panel.cited_desk import CitedDesk

        for desk in panel.findChildren(CitedDesk):
            desk.show(*argument)

    def _show_sources(self, message_id: str, number: int) -> None:
        self._window.show_panel(SOURCES, (message_id, number))

    def make(self, parent: QWidget) -> QWidget:
        """The panel's widget; it reads the library at once."""
        from teahouse_documents.panel.desk import DocumentsDesk
        from teahouse_documents.panel.documents_panel import DocumentsPanel
        from teahouse_documents.panel.shelf import Shelf
        from teahouse_documents.panel.study_desk import StudyDesk

        shelf = Shelf(self._app, self._window, self._library, parent)
        panel = DocumentsPanel(self._app, self._window, shelf, parent)
        shelf.setParent(panel)
        DocumentsDesk(panel, shelf, self._window)
        StudyDesk(self._app, panel, shelf, self._window)
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
