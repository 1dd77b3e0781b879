"""How things are drawn now: theme and fonts, as one value handed to whatever paints."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontInfo

from teahouse_desktop.looks.theme import Theme

if TYPE_CHECKING:
    from teahouse_desktop.transcript.formulas import Formulas

LINE, COMPACT_LINE = 1.45, 1.32
ROW, COMPACT_ROW = 1.75, 1.4
USUAL_POINTS = 10.0


@dataclass(frozen=True, eq=False)
class Look:
    """Theme and fonts in force.

    Attributes:
        font: For the window's controls.
        reading: For messages, a little larger.
        mono: For code in messages.
        is_compact: Whether rows and lines stand close.
        is_still: Whether nothing moves that need not.
    """

    theme: Theme
    font: QFont
    reading: QFont
    mono: QFont
    is_compact: bool = False
    is_still: bool = False

    def colour(self, name: str) -> QColor:
        """A colour of the theme by its field name."""
        return QColor(getattr(self.theme, name))

    def syntax(self, role: str) -> QColor:
        """A colour of code by role; plain text for an unknown one."""
        return QColor(self.theme.syntax.get(role, self.theme.text))

    @cached_property
    def small(self) -> QFont:
        """For statistics, dates and hints."""
        font = QFont(self.font)
        font.setPointSizeF(self.font.pointSizeF() * 0.9)
        return font

    @cached_property
    def formulas(self) -> Formulas:
        """What sets and draws formulas in this look."""
        from teahouse_desktop.transcript.formulas import Formulas

        return Formulas(self)

    @cached_property
    def em(self) -> float:
        """The measure that distances are made of, in pixels: a line of Han text of messages, set solid.

        Taken from the font's size and not from its metrics, which differ much between Latin and Han faces.
        """
        return QFontInfo(self.reading).pixelSize() * (COMPACT_LINE if self.is_compact else LINE)

    @property
    def row(self) -> float:
        """Height of a row of a list, in heights of its font."""
        return COMPACT_ROW if self.is_compact else ROW

    @property
    def scale(self) -> float:
        """By how much text is larger than usual, never below 1: pictures and frames grow with it."""
        return max(1.0, self.font.pointSizeF() / USUAL_POINTS)

    def square(self, side: float) -> QSize:
        """The size of an icon beside text, from its side at the usual text size in pixels."""
        grown = round(side * self.scale)
        return QSize(grown, grown)
