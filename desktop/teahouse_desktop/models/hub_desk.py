"""What the window does on a hub: sends the words when asked to, lists files, looks into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from shiboken6 import isValid

from teahouse.engine.suitability import Suitability
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse.models.repository import Repository
from teahouse_desktop.models import model_operations
from teahouse_desktop.models.download_desk import DownloadDesk
from teahouse_desktop.models.downloads import Wanted
from teahouse_desktop.models.hub_section import HubSection
from teahouse_desktop.models.model_operations import FileOffer
from teahouse_desktop.models.repository_card import FileRow, RepositoryCard
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


class HubDesk(QObject):
    """Connects the section with the hub; what was found last is shown again when the page is opened again."""

    def __init__(self, place: Workplace, downloads: DownloadDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._runner, self._downloads = place.app, place.runner, downloads
        self._section: HubSection | None = None
        self._words, self._found = "", tuple[Repository, ...]()
        self._jobs: list[Job] = []
        self._searching: Job | None = None

    def join(self, section: HubSection, act: Callable[[str, Wanted], None]) -> None:
        """Do what is asked for on a section."""
        self._section = section
        section.search_requested.connect(self._search)
        section.files_requested.connect(self._list_files)
        section.closer_requested.connect(self._look_closer)
        section.stop_requested.connect(self._stop)
        section.requested.connect(act)
        section.field.setText(self._words)

    def show_host(self, host: str, *, is_offline: bool) -> None:
        """Say which host is asked."""
        if self._section is None:
            return
        self._section.show_host(host, is_offline=is_offline, find=self._downloads.find)
        if self._found and not self._section.list.cards and not self._jobs:
            self._section.show_found(self._found)

    def leave(self) -> None:
        """The page goes: nothing is asked any more."""
        self._section = None
        self._stop()

    # --- inside -----------------------------------------------------------------------------------

    def _search(self, words: str) -> None:
        if self._section is None or not words:
            return
        self._stop()
        self._words, self._found = words, ()
        self._section.show_asking(True)
        search = model_operations.search_hub(app=self._app, words=words)
        self._searching = self._runner.start(search, ended=self._on_found)
        self._jobs = [self._searching]

    def _on_found(self, ended: JobEnded) -> None:
        self._jobs = [job for job in self._jobs if job is not ended.job]
        if self._section is None or ended.job is not self._searching:
            return  # another search goes on, whatever this one has found
        if isinstance(ended.result, list):
            self._found = tuple(ended.result)
            self._section.show_found(self._found)
        elif ended.is_cancelled or ended.error is None:
            self._section.show_asking(False)
        else:
            self._section.show_failure(sentences(*in_words(ended.error)))

    def _list_files(self, card: RepositoryCard) -> None:
        card.show_asking(True)
        read = model_operations.read_files(app=self._app, repository=card.repository.id)
        self._jobs.append(self._runner.start(read, ended=partial(self._on_files, card)))

    def _on_files(self, card: RepositoryCard, ended: JobEnded) -> None:
        self._jobs = [job for job in self._jobs if job is not ended.job]
        if not isValid(card) or self._section is None:
            return
        if isinstance(ended.result, list):
            self._section.show_files(card, ended.result)
        elif ended.is_cancelled or ended.error is None:
            card.show_asking(False)
        else:
            card.show_failure(sentences(*in_words(ended.error)))

    def _look_closer(self, row: FileRow) -> None:
        row.show_looking(True)
        look = model_operations.look_closer(app=self._app, file=row.offer.file)
        self._jobs.append(self._runner.start(look, ended=partial(self._on_looked, row)))

    def _on_looked(self, row: FileRow, ended: JobEnded) -> None:
        self._jobs = [job for job in self._jobs if job is not ended.job]
        if not isValid(row):
            return
        row.show_looking(False)
        if isinstance(ended.result, Suitability):
            row.show_fit(FileOffer(row.offer.file, ended.result, row.offer.kept_bytes))
        elif ended.error is not None and not ended.is_cancelled:
            row.show_problem(sentences(*in_words(ended.error)))

    def _stop(self) -> None:
        jobs: Sequence[Job] = self._jobs
        for job in jobs:
            self._runner.stop(job)
