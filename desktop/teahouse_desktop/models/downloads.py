"""Downloads of models, one after the other: what runs, what waits, how fast it goes, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal

from teahouse.jobs import Job, JobEnded
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse.models.hub import names_here
from teahouse.models.repository import HubFile
from teahouse_desktop import operations
from teahouse_desktop.chat.failure import Failure, read_failure
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.models import model_operations
from teahouse_desktop.models.model_operations import OwnModel
from teahouse_desktop.models.model_words import in_a_row
from teahouse_desktop.models.pace import Pace, left_in_words, speed_in_words
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner

if TYPE_CHECKING:
    from teahouse.app import App

State = Literal["waiting", "running", "stopped", "failed", "done"]
Wanted = Entry | HubFile


def key_of(wanted: Wanted) -> str:
    """What a download is known by: the hash of its file."""
    return wanted.sha256


def find_here(wanted: Wanted, models: Sequence[OwnModel]) -> str:
    """What the file is called among these models; empty where it is not here, or cannot be used."""
    if isinstance(wanted, Entry):
        names: tuple[str, ...] = (wanted.file,)
    else:
        names = names_here(wanted.repository.id, PurePosixPath(wanted.path).name)
    usable = (own.model for own in models if own.model.path is not None and not own.model.problem)
    same = (
        model for model in usable if model.size_bytes == wanted.size_bytes
    )  # else another one of that name
    return next((model.name for model in same if model.path and model.path.name in names), "")


@dataclass
class Download:
    """One download.

    Attributes:
        progress: The last that was told; None before it has begun.
        failure: Why it failed; None otherwise.
        kept_bytes: What lies on the disk of one that was stopped or has failed; None while nobody has
            looked.
    """

    wanted: Wanted
    state: State = "waiting"
    progress: DownloadProgress | None = None
    failure: Failure | None = None
    kept_bytes: int | None = None
    pace: Pace = field(default_factory=Pace)

    @property
    def done_bytes(self) -> int:
        """What has arrived."""
        return self.progress.done_bytes if self.progress else 0

    @property
    def fraction(self) -> float:
        """How far it is, from 0 to 1."""
        return self.done_bytes / max(1, self.wanted.size_bytes)

    @property
    def words(self) -> str:
        """What has arrived, how fast it goes, how long still."""
        if self.state == "waiting":
            return translate("Downloads", "waits until the one before it is done")
        if self.progress is None:
            return translate("Downloads", "begins …")
        if not self.progress.source:
            return translate("Downloads", "looks at what is here already …")
        if self.done_bytes >= self.wanted.size_bytes:
            return translate("Downloads", "compares the file with its hash …")
        left = self.pace.left_s(self.wanted.size_bytes - self.done_bytes)
        done, total = size_in_words(self.done_bytes), size_in_words(self.wanted.size_bytes)
        return in_a_row(f"{done} / {total}", speed_in_words(self.pace.bytes_per_s), left_in_words(left))


class Downloads(QObject):
    """The queue.

    Signals:
        changed: Key of a download that is another now.
        ended: A `Download` that is done, has failed or was stopped.
    """

    changed = Signal(str)
    ended = Signal(object)

    def __init__(self, app: App, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app, self._runner = app, runner
        self._known: dict[str, Download] = {}
        self._job: Job | None = None

    @property
    def running(self) -> Download | None:
        """The one that runs."""
        return next((one for one in self._known.values() if one.state == "running"), None)

    @property
    def coming(self) -> Sequence[Download]:
        """The one that runs, then those that wait."""
        waiting = [one for one in self._known.values() if one.state == "waiting"]
        return [self.running, *waiting] if self.running else waiting

    def find(self, key: str) -> Download | None:
        """A download of this session by its key."""
        return self._known.get(key)

    def add(self, wanted: Wanted) -> None:
        """Fetch this, at once or when those before it are done; what failed or was stopped goes on."""
        key = key_of(wanted)
        known = self._known.get(key)
        if known is not None and known.state in ("waiting", "running"):
            return
        self._known.pop(key, None)  # it goes to the end of the queue
        self._known[key] = Download(wanted)
        self.changed.emit(key)
        self._go_on()

    def stop(self, key: str) -> None:
        """End a download; what has arrived is kept for the next try."""
        known = self._known.get(key)
        if known is None:
            return
        if known.state == "running" and self._job is not None:
            self._runner.stop(self._job)
        elif known.state == "waiting":
            known.state = "stopped"
            self.changed.emit(key)
            self.ended.emit(known)
            self._look_what_is_kept(known)

    def forget(self, key: str) -> None:
        """Tell no more of a download that has ended."""
        known = self._known.get(key)
        if known is not None and known.state not in ("waiting", "running"):
            del self._known[key]
            self.changed.emit(key)

    # --- inside -----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._job is not None:
            return
        following = next((one for one in self._known.values() if one.state == "waiting"), None)
        if following is None:
            return
        following.state = "running"
        self._job = self._runner.start(
            self._operation(following.wanted),
            progressed=lambda value: self._on_progress(following, value),
            ended=lambda ended: self._on_ended(following, ended),
        )
        self.changed.emit(key_of(following.wanted))

    def _operation(self, wanted: Wanted) -> Operation:
        if isinstance(wanted, Entry):
            return operations.fetch_model(app=self._app, entry=wanted)
        return model_operations.fetch_hub_file(app=self._app, file=wanted)

    def _on_progress(self, download: Download, value: object) -> None:
        if isinstance(value, DownloadProgress):
            download.progress = value
            if value.source:
                download.pace.note(value.done_bytes)
            self.changed.emit(key_of(download.wanted))

    def _on_ended(self, download: Download, ended: JobEnded) -> None:
        self._job = None
        if ended.result is not None:
            download.state = "done"
        elif ended.error is not None and not ended.is_cancelled:
            download.state, download.failure = "failed", read_failure(ended.error)
        else:
            download.state = "stopped"
        self.changed.emit(key_of(download.wanted))
        self.ended.emit(download)
        if download.state != "done":
            self._look_what_is_kept(download)
        self._go_on()

    def _look_what_is_kept(self, download: Download) -> None:
        read = model_operations.read_kept(app=self._app, wanted=download.wanted)
        self._runner.start(read, done=lambda kept_bytes: self._on_kept(download, kept_bytes))

    def _on_kept(self, download: Download, kept_bytes: int) -> None:
        download.kept_bytes = kept_bytes
        self.changed.emit(key_of(download.wanted))
