"""The panel "Training": the trainings there are, one of them, the page for a new one, and the adapters."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from teahouse_desktop.forms import NoticeBar
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.adapters_page import AdaptersPage
from teahouse_training.panel.missing_part import MissingPart
from teahouse_training.panel.runs_page import RunsPage

if TYPE_CHECKING:
    from teahouse_training.panel.new_page import NewPage
    from teahouse_training.panel.run_page import RunPage
    from teahouse_training.panel.workshop import Workshop


class TrainingPanel(QWidget):
    """The pages and their places; `TrainingDesk` does what people ask for on them.

    Signals:
        new_made, run_made: A page is there now: they are made when somebody first goes to them.
        run_opened: (name): the page of a training shows; how it went is wanted.
    """

    new_made = Signal()
    run_made = Signal()
    run_opened = Signal(str)

    def __init__(self, workshop: Workshop, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._workshop, self._look = workshop, look
        self._awaited = ""
        self._new: NewPage | None = None
        self._run: RunPage | None = None
        self.notices, self.missing = NoticeBar(look, self), MissingPart(self)
        self.runs, self.adapters = RunsPage(look, self), AdaptersPage(look, self)
        self.pages = QStackedWidget(self)
        for page in (self.runs, self.adapters):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 6, 10)
        column.setSpacing(9)
        for part in (self.missing, self.notices):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        workshop.read.connect(self.show_held)
        workshop.progressed.connect(self._on_progress)
        workshop.failed.connect(lambda text, hint: self.notices.show_text(text, hint, is_error=True))
        workshop.succeeded.connect(lambda text: self.notices.show_text(text))
        self.runs.new_requested.connect(self.show_new)
        self.runs.opened.connect(self.show_run)
        self.runs.adapters_requested.connect(self.show_adapters)
        self.adapters.left.connect(self.show_runs)

    # --- the pages ----------------------------------------------------------------------------------

    @property
    def new(self) -> NewPage:
        """The page for a new training."""
        if self._new is None:
            from teahouse_training.panel.new_page import NewPage

            self._new = NewPage(self._look, self)
            self._new.left.connect(self.show_runs)
            self.pages.addWidget(self._new)
            self._offer(self._new)
            self.new_made.emit()
        return self._new

    @property
    def run(self) -> RunPage:
        """The page of one training."""
        if self._run is None:
            from teahouse_training.panel.run_page import RunPage

            self._run = RunPage(self._look, self)
            self._run.left.connect(self.show_runs)
            self.pages.addWidget(self._run)
            self.run_made.emit()
        return self._run

    @property
    def has_new(self) -> bool:
        """Whether somebody has been on the page for a new training."""
        return self._new is not None

    def show_runs(self) -> None:
        """Go to the trainings."""
        self.pages.setCurrentWidget(self.runs)
        self.runs.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_new(self) -> None:
        """Go to the page for a new training."""
        self.pages.setCurrentWidget(self.new)
        self.new.model.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_adapters(self) -> None:
        """Go to the adapters."""
        self.pages.setCurrentWidget(self.adapters)
        self.adapters.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_run(self, name: str) -> None:
        """Go to a training."""
        shown = self._workshop.find(name)
        if shown is not None:
            self.run.show_run(shown)
            self.pages.setCurrentWidget(self.run)
            self.run.back.setFocus(Qt.FocusReason.OtherFocusReason)
            self.run_opened.emit(name)

    def show_soon(self, name: str) -> None:
        """Go to a training that was just made, once it has been read."""
        self._awaited = name

    # --- what they show -----------------------------------------------------------------------------

    def show_held(self) -> None:
        """Show what was read."""
        workshop = self._workshop
        self.missing.show_problem(workshop.problem)
        self.runs.new.setEnabled(workshop.problem is None)
        self._show_runs()
        if self._new is not None:
            self._offer(self._new)
        if self._opened:
            shown = workshop.find(self._opened)
            if shown is None:
                self.show_runs()
            else:
                self.run.show_run(shown)
                self.run_opened.emit(shown.name)
        if self._awaited and workshop.find(self._awaited) is not None:
            name, self._awaited = self._awaited, ""
            self.show_run(name)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for part in (self.notices, self.runs, self.adapters, self._new, self._run):
            if part is not None:
                part.set_look(look)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the trainings."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is not self.runs:
            self.show_runs()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who opens the panel goes to its first control; a proxy would hide that from screen readers."""
        super().focusInEvent(event)
        self.focusNextChild()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _opened(self) -> str:
        """Name of the training whose page is shown; empty for none."""
        page = self._run
        is_shown = page is not None and self.pages.currentWidget() is page
        return page.run.name if page is not None and is_shown and page.run is not None else ""

    def _show_runs(self) -> None:
        shop = self._workshop
        self.runs.show_runs(shop.runs, shop.held.damaged, now_ms=round(time.time() * 1000))

    def _offer(self, page: NewPage) -> None:
        held = self._workshop.held
        page.show_models(held.models)
        page.data.talked.offer(held.folders, held.tags)

    def _on_progress(self, name: str) -> None:
        shown = self._workshop.find(name)
        if shown is None:
            return
        self._show_runs()
        if self._opened == name:
            self.run.show_run(shown)
