"""What the window does with models: lists, chooses, loads, frees and fetches them; see also `model_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse.setting import Value
from teahouse_desktop import fitting, operations
from teahouse_desktop.chat import ChatPage
from teahouse_desktop.fitting import ModelSettings
from teahouse_desktop.model_files import ModelFileDesk
from teahouse_desktop.model_settings import ModelSettingsDialog
from teahouse_desktop.operations import ModelList
from teahouse_desktop.runner import Runner, in_words
from teahouse_desktop.topbar import TopBar
from teahouse_desktop.welcome import download_in_words

if TYPE_CHECKING:
    from teahouse.app import App


class ModelDesk(QObject):
    """Connects the model picker and the first page with the operations on models."""

    def __init__(self, app: App, runner: Runner, topbar: TopBar, chat: ChatPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._app, self._runner = app, runner
        self._picker, self._line, self._chat = topbar.picker, topbar.download, chat
        self._loading: Job | None = None
        self._download: Job | None = None
        self._has_looked = False
        self._picker.chosen.connect(self.choose)
        self._picker.unload_requested.connect(self._unload)
        self._picker.fetch_requested.connect(self.fetch)
        self._picker.load_stopped.connect(self._stop_loading)
        self._picker.opened.connect(self.refresh)
        self._picker.opened.connect(self._look_at_machine)
        self._picker.settings_requested.connect(self.open_settings)
        chat.transcript.action_requested.connect(self._act)
        chat.no_model.fetch_requested.connect(self.fetch)
        chat.no_model.stop_requested.connect(self.stop_download)
        self._line.stopped.connect(self.stop_download)
        self.files = ModelFileDesk(app, runner, self._picker, chat, parent)
        self.files.chosen.connect(self.choose)

    def refresh(self) -> None:
        """Look which models there are."""
        self._runner.start(operations.list_models(app=self._app), done=self._show)

    def choose(self, name: str) -> None:
        """Use a model here and in new conversations, and bring it into memory."""
        choose = operations.choose_model(app=self._app, conversation_id=self._chat.conversation.id, name=name)
        self._picker.show_current(name)
        self._runner.start(choose, done=lambda _: self._load(name))

    def fetch(self, entry: Entry) -> None:
        """Download a model; one at a time."""
        if self._download is None:
            fetch = operations.fetch_model(app=self._app, entry=entry)
            self._download = self._runner.start(
                fetch,
                progressed=self._on_downloaded,
                ended=lambda ended: self._on_fetched(entry, ended),
            )
            self._on_downloaded(DownloadProgress("", 0, entry.size_bytes))

    def stop_download(self) -> None:
        """End the download; what has arrived is kept for the next try."""
        if self._download is not None:
            operations.stop(self._download)

    def open_settings(self, name: str, focus: str = "") -> None:
        """Show the settings of a model, with the cursor in one of them."""
        read = fitting.read_model_settings(app=self._app, name=name)
        self._runner.start(read, done=lambda settings: self._show_settings(settings, focus))

    # --- inside -----------------------------------------------------------------------------------

    def _act(self, name: str, _message_id: str) -> None:
        if name == "format" and self._picker.current:
            self.open_settings(self._picker.current, "engine.template")

    def _show_settings(self, settings: ModelSettings, focus: str) -> None:
        dialog = ModelSettingsDialog(settings, self._chat.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.applied.connect(self._apply_settings)
        dialog.open()
        dialog.focus(focus)

    def _apply_settings(self, name: str, values: dict[str, Value]) -> None:
        change = fitting.change_model_settings(app=self._app, name=name, values=values)
        self._loading = self._runner.start(change, done=lambda _: self._chat.conversation.refresh())

    def _look_at_machine(self) -> None:
        """See once what the build can use: the menu tells it."""
        if not self._has_looked:
            self._has_looked = True
            self._runner.start(fitting.look_at_machine(app=self._app), done=self._picker.show_machine)

    def _show(self, models: ModelList) -> None:
        self._picker.show_models(models)
        self._chat.no_model.show_entry(models.starter)
        self._chat.set_has_model(self._picker.has_model)

    def _load(self, name: str) -> None:
        load = operations.load_model(app=self._app, name=name)
        self._loading = self._runner.start(load)
        self._chat.conversation.refresh()

    def _stop_loading(self) -> None:
        if self._loading is not None:
            operations.stop(self._loading)
        self._chat.stop()

    def _unload(self, name: str) -> None:
        self._runner.start(operations.unload_model(app=self._app, name=name))

    def _on_downloaded(self, value: object) -> None:
        if isinstance(value, DownloadProgress):
            self._chat.no_model.show_progress(value)
            if self._picker.has_model:
                fraction = value.done_bytes / max(1, value.total_bytes)
                self._line.show_progress(download_in_words(value), fraction)

    def _on_fetched(self, entry: Entry, ended: JobEnded) -> None:
        self._download = None
        self._line.hide()
        failure = sentences(*in_words(ended.error)) if ended.error is not None else ""
        self._chat.no_model.show_ended(failure)
        if failure and self._picker.has_model:
            self._chat.notices.show_text(failure, is_error=True)
        self.refresh()
