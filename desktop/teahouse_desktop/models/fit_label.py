"""Whether a model fits this machine: a sign, a word in its colour, and what it takes."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from teahouse.engine.suitability import Level, Suitability
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import BETWEEN, in_a_row, label_in_words, needs_in_words

SIGNS: dict[Level, tuple[str, str]] = {
    "fits": ("check", "accent"),
    "shorter": ("triangle-alert", "warning"),
    "tight": ("triangle-alert", "warning"),
    "short": ("x", "danger"),
    "unknown": ("info", "muted"),
}
"""Level → icon and colour; the words say the same for who sees neither."""


class FitLabel(QWidget):
    """A sign and words; hidden while nothing is known."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._found: Suitability | None = None
        self._sign, self.words = QLabel(self), QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        self.hide()

    def show_fit(self, found: Suitability | None) -> None:
        """Show a verdict, or none."""
        self._found = found
        self._say()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language, or in a larger font."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setVisible(self._found is not None)
        if self._found is None:
            return
        name, role = SIGNS[self._found.level]
        colour = self._look.colour(role)
        height = max(14, self.fontMetrics().height() - 2)
        self._sign.setPixmap(make_icon(name, colour).pixmap(QSize(height, height), self.devicePixelRatioF()))
        text, needs = label_in_words(self._found), needs_in_words(self._found)
        muted = self._look.theme.muted
        rest = f'<span style="color:{muted}">{BETWEEN}{escape(needs)}</span>' if needs else ""
        self.words.setText(f'<span style="color:{colour.name()}">{escape(text)}</span>{rest}')
        self.words.setAccessibleName(in_a_row(text, needs))
