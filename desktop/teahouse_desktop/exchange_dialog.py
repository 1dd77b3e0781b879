"""The windows for exporting and importing conversations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from teahouse.exchange import EXPORTS, ExchangeProgress, ExportReport, ImportReport, Skipped
from teahouse.language import _
from teahouse_desktop.check_box import CheckBox
from teahouse_desktop.fields import ChoiceBox
from teahouse_desktop.languages import translate
from teahouse_desktop.look import Look
from teahouse_desktop.progress import ProgressLine

WIDTH = 520
LONGEST_TITLE = 40


class ExchangeDialog(QDialog):
    """What both have in common: a form, a button that begins, progress that can be stopped, a report.

    Signals:
        stop_requested: What runs is to stop.
    """

    stop_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = QFormLayout()
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self.outcome = QLabel(self)
        self.outcome.setWordWrap(True)
        self.report = QPlainTextEdit(self)
        self.report.setReadOnly(True)
        self.report.hide()
        self.start_button = _button(self, self.begin)
        self.start_button.setProperty("kind", "primary")
        self.close_button = _button(self, self.close)
        self._is_busy = False
        self._lay_out()

    def begin(self) -> None:
        """Ask for what is missing, and start."""
        raise NotImplementedError

    def show_progress(self, value: object) -> None:
        """Say how far it is."""
        if isinstance(value, ExchangeProgress):
            title = (
                value.title if len(value.title) <= LONGEST_TITLE else value.title[: LONGEST_TITLE - 1] + "…"
            )
            text = translate("ExchangeDialog", "{count}: {title}")
            words = text.format(count=QLocale().toString(value.done), title=title)
            self.progress.show_progress(words, value.fraction)

    def show_busy(self) -> None:
        """It has begun."""
        self.set_busy(True)
        self.outcome.setText("")
        self.report.hide()
        self.progress.show_progress(translate("ExchangeDialog", "One moment …"), 0.0)

    def show_ended(self, text: str, skipped: Sequence[Skipped] = ()) -> None:
        """It has ended: say what came of it, and what was left out."""
        self.set_busy(False)
        self.progress.hide()
        if skipped:
            text += "\n" + translate("ExchangeDialog", "Some things were left out:")
        self.outcome.setText(text)
        line = translate("ExchangeDialog", "{what} ({count}): {why}")
        lines = [line.format(what=one.what, count=one.times, why=one.why) for one in skipped]
        self.report.setPlainText("\n".join(lines))
        self.report.setVisible(bool(lines))
        self.adjustSize()

    def set_busy(self, is_busy: bool) -> None:
        """Allow nothing but stopping while it runs."""
        self._is_busy = is_busy
        self.start_button.setEnabled(not is_busy)
        self.close_button.setEnabled(not is_busy)

    def reject(self) -> None:
        """Escape stops what runs, and else closes."""
        if self._is_busy:
            self.stop_requested.emit()
        else:
            super().reject()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.name_parts()
        super().changeEvent(event)

    def name_parts(self) -> None:
        """Say what everything is."""
        self.close_button.setText(translate("ExchangeDialog", "Close"))
        self.report.setAccessibleName(translate("ExchangeDialog", "What was left out"))

    def _lay_out(self) -> None:
        self.setMinimumWidth(WIDTH)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.start_button)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(self.form)
        column.addWidget(self.progress)
        column.addWidget(self.outcome)
        column.addWidget(self.report, 1)
        column.addLayout(buttons)


class ExportDialog(ExchangeDialog):
    """Asks what to write, and how.

    Signals:
        started: (scope, format name, path, whether it may replace what is there).
    """

    started = Signal(str, str, object, bool)

    def __init__(
        self, scopes: Sequence[tuple[str, str, int]], look: Look, parent: QWidget | None = None
    ) -> None:
        """Offer scopes: (name, title, number of conversations)."""
        super().__init__(look, parent)
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
        self.name_parts()

    @property
    def needs_folder(self) -> bool:
        """Whether several files are written."""
        count = self._counts[str(self.scope.currentData())]
        return count != 1 and not EXPORTS[str(self.format.currentData())].holds_many

    def begin(self) -> None:
        """Ask where to."""
        suffix = EXPORTS[str(self.format.currentData())].suffix
        chooser = QFileDialog(self, self.windowTitle())
        if self.needs_folder:
            chooser.setFileMode(QFileDialog.FileMode.Directory)
        else:
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            chooser.setDefaultSuffix(suffix.lstrip("."))
            chooser.selectFile(f"teahouse{suffix}")
        chooser.fileSelected.connect(self.start)
        chooser.open()

    def start(self, path: str) -> None:
        """Write there; that a file may be replaced was asked where it was chosen, but not of a folder's."""
        is_folder = Path(path).is_dir()
        self.started.emit(
            str(self.scope.currentData()), str(self.format.currentData()), Path(path), not is_folder
        )

    def name_parts(self) -> None:
        """Say what everything is."""
        super().name_parts()
        self.setWindowTitle(self.tr("Export conversations"))
        self._what.setText(self.tr("What"))
        self._how.setText(self.tr("As"))
        self.start_button.setText(self.tr("Export …"))
        for index in range(self.format.count()):
            self.format.setItemText(index, _(EXPORTS[str(self.format.itemData(index))].title))


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


def exported_in_words(report: ExportReport) -> str:
    """What an export has done."""
    count = QLocale().toString(report.exported)
    if report.path is None:
        return translate("ExchangeDialog", "Exported: {count}.").format(count=count)
    text = translate("ExchangeDialog", "Exported: {count}, to {path}")
    return text.format(count=count, path=report.path)


def imported_in_words(report: ImportReport) -> str:
    """What an import has done."""
    return translate("ExchangeDialog", "Imported: {count}.").format(count=QLocale().toString(report.imported))


def _button(parent: QWidget, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(parent)
    button.setProperty("kind", "plain")
    button.clicked.connect(lambda: act())
    return button
