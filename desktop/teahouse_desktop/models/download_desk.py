"""What the window does with downloads of models: begins and stops them, and tells of them beside the page."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from teahouse.models.download import DownloadProgress
from teahouse_desktop.models import model_operations
from teahouse_desktop.models.downloads import Download, Downloads, Wanted, find_here, key_of
from teahouse_desktop.models.model_operations import ModelsRead
from teahouse_desktop.pages.pages import MODELS, SETTINGS
from teahouse_desktop.widgets.progress import percent
from teahouse_desktop.workplace import Workplace

LONGEST_NAME = 24


class DownloadDesk(QObject):
    """Runs the queue, follows downloads that were begun elsewhere, and shows them above the chat.

    Signals:
        changed: Key of a download that is another now.
        settled: A download that was begun elsewhere has ended.
    """

    changed = Signal(str)
    settled = Signal()

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._other: Download | None = None
        self.queue = Downloads(place.app, place.runner, self)
        self.queue.changed.connect(self._show_line)
        self.queue.changed.connect(self.changed)
        self.queue.ended.connect(self._tell_end)
        place.topbar.download.stopped.connect(self._stop_running)
        models = place.window.desks.models
        models.progressed.connect(self._on_other)
        models.ended.connect(lambda _ended: self._on_other(None))

    def find(self, key: str) -> Download | None:
        """A download by its key, wherever in the window it was begun."""
        is_other = self._other is not None and key_of(self._other.wanted) == key
        return self._other if is_other else self.queue.find(key)

    def act(self, verb: str, wanted: Wanted) -> None:
        """Do what is asked for on a card: `fetch`, `stop`, `online`, `folder`."""
        if verb == "fetch":
            self.queue.add(wanted)
        elif verb == "stop" and self._other is not None and self._other.wanted == wanted:
            self._place.window.desks.models.stop_download()
        elif verb == "stop":
            self.queue.stop(key_of(wanted))
        elif verb == "online":
            self._place.pages.open(SETTINGS, "net.offline")
        elif verb == "folder":
            self._place.window.desks.models.folders.ask()

    # --- inside -----------------------------------------------------------------------------------

    def _show_line(self, key: str) -> None:
        """Above the chat, so that it is seen when the page is left."""
        line, download = self._place.topbar.download, self.queue.find(key)
        if download is not None and download.state == "running":
            text, name = self.tr("{name}: {progress}"), download.wanted.name
            short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
            words = text.format(name=short, progress=percent(download.fraction))
            line.show_progress(words, download.fraction)
        elif self.queue.running is None:
            line.hide()

    def _stop_running(self) -> None:
        running = self.queue.running
        if running is not None:
            self.queue.stop(key_of(running.wanted))

    def _tell_end(self, download: Download) -> None:
        """Where the page is not on the screen, the chat says how a download has ended."""
        if self._place.pages.current == MODELS:
            return
        if download.failure is not None:
            self._place.active.notices.show_text(download.failure.text, is_error=True)
        elif download.state == "done":
            read = model_operations.read_models(app=self._place.app)
            self._place.runner.start(read, done=partial(self._offer, download))

    def _offer(self, download: Download, read: ModelsRead) -> None:
        name = find_here(download.wanted, read.models)
        if name:
            text = self.tr("“{name}” is here.").format(name=name)
            use = partial(self._place.window.desks.models.choose, name)
            self._place.active.notices.offer(text, self.tr("Use it"), use)

    def _on_other(self, progress: DownloadProgress | None) -> None:
        """A download that was begun elsewhere in the window, such as by the first steps."""
        entry = self._place.window.desks.models.fetched
        before = self._other
        if progress is None or entry is None:
            self._other = None
        elif before is None or before.wanted != entry:
            self._other = Download(entry, "running", progress)
        else:
            before.progress = progress
            before.pace.note(progress.done_bytes)
        for one in (before, self._other):
            if one is not None:
                self.changed.emit(key_of(one.wanted))
        if self._other is None and before is not None:
            self.settled.emit()
