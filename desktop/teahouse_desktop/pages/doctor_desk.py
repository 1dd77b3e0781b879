"""What the window does on the page about the program: reads, checks, stops."""

from __future__ import annotations

from PySide6.QtCore import QObject

from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop import operations
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages import doctor_operations
from teahouse_desktop.pages.doctor_page import DoctorPage
from teahouse_desktop.pages.pages import DOCTOR
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


class DoctorDesk(QObject):
    """Connects the page with the diagnosis and the log."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner = place.app, place.runner
        self._page: DoctorPage | None = None
        self._job: Job | None = None
        place.pages.changed.connect(self._on_page)

    def make_page(self, look: Look) -> DoctorPage:
        """The page."""
        page = self._page = DoctorPage(look)
        page.check_requested.connect(self._check)
        page.stop_requested.connect(self._stop)
        self._runner.start(doctor_operations.read_versions(), done=page.show_versions)
        return page

    def _on_page(self, name: str) -> None:
        if name == DOCTOR and self._page is not None:
            self._runner.start(doctor_operations.read_log(app=self._app), done=self._page.show_log)
        elif name != DOCTOR:
            self._stop()

    def _check(self) -> None:
        if self._page is None or self._job is not None:
            return
        self._job = self._runner.start(
            doctor_operations.examine(app=self._app),
            progressed=self._page.show_checking,
            done=self._page.show_report,
            ended=self._on_ended,
        )

    def _stop(self) -> None:
        if self._job is not None:
            operations.stop(self._job)

    def _on_ended(self, ended: JobEnded) -> None:
        self._job = None
        if self._page is None:
            return
        if ended.is_cancelled:
            self._page.show_failure(self.tr("Stopped."))
        elif ended.error is not None:
            self._page.show_failure(sentences(*in_words(ended.error)))
