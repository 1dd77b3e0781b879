"""An axis: from the numbers of a chart to pixels, with round numbers marked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of numbers drawn between two pixels.

    Attributes:
        first_px, last_px: Where `least` and `greatest` are drawn; the first may be the greater one.
    """

    least: float
    greatest: float
    first_px: float
    last_px: float

    def place(self, value: float) -> float:
        """The pixel of a number."""
        share = (value - self.least) / (self.greatest - self.least)
        return self.first_px + share * (self.last_px - self.first_px)

    def value(self, pixel: float) -> float:
        """The number at a pixel."""
        share = (pixel - self.first_px) / ((self.last_px - self.first_px) or 1.0)
        return self.least + share * (self.greatest - self.least)


def span_of(values: Sequence[float], *, has_zero: bool) -> tuple[float, float]:
    """The range that an axis of these numbers shows; never an empty one."""
    least, greatest = min(values, default=0.0), max(values, default=1.0)
    if has_zero:
        least, greatest = min(least, 0.0), max(greatest, 0.0)
    if least == greatest:
        greatest = least + (abs(least) or 1.0)
    return least, greatest


def ticks(least: float, greatest: float, *, most: int, is_whole: bool = False) -> list[float]:
    """Round numbers within a range, at most so many."""
    rough = (greatest - least) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(r * power for r in ROUND if r * power >= rough * (1 - 1e-9))
    if is_whole:
        step = max(1.0, float(math.ceil(step)))
    first = math.ceil(least / step - 1e-9)
    last = math.floor(greatest / step + 1e-9)
    return [0.0 if number == 0 else number * step for number in range(first, last + 1)]


def widened(least: float, greatest: float, *, most: int) -> tuple[float, float]:
    """The range as far as the next round numbers, so that no line runs along the frame."""
    found = ticks(least, greatest, most=most)
    step = found[1] - found[0] if len(found) > 1 else greatest - least
    return math.floor(least / step + 1e-9) * step, math.ceil(greatest / step - 1e-9) * step


def in_words(value: float) -> str:
    """A number with three digits that say something, in the language in force."""
    if value == round(value) and abs(value) < 1e7:
        return QLocale().toString(round(value))
    digits = DIGITS if abs(value) < 10**DIGITS else math.floor(math.log10(abs(value))) + 1
    return QLocale().toString(value, "g", digits)
