"""The window for adding a model file of one's own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from teahouse.models.copying import CheckProgress, CopyProgress
from teahouse_desktop.exchange.exchange_dialog import ExchangeDialog
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.check_box import CheckBox


class AddModelDialog(ExchangeDialog):
    """Asks how a file is to be added: under which name, linked or copied, compared with which hash.

    Signals:
        started: (file, name, whether it is copied, SHA-256 or nothing).
    """

    started = Signal(object, str, bool, str)

    def __init__(self, file: Path, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._file = file
        self._what, self._path = QLabel(self), _hint(self, kind="")
        self._path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._path.setText(str(file))
        self._called, self.name = QLabel(self), QLineEdit(self)
        self.name.setText(file.stem if file.suffix.lower() == ".gguf" else file.name)
        self._called.setBuddy(self.name)
        self.is_copy, self._copy_hint = CheckBox(self), _hint(self)
        self._hash, self.sha256, self._hash_hint = QLabel(self), QLineEdit(self), _hint(self)
        self._hash.setBuddy(self.sha256)
        self.form.addRow(self._what, self._path)
        self.form.addRow(self._called, self.name)
        self.form.addRow("", self.is_copy)
        self.form.addRow("", self._copy_hint)
        self.form.addRow(self._hash, self.sha256)
        self.form.addRow("", self._hash_hint)
        self.start_button.setDefault(True)
        self.name_parts()

    def begin(self) -> None:
        """Add it as the form says."""
        self.started.emit(self._file, self.name.text().strip(), self.is_copy.isChecked(), self.sha256.text())

    def show_progress(self, value: object) -> None:
        """Say how far it is."""
        if not isinstance(value, CheckProgress | CopyProgress):
            return
        is_check = isinstance(value, CheckProgress)
        text = self.tr("Comparing: {done} of {total}") if is_check else self.tr("Copying: {done} of {total}")
        words = text.format(done=size_in_words(value.done_bytes), total=size_in_words(value.total_bytes))
        self.progress.show_progress(words, value.done_bytes / max(1, value.total_bytes))

    def set_busy(self, is_busy: bool) -> None:
        """Nothing can be changed while it runs."""
        super().set_busy(is_busy)
        for field in (self.name, self.is_copy, self.sha256):
            field.setEnabled(not is_busy)

    def show_busy(self) -> None:
        """It has begun."""
        self._colour_outcome("")
        super().show_busy()

    def show_failure(self, text: str) -> None:
        """It was not added: say why."""
        self._colour_outcome("danger")
        self.show_ended(text)

    def name_parts(self) -> None:
        """Say what everything is."""
        super().name_parts()
        self.setWindowTitle(self.tr("Add a GGUF file"))
        self._what.setText(self.tr("File"))
        self._called.setText(self.tr("Name"))
        self.name.setAccessibleName(self.tr("What the model is called here"))
        self.is_copy.setText(self.tr("Copy it into the models folder"))
        self._copy_hint.setText(
            self.tr("Otherwise it is linked: nothing is copied, and the file must stay where it is.")
        )
        self._hash.setText(self.tr("SHA-256"))
        self.sha256.setPlaceholderText(self.tr("not needed"))
        self.sha256.setAccessibleName(self.tr("SHA-256 that the file must have"))
        self._hash_hint.setText(
            self.tr(
                "Where you got the file its SHA-256 may be shown. It is then added only if it is the same."
            )
        )
        self.start_button.setText(self.tr("Add"))

    def changeEvent(self, event: QEvent) -> None:
        """Words of another language, or in another font, may take more lines than there is room for."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        needed = self.layout().totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), needed)

    def _colour_outcome(self, kind: str) -> None:
        self.outcome.setProperty("kind", kind)
        self.outcome.style().polish(self.outcome)


def _hint(parent: QWidget, kind: str = "muted") -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label
