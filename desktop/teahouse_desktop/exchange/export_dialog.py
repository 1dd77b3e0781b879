"""The window for exporting conversations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from teahouse.exchange import EXPORTS
from teahouse.exchange.targets import file_name
from teahouse.language import _
from teahouse.messages import Conversation
from teahouse_desktop.exchange.exchange_dialog import ExchangeDialog
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets import questions
from teahouse_desktop.widgets.fields import ChoiceBox


class ExportDialog(ExchangeDialog):
    """Asks what to write, and how.

    Signals:
        started: (scope, format name, path, whether it may replace what is there).
    """

    started = Signal(str, str, object, bool)

    def __init__(
        self,
        scopes: Sequence[tuple[str, str, int]],
        look: Look,
        parent: QWidget | None = None,
        *,
        one: Conversation | None = None,
    ) -> None:
        """Offer scopes: (name, title, number of conversations); the one named `one` is this conversation."""
        super().__init__(look, parent)
        self._one = one
        self.scope, self.format = ChoiceBox(self), ChoiceBox(self)
        self._counts = {name: count for name, _title, count in scopes}
        for name, title, _count in scopes:
            self.scope.addItem(title, name)
        for name, found in EXPORTS.items():
            self.format.addItem(_(found.title), name)
        self._what, self._how = QLabel(self), QLabel(self)
        self._what.setBuddy(self.scope)
        self._how.setBuddy(self.format)
        self.form.addRow(self._what, self.scope)
        self.form.addRow(self._how, self.format)
        self.scope.currentIndexChanged.connect(self._show_state)
        self.name_parts()
        self._show_state()

    @property
    def needs_folder(self) -> bool:
        """Whether several files are written."""
        return self._count != 1 and not EXPORTS[str(self.format.currentData())].holds_many

    @property
    def suggested_name(self) -> str:
        """What the file could be called."""
        suffix = EXPORTS[str(self.format.currentData())].suffix
        is_one = self._one is not None and self.scope.currentData() == "one"
        return file_name(self._one, suffix) if self._one and is_one else f"teahouse{suffix}"

    def begin(self) -> None:
        """Ask where to."""
        suffix = EXPORTS[str(self.format.currentData())].suffix
        chooser = QFileDialog(self, self.windowTitle())
        if self.needs_folder:
            chooser.setFileMode(QFileDialog.FileMode.Directory)
        else:
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setDefaultSuffix(suffix.lstrip("."))
            chooser.selectFile(self.suggested_name)
        chooser.fileSelected.connect(self.start)
        chooser.open()

    def start(self, path: str) -> None:
        """Write there; that a file may be replaced was asked where it was chosen, of a folder's ask now."""
        target = Path(path)
        if target.is_dir() and any(target.iterdir()):
            questions.ask_consent(
                self,
                self.tr("There are files in “{folder}” already.").format(folder=target.name),
                self.tr("Those with the name of an exported conversation are replaced, the others stay."),
                verb=self.tr("Export here"),
                done=partial(self._start, target),
            )
        else:
            self._start(target)

    def name_parts(self) -> None:
        """Say what everything is."""
        super().name_parts()
        self.setWindowTitle(self.tr("Export conversations"))
        self._what.setText(self.tr("What"))
        self._how.setText(self.tr("As"))
        self.start_button.setText(self.tr("Export …"))
        for index in range(self.format.count()):
            self.format.setItemText(index, _(EXPORTS[str(self.format.itemData(index))].title))

    def set_busy(self, is_busy: bool) -> None:
        """Allow nothing but stopping while it runs; there may be nothing to export."""
        super().set_busy(is_busy)
        self.start_button.setEnabled(not is_busy and self._count > 0)

    @property
    def _count(self) -> int:
        return self._counts[str(self.scope.currentData())]

    def _show_state(self, *_: object) -> None:
        self.set_busy(self._is_busy)

    def _start(self, target: Path) -> None:
        scope, format_name = str(self.scope.currentData()), str(self.format.currentData())
        self.started.emit(scope, format_name, target, True)
