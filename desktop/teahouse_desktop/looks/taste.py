"""How a person likes things drawn: what the settings say about fonts, sizes, distances and motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.settings import Settings

USUAL, LEAST, MOST, STEP = 100, 50, 300, 10
"""Percent of the desktop's text size."""

COMPACT = "compact"
OWN = "own"
CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Taste:
    """What was chosen besides the theme.

    Attributes:
        accent, ground, text: Colours of the theme `own`, as `#rrggbb`; empty for what Teahouse chooses.
        font: Family of the window's text; empty for the usual one.
        reading_font: Family of messages; empty for the window's.
        code_font: Family of code; empty for the usual one.
        text_percent: Size of all text, in percent of the desktop's.
        message_percent: Size of messages, in percent of the window's text.
        density: `comfortable` or `compact`.
        motion: `auto`, `on` or `off`.
    """

    accent: str = ""
    ground: str = ""
    text: str = ""
    font: str = ""
    reading_font: str = ""
    code_font: str = ""
    text_percent: int = USUAL
    message_percent: int = 108
    density: str = "comfortable"
    motion: str = "auto"

    @property
    def is_compact(self) -> bool:
        """Whether rows and lines stand close."""
        return self.density == COMPACT


KEYS = {
    "accent": "app.accent",
    "ground": "app.background",
    "text": "app.text_colour",
    "font": "app.font",
    "reading_font": "app.message_font",
    "code_font": "app.code_font",
    "text_percent": "app.text_size",
    "message_percent": "app.message_size",
    "density": "app.density",
    "motion": "app.motion",
}
"""Field of a taste → key of its setting."""

COLOURS = tuple(KEYS[name] for name in ("accent", "ground", "text"))
FONTS = tuple(KEYS[name] for name in ("font", "reading_font", "code_font"))


def read_taste(settings: Settings) -> Taste:
    """What the settings say now."""
    return Taste(**{name: settings.get(key) for name, key in KEYS.items()})
