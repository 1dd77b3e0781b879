"""The window for importing conversations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from teahouse_desktop.exchange.exchange_dialog import ExchangeDialog
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.check_box import CheckBox


class ImportDialog(ExchangeDialog):
    """Asks which files to read.

    Signals:
        started: (paths, whether the files are the person's own exports).
    """

    started = Signal(object, bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self.is_own = CheckBox(self)
        self._own_hint = QLabel(self)
        self._own_hint.setWordWrap(True)
        self._own_hint.setProperty("kind", "muted")
        for part in (self._about, self.is_own, self._own_hint):
            self.form.addRow(part)
        self.name_parts()

    def begin(self) -> None:
        """Ask for the files."""
        chooser = QFileDialog(self, self.windowTitle())
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters(
            [self.tr("Conversations") + " (*.json *.jsonl *.zip *.gz)", self.tr("All files") + " (*)"]
        )
        chooser.filesSelected.connect(self.start)
        chooser.open()

    def start(self, paths: Sequence[str]) -> None:
        """Read these."""
        self.started.emit([Path(path) for path in paths], self.is_own.isChecked())

    def name_parts(self) -> None:
        """Say what everything is."""
        super().name_parts()
        self.setWindowTitle(self.tr("Import conversations"))
        self._about.setText(
            self.tr(
                "Files of Teahouse (JSON), ChatGPT, Open WebUI, ShareGPT and OpenAI's messages can be read."
                " What is here already stays as it is."
            )
        )
        self.is_own.setText(self.tr("This file is my own export"))
        self._own_hint.setText(
            self.tr(
                "Then its settings and sources are taken over too. Leave this unchecked for files of others:"
                " their texts are marked as not yours."
            )
        )
        self.start_button.setText(self.tr("Choose files …"))
