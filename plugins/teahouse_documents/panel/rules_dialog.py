"""What of a folder is left out: patterns, hidden files, large files."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.widgets.cards import make_label, make_name_label
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.fields import TEXT_MARGIN
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents.values import Source, SourceOptions

_ = Translator("teahouse_documents")

MEGABYTE = 1 << 20
MOST_MB = 10_000
SIZE_EM = (26, 25)
"""In heights of a line, so that a large font finds room."""

EXAMPLE = "*.log\ndrafts/\n/old/**\n!keep.log"


class RulesDialog(QDialog):
    """Patterns as in .gitignore, one in a line.

    Signals:
        chosen: The `SourceOptions` that the person wants.
    """

    chosen = Signal(object)

    def __init__(self, source: Source, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("What is left out"))
        about, self.path = make_label("muted"), make_name_label("strong")
        about.setText(
            _("One pattern in a line, as in .gitignore; a slash at the end means a folder, “!” takes back.")
        )
        self.path.setText(source.path)
        self.patterns = QPlainTextEdit("\n".join(source.options.ignore), self)
        self.patterns.setTabChangesFocus(True)
        self.patterns.setPlaceholderText(EXAMPLE)
        self.patterns.setAccessibleName(_("Patterns of what is left out"))
        self.hidden = CheckBox(self)
        self.hidden.setText(_("Read hidden files and folders, too"))
        self.hidden.setChecked(source.options.has_hidden)
        self.most = QSpinBox(self)
        self.most.setRange(1, MOST_MB)
        self.most.setSuffix(" MB")
        self.most.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self.most.setValue(max(1, source.options.most_bytes // MEGABYTE))
        label = QLabel(_("Leave out files larger than"), self)
        label.setBuddy(self.most)
        self.most.setAccessibleName(label.text())
        self.keep, self.cancel = QPushButton(_("Save"), self), QPushButton(_("Cancel"), self)
        self.keep.setProperty("kind", "primary")
        self.keep.setDefault(True)
        self.cancel.setProperty("kind", "plain")
        self.keep.clicked.connect(self._keep)
        self.cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.path)
        column.addWidget(about)
        column.addWidget(self.patterns, 1)
        column.addWidget(self.hidden)
        column.addWidget(FlowRow(self, left=(label, self.most)))
        column.addWidget(FlowRow(self, right=(self.cancel, self.keep)))
        em = self.fontMetrics().height()
        self.resize(SIZE_EM[0] * em, SIZE_EM[1] * em)

    @property
    def options(self) -> SourceOptions:
        """What is chosen now."""
        lines = (line.strip() for line in self.patterns.toPlainText().splitlines())
        before = self._source.options
        kept = before.most_bytes // MEGABYTE == self.most.value()
        return replace(
            before,
            ignore=tuple(line for line in lines if line),
            has_hidden=self.hidden.isChecked(),
            most_bytes=before.most_bytes if kept else self.most.value() * MEGABYTE,
        )

    def _keep(self) -> None:
        self.chosen.emit(self.options)
        self.accept()
