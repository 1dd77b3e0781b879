"""Puts a theme and the fonts in force: palette, style sheet, and the `Look` for what is painted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from teahouse_desktop.looks import fonts
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.stylesheet import make_stylesheet
from teahouse_desktop.looks.taste import CONTRAST, OWN, Taste
from teahouse_desktop.looks.theme import DARK, LIGHT, THEMES, Theme, make_palette

MONO_FACTOR = 0.92
DESKTOPS_OWN = -1
"""Qt's word for the time of a blink that the desktop has chosen."""


class Appearance(QObject):
    """The theme and fonts of the application.

    Args:
        choice: `system`, `light`, `dark`, `contrast` or `own`.

    Signals:
        changed: The new `Look`.
    """

    changed = Signal(object)

    def __init__(
        self,
        application: QApplication,
        choice: str,
        taste: Taste | None = None,
        *,
        language: str = "en",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._choice, self._taste, self._language = choice, taste or Taste(), language
        self._is_still_here = False
        self._has_effects = QApplication.isEffectEnabled(Qt.UIEffect.UI_General)
        application.setStyle("Fusion")
        # Both are kept: the one goes with the wrapper of the other.
        self._hints = application.styleHints()
        self._asked = getattr(self._hints, "accessibility", lambda: None)()
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        if self._asked is not None:
            self._asked.contrastPreferenceChanged.connect(self._on_system_changed)
        self.look = self._make_look()
        self._apply()

    @property
    def choice(self) -> str:
        """What was chosen: `light`, `dark`, `contrast`, `own` or `system`."""
        return self._choice

    @property
    def taste(self) -> Taste:
        """What was chosen besides."""
        return self._taste

    def choose(self, choice: str) -> None:
        """Use a theme; `system` is what the desktop has, now and when it changes."""
        self._choice = choice
        self._renew()

    def wear(self, taste: Taste) -> None:
        """Use these colours, fonts, sizes and distances."""
        self._taste = taste
        self._renew()

    def rest(self, is_still: bool) -> None:
        """The desktop asks for no motion that need not be, or no longer."""
        self._is_still_here = is_still
        self._renew()

    def speak(self, language: str) -> None:
        """Use the faces for this language."""
        self._language = language
        self._renew()

    # --- inside -----------------------------------------------------------------------------------

    def _on_system_changed(self, _told: object) -> None:
        self._renew()

    def _renew(self) -> None:
        """Put in force what is chosen, where it differs from what is."""
        look = self._make_look()
        if _parts(look) != _parts(self.look):
            self.look = look
            self._apply()
            self.changed.emit(look)

    def _theme(self) -> Theme:
        if self._choice in THEMES:
            return THEMES[self._choice]
        scheme = self._application.styleHints().colorScheme()
        is_dark = scheme == Qt.ColorScheme.Dark
        if self._choice == CONTRAST or (self._choice != OWN and self._wants_contrast()):
            from teahouse_desktop.looks.own_theme import make_contrast_theme  # most people never need it

            return make_contrast_theme(is_dark=is_dark)
        if self._choice == OWN:
            from teahouse_desktop.looks.own_theme import OwnColours, make_theme

            return make_theme(OwnColours(self._taste.accent, self._taste.ground, self._taste.text))
        return DARK if is_dark else LIGHT

    def _wants_contrast(self) -> bool:
        """Whether the desktop asks for a high contrast; Qt before 6.10 cannot tell."""
        asked = self._asked.contrastPreference() if self._asked is not None else None
        return asked is not None and asked == Qt.ContrastPreference.HighContrast

    def _make_look(self) -> Look:
        taste = self._taste
        system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font = fonts.text_font(system, self._language, own=taste.font, factor=taste.text_percent / 100)
        reading = QFont(font)
        if taste.reading_font:
            reading.setFamilies(fonts.text_font(system, self._language, own=taste.reading_font).families())
        reading.setPointSizeF(font.pointSizeF() * taste.message_percent / 100)
        mono = fonts.mono_font(reading.pointSizeF() * MONO_FACTOR, taste.code_font)
        is_still = self._is_still_here if taste.motion == "auto" else taste.motion == "off"
        return Look(self._theme(), font, reading, mono, taste.is_compact, is_still)

    def _apply(self) -> None:
        look, application = self.look, self._application
        application.setStyleSheet("")  # Qt takes four times as long to put one in another's place
        application.setFont(look.font)
        application.setPalette(make_palette(look.theme))
        application.setStyleSheet(make_stylesheet(look))
        application.styleHints().setCursorFlashTime(0 if look.is_still else DESKTOPS_OWN)
        if self._has_effects:
            QApplication.setEffectEnabled(Qt.UIEffect.UI_General, not look.is_still)


def _parts(look: Look) -> tuple[object, ...]:
    """What of a look can be compared."""
    fonts_told = tuple(font.toString() for font in (look.font, look.reading, look.mono))
    families = tuple(tuple(font.families()) for font in (look.font, look.reading, look.mono))
    return look.theme, look.is_compact, look.is_still, fonts_told, families
