"""The panel "Training": the trainings there are, one of them, or the page for a new one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from teahouse_desktop.forms import NoticeBar
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.missing_part import MissingPart
from teahouse_training.panel.new_page import NewPage
from teahouse_training.panel.run_page import RunPage
from teahouse_training.panel.runs_page import RunsPage

if TYPE_CHECKING:
    from teahouse_training.panel.workshop import Workshop


class TrainingPanel(QWidget):
    """The pages and their places; `TrainingDesk` does what people ask for on them.

    Signals:
        run_opened: (name): the page of a training shows; how it went is wanted.
    """

    run_opened = Signal(str)

    def __init__(self, workshop: Workshop, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._workshop = workshop
        self._awaited = ""
        self.notices, self.missing = NoticeBar(look, self), MissingPart(self)
        self.runs, self.new, self.run = RunsPage(look, self), NewPage(look, self), RunPage(look, self)
        self.pages = QStackedWidget(self)
        for page in (self.runs, self.new, self.run):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 6, 10)
        column.setSpacing(9)
        for part in (self.missing, self.notices):
            column.addWidget(part)
        column.addWidget(self.pages, 1)
        self.setFocusProxy(self.runs.new)
        workshop.read.connect(self.show_held)
        workshop.progressed.connect(self._on_progress)
        workshop.failed.connect(lambda text, hint: self.notices.show_text(text, hint, is_error=True))
        workshop.succeeded.connect(lambda text: self.notices.show_text(text))
        self.runs.new_requested.connect(self.show_new)
        self.runs.opened.connect(self.show_run)
        for page in (self.new, self.run):
            page.left.connect(self.show_runs)
        self.set_look(look)

    def show_held(self) -> None:
        """Show what was read."""
        workshop = self._workshop
        self.missing.show_problem(workshop.problem)
        self.runs.new.setEnabled(workshop.problem is None)
        self.runs.show_runs(workshop.runs, now_ms=round(time.time() * 1000))
        self.new.show_models(workshop.held.models)
        self.new.data.talked.offer(workshop.held.folders, workshop.held.tags)
        if self.pages.currentWidget() is self.run and self.run.run is not None:
            shown = workshop.find(self.run.run.name)
            if shown is None:
                self.show_runs()
            else:
                self.run.show_run(shown)
                self.run_opened.emit(shown.name)
        if self._awaited and workshop.find(self._awaited) is not None:
            name, self._awaited = self._awaited, ""
            self.show_run(name)

    def show_soon(self, name: str) -> None:
        """Go to a training that was just made, once it has been read."""
        self._awaited = name

    def show_runs(self) -> None:
        """Go to the trainings."""
        self.pages.setCurrentWidget(self.runs)
        self.runs.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_new(self) -> None:
        """Go to the page for a new training."""
        self.pages.setCurrentWidget(self.new)
        self.new.model.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_run(self, name: str) -> None:
        """Go to a training."""
        shown = self._workshop.find(name)
        if shown is not None:
            self.run.show_run(shown)
            self.pages.setCurrentWidget(self.run)
            self.run.back.setFocus(Qt.FocusReason.OtherFocusReason)
            self.run_opened.emit(name)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for part in (self.notices, self.runs, self.new, self.run):
            part.set_look(look)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back to the trainings."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is not self.runs:
            self.show_runs()
        else:
            super().keyPressEvent(event)

    def _on_progress(self, name: str) -> None:
        shown = self._workshop.find(name)
        if shown is None:
            return
        self.runs.show_runs(self._workshop.runs, now_ms=round(time.time() * 1000))
        if self.pages.currentWidget() is self.run and self.run.run is not None and self.run.run.name == name:
            self.run.show_run(shown)
