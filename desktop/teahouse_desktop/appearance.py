"""Puts a theme and the fonts in force: palette, style sheet, and the `Look` for what is painted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from teahouse_desktop import fonts
from teahouse_desktop.look import Look
from teahouse_desktop.stylesheet import make_stylesheet
from teahouse_desktop.theme import DARK, LIGHT, THEMES, Theme, make_palette

READING_FACTOR = 1.08
MONO_FACTOR = 0.92


class Appearance(QObject):
    """The theme and fonts of the application.

    Signals:
        changed: The new `Look`.
    """

    changed = Signal(object)

    def __init__(
        self, application: QApplication, choice: str, *, language: str = "en", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._choice = choice
        self._system_font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._font = fonts.text_font(self._system_font, language)
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self.look = self._make_look()
        self._apply()

    @property
    def choice(self) -> str:
        """What was chosen: `light`, `dark` or `system`."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use `light`, `dark`, or `system`: what the desktop has, now and when it changes."""
        self._choice = choice
        if self._theme() is not self.look.theme:
            self.look = self._make_look()
            self._apply()
            self.changed.emit(self.look)

    def speak(self, language: str) -> None:
        """Use the faces for this language."""
        font = fonts.text_font(self._system_font, language)
        if font.families() != self._font.families():
            self._font = font
            self.look = self._make_look()
            self._apply()
            self.changed.emit(self.look)

    def _on_system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._choice == "system":
            self.choose("system")

    def _theme(self) -> Theme:
        if self._choice in THEMES:
            return THEMES[self._choice]
        scheme = self._application.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _make_look(self) -> Look:
        reading = QFont(self._font)
        reading.setPointSizeF(self._font.pointSizeF() * READING_FACTOR)
        mono = fonts.mono_font(reading.pointSizeF() * MONO_FACTOR)
        return Look(self._theme(), self._font, reading, mono)

    def _apply(self) -> None:
        self._application.setFont(self._font)
        self._application.setPalette(make_palette(self.look.theme))
        self._application.setStyleSheet(make_stylesheet(self.look.theme))
