"""What the window does with models: lists, chooses, loads, frees and fetches them; see also `model_files`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from teahouse.errors import OutOfMemory
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.failure import Failure
from teahouse_desktop.first_run import first_run
from teahouse_desktop.first_run.first_time import FirstTime
from teahouse_desktop.models import fitting
from teahouse_desktop.models.folder_desk import FolderDesk
from teahouse_desktop.models.model_files import ModelFileDesk
from teahouse_desktop.models.model_settings_desk import ModelSettingsDesk
from teahouse_desktop.models.use_offer import UseOffer
from teahouse_desktop.operations import ModelList
from teahouse_desktop.pages.pages import FIRST_RUN, MODELS
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.models.download_desk import DownloadDesk
    from teahouse_desktop.models.downloads import Download


@dataclass(frozen=True, slots=True)
class DownloadEnd:
    """How a download ended.

    Attributes:
        failure: Why there is no model; None where it came, or was stopped.
    """

    entry: Entry
    failure: Failure | None = None
    is_stopped: bool = False


class ModelDesk(QObject):
    """Connects the model picker and the page without a model with the operations on models.

    Signals:
        listed: The `ModelList`, each time it was read.
        progressed: The `DownloadProgress` of the download that goes on.
        ended: The `DownloadEnd` of one.
    """

    listed = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        app, runner, topbar, chat, parent = (
            place.app, place.runner, place.topbar, place.chat, place.window
        )  # fmt: skip
        self._place, self._app, self._runner = place, app, runner
        self._picker, self._chat = topbar.picker, chat
        self._loading: Job | None = None
        self._downloads: DownloadDesk | None = None
        self._problem, self._is_told = "", False
        self._settings = ModelSettingsDesk(place, self)
        self._settings.loading.connect(self._on_loading)
        self._first_time = FirstTime(place, self.refresh, self)
        self._use = UseOffer(self._picker, self.choose, self)
        self.folders = FolderDesk(place)
        self._has_looked = False
        self._picker.chosen.connect(self.choose)
        self._picker.unload_requested.connect(self._unload)
        self._picker.fetch_requested.connect(self.fetch)
        self._picker.load_stopped.connect(self._stop_loading)
        self._picker.all_requested.connect(lambda: place.pages.open(MODELS))
        self._picker.opened.connect(self.refresh)
        self._picker.opened.connect(self._look_at_machine)
        self._picker.settings_requested.connect(self.open_settings)
        self.join(chat)
        chat.conversation_changed.connect(self._tell_problem)
        self.folders.refused.connect(chat.no_model.show_refusal)
        self.files = ModelFileDesk(app, runner, self._picker, chat, parent)
        self.files.added.connect(lambda text, name: self._use.show(chat.notices, text, name))

    @property
    def downloads(self) -> DownloadDesk:
        """The downloads of the window; made when they are first asked for."""
        if self._downloads is None:
            from teahouse_desktop.models.download_desk import DownloadDesk

            self._downloads = DownloadDesk(self._place, self._use, self)
            self._downloads.changed.connect(self._on_downloading)
            self._downloads.ended.connect(self._on_fetched)
        return self._downloads

    @property
    def fetched(self) -> Entry | None:
        """The model of the catalogue that is being fetched, or waits for its turn."""
        return self._downloads.entry if self._downloads is not None else None

    def join(self, chat: ChatPage) -> None:
        """Do what is asked for on this page too."""
        chat.transcript.action_requested.connect(self._act)
        chat.no_model.fetch_requested.connect(self.fetch)
        chat.no_model.stop_requested.connect(self.stop_download)
        chat.no_model.steps_requested.connect(lambda: self._place.pages.open(FIRST_RUN))
        chat.no_model.look_requested.connect(self.refresh)
        chat.no_model.folder_requested.connect(self.folders.ask)
        chat.no_model.usual_requested.connect(self.folders.use_usual)
        chat.no_model.online_requested.connect(self.fetch_online)

    @property
    def is_fetching(self) -> bool:
        """Whether a file comes, from the catalogue or a hub."""
        return self._downloads is not None and self._downloads.queue.running is not None

    def refresh(self) -> None:
        """Look which models there are."""
        self._runner.start(operations.list_models(app=self._app), done=self._show)

    def choose(self, name: str) -> None:
        """Use a model here and in new conversations, and bring it into memory."""
        here = self._place.active.conversation.id
        choose = operations.choose_model(app=self._app, conversation_id=here, name=name)
        self._picker.show_current(name)
        self._use.settle()
        self._runner.start(choose, done=lambda _: self._load(name))

    def fetch(self, entry: Entry) -> None:
        """Download a model, when those before it are done."""
        self.downloads.queue.add(entry)

    def fetch_online(self, entry: Entry) -> None:
        """Allow downloads again, and fetch a model."""
        allow = first_run.set_offline(app=self._app, is_offline=False)
        self._runner.start(allow, done=lambda _: self.fetch(entry))

    def stop_download(self) -> None:
        """End the download; what has arrived is kept for the next try."""
        if (entry := self.fetched) is not None:
            self.downloads.queue.stop(entry.sha256)

    def open_settings(self, name: str, focus: str = "") -> None:
        """Show the settings of a model, with the cursor in one of them."""
        self._settings.open(name, focus)

    # --- inside -----------------------------------------------------------------------------------

    def _act(self, name: str, _message_id: str) -> None:
        if name == "format" and self._picker.current:
            self.open_settings(self._picker.current, "engine.template")

    def _look_at_machine(self) -> None:
        """See once what the build can use: the menu tells it."""
        if not self._has_looked:
            self._has_looked = True
            self._runner.start(fitting.look_at_machine(app=self._app), done=self._picker.show_machine)

    def _show(self, models: ModelList) -> None:
        self._picker.show_models(models)
        self._chat.no_model.show_models(models)
        self._chat.set_has_model(self._picker.has_model)
        self._use.settle()
        self._tell_problem(models.problem)
        self.listed.emit(models)
        self._first_time.look(models)

    def _load(self, name: str) -> None:
        load = operations.load_model(app=self._app, name=name)
        self._loading = self._runner.start(load, ended=lambda ended: self._on_loaded(name, ended))
        self._place.active.conversation.refresh()

    def _on_loading(self, job: Job) -> None:
        self._loading = job

    def _stop_loading(self) -> None:
        if self._loading is not None:
            operations.stop(self._loading)
        if not self._chat.talk.stop_loading():
            self._place.active.stop()

    def _unload(self, name: str) -> None:
        self._runner.start(operations.unload_model(app=self._app, name=name))

    def _on_downloading(self, key: str) -> None:
        """Of one that another came before, nothing has arrived yet."""
        entry, download = self.fetched, self.downloads.find(key)
        if entry is not None and download is not None and download.wanted == entry:
            progress = download.progress or DownloadProgress("", 0, entry.size_bytes)
            self.progressed.emit(progress)
            self._chat.no_model.show_progress(progress)

    def _on_fetched(self, download: Download) -> None:
        if isinstance(download.wanted, Entry) and download.wanted.can_chat:
            self._chat.no_model.show_ended(download.failure)
            self.ended.emit(DownloadEnd(download.wanted, download.failure, download.state == "stopped"))
        self.refresh()

    def _on_loaded(self, name: str, ended: JobEnded) -> None:
        """Short of memory: the way out is beside the words."""
        if isinstance(ended.error, OutOfMemory):
            text, verb = sentences(*in_words(ended.error)), self.tr("Settings of this model …")
            self._chat.notices.offer(
                text, verb, lambda: self.open_settings(name, fitting.CONTEXT), is_lasting=True, is_error=True
            )
        elif ended.error is not None:
            self._runner.failed.emit(ended)

    def _tell_problem(self, problem: str | None = None) -> None:
        """Why no model is within reach: once above the composer; without messages the page says it too."""
        if problem is not None and problem != self._problem:
            if self._problem:
                self._chat.notices.drop_offer(self._problem)
            self._problem, self._is_told = problem, False
        if self._problem and not self._is_told and self._chat.transcript.column.items:
            self._is_told = True
            verb, ask = self.tr("Choose another folder …"), self.folders.ask
            self._chat.notices.offer(self._problem, verb, ask, is_lasting=True, is_error=True)
