"""What the windows for exporting and importing conversations have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from teahouse.exchange import ExchangeProgress, ExportReport, ImportReport, Skipped
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.progress import ProgressLine

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
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)  # it quotes names of files
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
