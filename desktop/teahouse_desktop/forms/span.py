"""The range of a number: what is allowed, where the slider is fine, and how a value is typed and told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QLocale

POSITIONS = 400
"""Places of a slider's handle."""

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """What a number may be.

    Attributes:
        least, greatest: The allowed range, both included.
        is_whole: Whether it is an integer.
        usual: The part of the range that the slider covers; all of it where None. Beyond it one types.
        step: What the arrow keys add.
        is_spread: The slider is finer among small numbers (logarithmic): for counts such as 40 of a million.
        words: Numbers that stand for something else, such as −1 → “off”; they are shown as words.
    """

    least: float
    greatest: float
    is_whole: bool = False
    usual: tuple[float, float] | None = None
    step: float = 0.05
    is_spread: bool = False
    words: Mapping[float, str] = field(default_factory=dict)

    @property
    def slid(self) -> tuple[float, float]:
        """The ends of the slider."""
        return self.usual or (self.least, self.greatest)

    def allows(self, value: float) -> bool:
        """Whether a value lies in the range."""
        return math.isfinite(value) and self.least <= value <= self.greatest

    def parse(self, text: str) -> float:
        """The number that was typed, in whole or with a point or comma; also one of `words`.

        Raises:
            ValueError: It is no number, no whole one where one is needed, or out of range.
        """
        typed = text.strip()
        for value, word in self.words.items():
            if typed.casefold() == word.casefold():
                return value
        number = float(typed.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
        if not self.allows(number) or (self.is_whole and number != round(number)):
            raise ValueError(text)
        return self.rounded(number)

    def rounded(self, value: float) -> float:
        """The value without the dust of binary fractions; an int where it is whole."""
        return round(value) if self.is_whole else round(float(value), DIGITS)

    def stepped(self, value: float, steps: int) -> float:
        """The value some steps further, within the range."""
        size = max(1.0, _magnitude(value)) if self.is_spread and self.is_whole else self.step
        return self.rounded(min(max(value + steps * size, self.least), self.greatest))

    def text(self, value: float) -> str:
        """A value as it is shown and typed."""
        if value in self.words:
            return self.words[value]
        return str(round(value)) if self.is_whole else format(value, "g")

    def range_text(self) -> str:
        """The allowed range, such as “0 to 5”."""
        from teahouse_desktop.language.languages import translate

        locale = QLocale()
        ends = [int(end) if float(end).is_integer() else end for end in (self.least, self.greatest)]
        least, greatest = (locale.toString(end) for end in ends)
        return translate("Settings", "{least} to {greatest}").format(least=least, greatest=greatest)

    def position(self, value: float) -> int:
        """Where the slider's handle stands for a value."""
        low, high = self.slid
        inside = min(max(value, low), high)
        if self.is_spread:
            share = math.log1p(inside - low) / math.log1p(high - low)
        else:
            share = (inside - low) / (high - low)
        return round(share * POSITIONS)

    def at(self, position: int) -> float:
        """The value at a place of the slider's handle."""
        low, high = self.slid
        share = position / POSITIONS
        if self.is_spread:
            return self.rounded(low + math.expm1(share * math.log1p(high - low)))
        return self._on_grid(low + share * (high - low))

    def _on_grid(self, value: float) -> float:
        """A round number near by: nobody wants a temperature of 0.7325."""
        low, high = self.slid
        grid = 1.0 if self.is_whole else 10.0 ** math.floor(math.log10((high - low) / 100))
        return self.rounded(min(max(round(value / grid) * grid, low), high))


def _magnitude(value: float) -> float:
    """1 up to 20, 10 up to 200 …: steps that are felt."""
    return 10.0 ** max(0, math.floor(math.log10(max(abs(value), 1) / 2)))
