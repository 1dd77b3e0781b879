"""What the window does with model files of one's own: adds them, also dropped ones, and removes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from teahouse.jobs import JobEnded
from teahouse.models.library import Model
from teahouse.models.shelf import Removed
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.models import adding
from teahouse_desktop.models.adding import Removal
from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.runner import Runner, in_words
from teahouse_desktop.widgets import questions

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.models.add_model import AddModelDialog

DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class ModelFileDesk(QObject):
    """Connects the model picker, the first page and dropped files with adding and removing models.

    Signals:
        added: (text, name): that a model was added, in words, and what it is called.
    """

    added = Signal(str, str)

    def __init__(
        self, app: App, runner: Runner, picker: ModelPicker, chat: ChatPage, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._app, self._runner, self._picker, self._chat = app, runner, picker, chat
        picker.add_requested.connect(self.choose_file)
        picker.remove_requested.connect(self.ask_removal)
        chat.no_model.add_requested.connect(self.choose_file)
        parent.setAcceptDrops(True)
        parent.installEventFilter(self)

    # --- adding -------------------------------------------------------------------------------------

    def choose_file(self) -> QFileDialog:
        """Ask which file to add."""
        chooser = QFileDialog(self._chat.window(), self.tr("Add a GGUF file"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([self.tr("Models") + " (*.gguf *.GGUF)", self.tr("All files") + " (*)"])
        chooser.fileSelected.connect(lambda path: self.open_file(Path(path)))
        chooser.open()
        return chooser

    def open_file(self, file: Path) -> AddModelDialog:
        """Ask how a file is to be added."""
        from teahouse_desktop.models.add_model import AddModelDialog

        dialog = AddModelDialog(file, self._picker.look, self._chat.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.started.connect(partial(self._add, dialog))
        dialog.open()
        return dialog

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A model file that is dropped on the window, where nothing else takes it."""
        if event.type() not in DROPS or not isinstance(event, QDropEvent):
            return super().eventFilter(watched, event)
        files = dropped_models(event.mimeData())
        if not files:
            return super().eventFilter(watched, event)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.open_file(files[0])
        return True

    def _add(self, dialog: AddModelDialog, file: Path, name: str, is_copy: bool, sha256: str) -> None:
        add = adding.add_model(app=self._app, file=file, name=name, is_copy=is_copy, sha256=sha256)
        dialog.show_busy()
        job = self._runner.start(
            add,
            progressed=lambda value: dialog.show_progress(value) if isValid(dialog) else None,
            ended=lambda ended: self._on_added(dialog, ended),
        )
        dialog.stop_requested.connect(lambda: operations.stop(job))

    def _on_added(self, dialog: AddModelDialog, ended: JobEnded) -> None:
        if isinstance(ended.result, Model):
            if isValid(dialog):
                dialog.set_busy(False)
                dialog.accept()
            self._tell_added(ended.result)
        elif not isValid(dialog):
            if ended.error is not None:
                self._runner.failed.emit(ended)
        elif ended.error is not None:
            dialog.show_failure("\n".join(part for part in in_words(ended.error) if part))
        else:
            dialog.show_ended(self.tr("Stopped. Nothing was added."))

    def _tell_added(self, model: Model) -> None:
        self.added.emit(self.tr("“{name}” was added.").format(name=model.name), model.name)

    # --- removing -----------------------------------------------------------------------------------

    def ask_removal(self, name: str) -> None:
        """Ask before a model is removed, and say what that does."""
        look = adding.look_at_removal(app=self._app, name=name)
        self._runner.start(look, done=self._ask)

    def _ask(self, removal: Removal) -> None:
        text = (
            self.tr("Remove the link “{name}”?") if removal.original else self.tr("Delete “{name}” for good?")
        )
        questions.ask_consent(
            self._chat.window(),
            text.format(name=removal.model.name),
            "\n\n".join((self._what_goes(removal), self._what_stays())),
            verb=self.tr("Remove") if removal.original else self.tr("Delete for good"),
            done=partial(self._remove, removal.model),
        )

    def _what_goes(self, removal: Removal) -> str:
        if removal.original:
            return self.tr("The file stays at {path}.").format(path=removal.original)
        if removal.freed_bytes:
            text = self.tr("{path} is deleted: {size} become free.")
            return text.format(path=removal.file, size=size_in_words(removal.freed_bytes))
        text = self.tr("{path} is deleted; its content stays under another name, so nothing becomes free.")
        return text.format(path=removal.file)

    def _what_stays(self) -> str:
        return self.tr(
            "Conversations are kept and can go on with another model. General settings are kept too; what was"
            " set for this model alone is forgotten."
        )

    def _remove(self, model: Model) -> None:
        self._runner.start(adding.remove_model(app=self._app, model=model), done=self._on_removed)

    def _on_removed(self, removed: Removed) -> None:
        if removed.original:
            text = self.tr("The link was removed; the file stays at {path}.").format(path=removed.original)
        elif removed.freed_bytes:
            size = size_in_words(removed.freed_bytes)
            text = self.tr("{path} was deleted: {size} are free again.").format(path=removed.path, size=size)
        else:
            text = self.tr("{path} was deleted.").format(path=removed.path)
        self._chat.notices.show_text(text)


def dropped_models(data: QMimeData) -> list[Path]:
    """The GGUF files of this machine in what is dragged."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [file for file in files if file.suffix.lower() == ".gguf"]
