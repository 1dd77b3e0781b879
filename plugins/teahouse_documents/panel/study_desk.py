"""The pages that are made when they are first asked for: the recall test and the summary of a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse_documents.panel.documents_panel import DocumentsPanel
from teahouse_documents.panel.recall_desk import RecallDesk
from teahouse_documents.panel.recall_page import RecallPage
from teahouse_documents.panel.shelf import Shelf
from teahouse_documents.panel.summary_desk import SummaryDesk, ask_file
from teahouse_documents.panel.summary_page import SummaryPage

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.passages import Passage
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.values import Source

SUMMARISE = "summarise"


class StudyDesk(QObject):
    """Leads to the pages, from the panel's menu, from a file and from a passage."""

    def __init__(self, app: App, panel: DocumentsPanel, shelf: Shelf, window: PanelWindow) -> None:
        super().__init__(panel)
        self._app, self._panel, self._shelf, self._window = app, panel, shelf, window
        self.recall: RecallPage | None = None
        self.summary: SummaryPage | None = None
        self._summaries: SummaryDesk | None = None
        panel.asked.connect(self._on_asked)
        panel.library.source_asked.connect(self._on_source)
        panel.search.asked.connect(self._on_hit)

    def show_recall(self) -> RecallPage:
        """Go to the recall test."""
        if self.recall is None:
            self.recall = RecallPage(self._window.look, self._panel)
            self.recall.left.connect(self._panel.show_documents)
            desk = RecallDesk(self._app, self.recall, self._shelf, self._window)
            desk.opened.connect(lambda hit: self._panel.search.asked.emit("open", hit))
        self._panel.show_page(self.recall)
        return self.recall

    def summarise(self, path: Path) -> SummaryPage:
        """Summarise a file on its page."""
        page, desk = self._summary_page()
        self._panel.show_page(page)
        desk.begin(path)
        return page

    # --- inside -----------------------------------------------------------------------------------

    def _summary_page(self) -> tuple[SummaryPage, SummaryDesk]:
        if self.summary is None or self._summaries is None:
            self.summary = SummaryPage(self._window.look, self._panel)
            self.summary.left.connect(self._panel.show_documents)
            self._summaries = SummaryDesk(self._app, self.summary, self._window)
        return self.summary, self._summaries

    def _on_asked(self, verb: str) -> None:
        if verb == "recall":
            self.show_recall()
        elif verb == SUMMARISE:
            ask_file(self._panel, self.summarise)

    def _on_source(self, verb: str, source: Source) -> None:
        if verb == SUMMARISE:
            self.summarise(Path(source.path))

    def _on_hit(self, verb: str, hit: Passage) -> None:
        if verb == SUMMARISE:
            self.summarise(Path(hit.path))
