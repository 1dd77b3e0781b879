"""Asks a model as it was and what came out of a training the same question, for the page of the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from teahouse import AppError
from teahouse.language import sentences
from teahouse_training.panel.words import _

if TYPE_CHECKING:
    from teahouse.jobs import Job, JobEnded
    from teahouse_training.panel.comparing import Said
    from teahouse_training.panel.run_page import RunPage
    from teahouse_training.panel.workshop import Workshop


class CompareDesk(QObject):
    """Connects the part “Side by side” with the models."""

    def __init__(self, page: RunPage, workshop: Workshop) -> None:
        super().__init__(page)
        self._page, self._workshop = page, workshop
        self._comparing: Job | None = None
        page.compare.asked.connect(self._compare)
        page.compare.stopped.connect(self._stop)

    def _compare(self, question: str) -> None:
        run, part = self._page.run, self._page.compare
        if run is None or self._comparing is not None:
            return
        if not (run.adapter or run.made_model):
            part.show_ended(_("What came out of it is not in the library any more."))
            return
        part.show_begun()
        self._comparing = self._workshop.compare(run, question, self._on_said, self._on_compared)

    def _on_said(self, said: Said | None) -> None:
        if said is not None and isValid(self):
            self._page.compare.show_text(is_tuned=said.is_tuned, text=said.text)

    def _on_compared(self, event: JobEnded) -> None:
        self._comparing = None
        error = event.error
        told = sentences(error.text, error.hint) if isinstance(error, AppError) else str(error or "")
        self._page.compare.show_ended(told)

    def _stop(self) -> None:
        if self._comparing is not None:
            self._workshop.stop(self._comparing)
