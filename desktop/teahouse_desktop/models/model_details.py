"""The window with all that the file of a model says of it, its chat template, and the check of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from teahouse.models.copying import CheckProgress
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import count_in_words, languages_in_words
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.facts import Facts
from teahouse_desktop.widgets.progress import ProgressLine, percent

LINES_OF_TEMPLATE = 9
SIZE = (620, 640)


class ModelDetails(QDialog):
    """Shows facts as lines.

    Signals:
        check_requested: Read the whole file and compare its hash.
        stop_requested: Read no further.
    """

    check_requested = Signal()
    stop_requested = Signal()

    def __init__(
        self, facts: dict[str, Any], template: str, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._facts, self._template = facts, template
        self._view = Facts(self)
        self._heading = make_label("strong")
        self.template = QPlainTextEdit(self)
        self.template.setReadOnly(True)
        self.template.setTabChangesFocus(True)
        self.template.setFont(look.mono)
        self.template.setFixedHeight(self.template.fontMetrics().lineSpacing() * LINES_OF_TEMPLATE)
        self.template.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.result = make_label()
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self.check, self.copy = make_button(self.check_requested.emit), make_button(self._copy)
        self.close_button = make_button(self.close)
        self._lay_out()
        self._say()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.close_button.setDefault(True)
        self.resize(*(round(side * look.scale) for side in SIZE))

    def show_checking(self, value: object) -> None:
        """The file is being read."""
        self.check.setEnabled(False)
        if isinstance(value, CheckProgress):
            fraction = value.done_bytes / max(1, value.total_bytes)
            done, total = size_in_words(value.done_bytes), size_in_words(value.total_bytes)
            self.progress.show_progress(f"{percent(fraction)} · {done} / {total}", fraction)
        self.result.hide()

    def show_result(self, text: str, *, is_bad: bool = False) -> None:
        """Say how the check ended."""
        self.progress.hide()
        self.check.setEnabled(True)
        self.result.setProperty("kind", "danger" if is_bad else "")
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)
        self.result.setText(text)
        self.result.show()
        accessible.announce(self, text)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def done(self, result: int) -> None:
        """A check ends with the window."""
        self.stop_requested.emit()
        super().done(result)

    # --- inside -----------------------------------------------------------------------------------

    def _say(self) -> None:
        self.setWindowTitle(self.tr("Details of {name}").format(name=self._facts["name"]))
        self.setAccessibleName(self.windowTitle())
        self._view.show_lines(self._lines())
        self._view.setAccessibleName(self.tr("Details"))
        self._heading.setText(
            self.tr("Chat template") if self._template else self.tr("The file has no chat template.")
        )
        self.template.setPlainText(self._template)
        self.template.setVisible(bool(self._template))
        self.template.setAccessibleName(self.tr("Chat template"))
        self.check.setText(self.tr("Check the file"))
        self.check.setToolTip(self.tr("Reads all of it and compares its SHA-256"))
        self.check.setVisible(bool(self._facts["path"]))
        self.copy.setText(self.tr("Copy all"))
        self.close_button.setText(self.tr("Close"))

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Label and value; empty values are left out."""
        known = ((label, value) for label, value in self._all_lines() if value)
        yield from known
        for name, held in self._facts.get("tensor_types", {}).items():
            text = self.tr("{count} tensors, {size}")
            yield name, text.format(count=held["tensors"], size=size_in_words(held["bytes"]))

    def _all_lines(self) -> Iterator[tuple[str, str]]:
        facts = self._facts
        yield self.tr("Name"), facts["name"]
        yield self.tr("Problem"), facts["problem"]
        yield self.tr("File"), facts["path"] or ""
        yield self.tr("Link to"), facts.get("links_to") or ""
        yield self.tr("Size"), size_in_words(facts["size_bytes"]) if facts["size_bytes"] else ""
        yield self.tr("What it is"), facts.get("kind_text", "")
        yield self.tr("Its own name"), facts.get("title", "")
        yield self.tr("Architecture"), facts.get("architecture", "")
        yield self.tr("Parameters"), count_in_words(facts.get("parameters", 0))
        yield self.tr("Quantisation"), facts.get("quantization", "")
        yield self.tr("Trained context"), count_in_words(facts.get("context_length", 0))
        yield self.tr("Layers"), count_in_words(facts.get("layers", 0))
        yield self.tr("Width"), count_in_words(facts.get("embedding_length", 0))
        yield self.tr("Vocabulary"), count_in_words(facts.get("vocabulary_size", 0))
        yield self.tr("Licence"), facts.get("licence", "")
        yield self.tr("Languages"), languages_in_words(facts.get("languages", []))

    def _copy(self) -> None:
        lines = self._view.lines
        if self.result.text():
            lines.append(self.result.text())
        QGuiApplication.clipboard().setText("\n".join([*lines, "", self._template]).rstrip() + "\n")
        accessible.announce(self, self.tr("Copied."))

    def _lay_out(self) -> None:
        self.result.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.check)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self._view, 1)
        widgets: tuple[QLabel | QWidget, ...] = (self._heading, self.template, self.progress, self.result)
        for widget in widgets:
            column.addWidget(widget)
        column.addLayout(buttons)
