"""What the window does with downloads of models: begins and stops them, and tells of them above the chat."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from teahouse.models.catalogue import Entry
from teahouse_desktop.models import model_operations
from teahouse_desktop.models.downloads import Download, Downloads, Wanted, find_here, key_of
from teahouse_desktop.models.model_operations import ModelsRead
from teahouse_desktop.models.use_offer import UseOffer
from teahouse_desktop.pages.pages import FIRST_RUN, MODELS, SETTINGS
from teahouse_desktop.widgets.progress import percent
from teahouse_desktop.workplace import Workplace

LONGEST_NAME = 24


class DownloadDesk(QObject):
    """Runs the one queue of the window, wherever a download is asked for.

    Signals:
        changed: Key of a download that is another now.
        ended: A `Download` that is done, has failed or was stopped.
    """

    changed = Signal(str)
    ended = Signal(object)

    def __init__(self, place: Workplace, offer: UseOffer, parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._use = place, offer
        self.queue = Downloads(place.app, place.runner, self)
        self.queue.changed.connect(self._show_line)
        self.queue.changed.connect(self.changed)
        self.queue.ended.connect(self._tell_end)
        self.queue.ended.connect(self.ended)
        place.topbar.download.stopped.connect(self._stop_running)

    @property
    def entry(self) -> Entry | None:
        """The model of the catalogue for conversations that comes now, or next."""
        wanted = (one.wanted for one in self.queue.coming)
        return next((one for one in wanted if isinstance(one, Entry) and one.can_chat), None)

    def find(self, key: str) -> Download | None:
        """A download by its key."""
        return self.queue.find(key)

    def act(self, verb: str, wanted: Wanted) -> None:
        """Do what is asked for on a card: `fetch`, `stop`, `online`, `folder`."""
        if verb == "fetch":
            self.queue.add(wanted)
        elif verb == "stop":
            self.queue.stop(key_of(wanted))
        elif verb == "online":
            self._place.pages.open(SETTINGS, "net.offline")
        elif verb == "folder":
            self._place.window.desks.models.folders.ask()

    # --- inside -----------------------------------------------------------------------------------

    def _is_told_elsewhere(self, download: Download) -> bool:
        """Whether the page without a model tells of it."""
        return _can_chat(download.wanted) and not self._place.topbar.picker.has_model

    def _show_line(self, key: str) -> None:
        """Above the chat, so that it is seen when the page is left."""
        line, download = self._place.topbar.download, self.queue.find(key)
        if self.queue.running is None:
            line.hide()
        elif download is self.queue.running and not self._is_told_elsewhere(download):
            text, name = self.tr("{name}: {progress}"), download.wanted.name
            short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
            words = text.format(name=short, progress=percent(download.fraction))
            line.show_progress(words, download.fraction)

    def _stop_running(self) -> None:
        running = self.queue.running
        if running is not None:
            self.queue.stop(key_of(running.wanted))

    def _tell_end(self, download: Download) -> None:
        """Where no page tells how a download has ended, the chat does."""
        is_shown = self._place.pages.current in (MODELS, FIRST_RUN)
        if download.failure is not None and not is_shown and not self._is_told_elsewhere(download):
            self._place.active.notices.show_text(download.failure.text, is_error=True)
        elif download.state == "done" and not is_shown:
            read = model_operations.read_models(app=self._place.app)
            self._place.runner.start(read, done=partial(self._offer, download))

    def _offer(self, download: Download, read: ModelsRead) -> None:
        name = find_here(download.wanted, read.models)
        if name and not self._is_told_elsewhere(download):
            text = self.tr("“{name}” is here.").format(name=name)
            notices = self._place.active.notices
            if isinstance(download.wanted, Entry) and not download.wanted.can_chat:
                notices.show_text(text)
            else:
                self._use.show(notices, text, name)


def _can_chat(wanted: Wanted) -> bool:
    """Whether it is a model of the catalogue that writes."""
    return isinstance(wanted, Entry) and wanted.can_chat
