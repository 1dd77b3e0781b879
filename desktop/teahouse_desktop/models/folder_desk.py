"""What the window does with the folder of models: asks for another one, and says why one is refused."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from teahouse.jobs import JobEnded
from teahouse_desktop.chat.failure import read_failure
from teahouse_desktop.first_run import first_run
from teahouse_desktop.widgets.folder_field import ask_folder
from teahouse_desktop.workplace import Workplace


class FolderDesk(QObject):
    """Lets people choose where models lie.

    Signals:
        refused: Why a folder was not taken, in words; empty when one was.
    """

    refused = Signal(str)

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place

    def ask(self) -> QFileDialog:
        """Let the person choose a folder."""
        folder = self._place.app.paths.models
        chooser = ask_folder(self._place.window, str(folder.parent))
        chooser.fileSelected.connect(self.use)
        return chooser

    def use(self, folder: str) -> None:
        """Let models lie in a folder from now on; empty for the usual one. Not while a model is fetched."""
        if self._place.window.desks.models.is_fetching:
            text = self.tr(
                "A model is on its way into the folder in use. Wait until it is there, or stop the download;"
                " then choose another folder."
            )
            self.refused.emit(text)
            return
        choose = first_run.choose_models_folder(app=self._place.app, folder=folder)
        self._place.runner.start(choose, ended=self._on_chosen)

    def use_usual(self) -> None:
        """Let models lie in the usual folder again."""
        self.use("")

    def _on_chosen(self, ended: JobEnded) -> None:
        self.refused.emit(read_failure(ended.error).text if ended.error is not None else "")
