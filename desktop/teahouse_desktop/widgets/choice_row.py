"""A few choices side by side, one of which holds; the arrow keys go from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from string import Template

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.flow import Flow

SHEET = Template("""
QRadioButton { border: 1px solid $field_line; border-radius: 8px; padding: 7px 14px; background: $raised;
    color: $text; spacing: 0; }
QRadioButton::indicator { width: 0px; height: 0px; border: none; image: none; }
QRadioButton:hover { background: $hover; }
QRadioButton:checked { border: 2px solid $accent; padding: 6px 13px; }
QRadioButton:focus { border: 2px solid $text; padding: 6px 13px; background: $selected; }
""")


PADDING = 18
TALL = 1.35
"""Height of a line whose face may be Han: rows beside each other are equally high in every language."""


class ChoiceRow(QWidget):
    """A name and its choices.

    Signals:
        chosen: The word of the choice that a person made.
    """

    chosen = Signal(str)

    def __init__(self, words: tuple[str, ...], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = ElidedLabel(self)
        self._label.setProperty("kind", "strong")
        self.buttons = {word: QRadioButton(self) for word in words}
        row = Flow()
        for word, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(partial(self._choose, word))
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._label)
        column.addLayout(row)
        self.set_look(look)

    @property
    def value(self) -> str:
        """The word of the choice that holds; empty for none."""
        return next((word for word, button in self.buttons.items() if button.isChecked()), "")

    def show_value(self, word: str) -> None:
        """Mark a choice."""
        if word in self.buttons:
            self.buttons[word].setChecked(True)

    def name(self, label: str, titles: Mapping[str, str]) -> None:
        """Say what is chosen, and what the choices are called."""
        self._label.setText(label)
        self.setAccessibleName(label)
        for word, button in self.buttons.items():
            button.setText(titles[word])
            button.setAccessibleName(f"{label}: {titles[word]}")

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        theme = look.theme
        names = ("field_line", "raised", "text", "hover", "accent", "selected")
        self.setStyleSheet(SHEET.substitute({name: getattr(theme, name) for name in names}))
        self._limit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font, or another language with its font."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange):
            self._limit()
        super().changeEvent(event)

    def _limit(self) -> None:
        line = round(QFontInfo(self.font()).pixelSize() * TALL)
        self._label.setFixedHeight(line)
        for button in self.buttons.values():
            button.setFixedHeight(line + PADDING)

    def _choose(self, word: str) -> None:
        self.chosen.emit(word)
