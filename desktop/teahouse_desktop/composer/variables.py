"""Variables of prompts: `{{name}}` in a saved prompt is filled in before the prompt is used."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

VARIABLE = re.compile(r"\{\{[ \t]*(\w[\w \-]{0,39}?)[ \t]*\}\}")
LEAST_WIDTH = 420
MOST_HEIGHT = 420


def variables_in(text: str) -> list[str]:
    """The names of the variables, each once, in the order in which they stand."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each variable's value in its place; one without a value stays as it stands."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


class VariablesDialog(QDialog):
    """A field for each variable of a prompt.

    Signals:
        filled: The prompt with everything in its place.
    """

    filled = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.fields = {name: QLineEdit(self) for name in variables_in(text)}
        self.hint = QLabel(self)
        self.insert, self.cancel = QPushButton(self), QPushButton(self)
        self.insert.setDefault(True)
        self.insert.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.accepted.connect(self._tell)
        self._lay_out()
        self._name()
        next(iter(self.fields.values())).setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _tell(self) -> None:
        self.filled.emit(fill(self._text, {name: field.text() for name, field in self.fields.items()}))

    def _name(self) -> None:
        self.setWindowTitle(self.tr("Fill in the prompt"))
        self.hint.setText(self.tr("Each field takes its place in the prompt."))
        self.insert.setText(self.tr("Insert"))
        self.cancel.setText(self.tr("Cancel"))

    def _lay_out(self) -> None:
        inner = QWidget(self)
        form = QFormLayout(inner)
        form.setContentsMargins(0, 0, 0, 0)
        for name, field in self.fields.items():
            field.setAccessibleName(name)
            form.addRow(name, field)
        area = QScrollArea(self)
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields in it are the stops of Tab
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.hint.setProperty("kind", "muted")
        self.hint.setWordWrap(True)
        self.cancel.setProperty("kind", "plain")
        self.insert.setProperty("kind", "primary")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.insert)
        column = QVBoxLayout(self)
        column.addWidget(self.hint)
        column.addWidget(area, 1)
        column.addLayout(buttons)
        self.resize(LEAST_WIDTH, min(MOST_HEIGHT, inner.sizeHint().height() + 120))
