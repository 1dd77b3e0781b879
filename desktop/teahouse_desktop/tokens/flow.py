"""Where each token stands: lines of tokens, laid out only as far as they have been needed."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from teahouse_desktop.tokens.marks import Mark

PADDING = 2.0
CHIP_PADDING = 7.0
GAP = 1.5
LINE = 1.75
"""Height of a line, in heights of the font: a strip fits below the text."""


@dataclass(slots=True)
class Line:
    """One line: its first token, and where each of its tokens begins and ends."""

    first: int
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The place behind its last token."""
        return self.first + len(self.lefts)


class Flow:
    """The lines of a text of a certain width.

    All heights are in pixels. What has not been laid out yet is estimated from what has.
    """

    def __init__(self, marks: Sequence[Mark], font: QFont, width: float) -> None:
        self._marks, self._width = marks, max(width, 24.0)
        metrics = QFontMetricsF(font)
        self.line_height = metrics.height() * LINE
        self._metrics = metrics
        self._widths: dict[tuple[str, str, bool], float] = {}
        self._lines: list[Line] = []
        self._firsts: list[int] = []
        self._next = 0
        self._x = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether everything has been laid out."""
        return self._next >= len(self._marks)

    @property
    def lines(self) -> Sequence[Line]:
        """Those laid out so far."""
        return self._lines

    @property
    def height(self) -> float:
        """Height of everything, as far as it is known."""
        known = len(self._lines)
        if self.is_whole or not self._next:
            return max(known, 1) * self.line_height
        return known * self.line_height * len(self._marks) / self._next

    def lay_out(self, *, until_token: int = -1, until_y: float = -1.0, most: int = 1_000_000) -> None:
        """Lay out to a token, and to a height; at most so many tokens."""
        end = self._next + most
        while not self.is_whole and self._next < end:
            has_token = self._next > until_token
            has_height = (len(self._lines) - 1) * self.line_height > until_y
            if has_token and has_height:
                return
            self._place(self._next)
            self._next += 1

    def line_of(self, place: int) -> int:
        """The line in which a token stands."""
        self.lay_out(until_token=place)
        return max(0, bisect.bisect_right(self._firsts, place) - 1)

    def box(self, place: int) -> QRectF:
        """Where a token stands."""
        number = self.line_of(place)
        line = self._lines[number]
        at = place - line.first
        top = number * self.line_height
        return QRectF(line.lefts[at], top, line.rights[at] - line.lefts[at], self.line_height)

    def at(self, x: float, y: float, *, is_exact: bool = True) -> int:
        """The token at a point; -1 where there is none, or the nearest one."""
        self.lay_out(until_y=y)
        if not self._lines or (is_exact and y < 0):
            return -1
        number = int(max(0.0, y) // self.line_height)
        if number >= len(self._lines):
            return -1 if is_exact else len(self._marks) - 1
        line = self._lines[number]
        at = bisect.bisect_right(line.lefts, x) - 1
        if is_exact and (at < 0 or x > line.rights[at] + GAP):
            return -1
        return line.first + min(max(at, 0), len(line.lefts) - 1)

    def near(self, place: int, step: int) -> int:
        """The token above or below one, `step` lines away."""
        number = self.line_of(place)
        box = self.box(place)
        wanted = number + step
        self.lay_out(until_y=(wanted + 1) * self.line_height)
        if not 0 <= wanted < len(self._lines):
            return 0 if wanted < 0 else len(self._marks) - 1
        return self.at(box.center().x(), (wanted + 0.5) * self.line_height, is_exact=False)

    # --- inside -----------------------------------------------------------------------------------

    def _place(self, place: int) -> None:
        mark = self._marks[place]
        width = self._measure(mark)
        is_broken = place > 0 and self._marks[place - 1].breaks
        if not self._lines or is_broken or (self._x + width > self._width and self._lines[-1].lefts):
            self._lines.append(Line(place))
            self._firsts.append(place)
            self._x = 0.0
        line = self._lines[-1]
        line.lefts.append(self._x)
        line.rights.append(self._x + min(width, self._width))
        self._x += width + GAP

    def _measure(self, mark: Mark) -> float:
        key = (mark.text, mark.joined, mark.is_chip)
        if key not in self._widths:
            text = self._metrics.horizontalAdvance(mark.text)
            joined = self._metrics.horizontalAdvance(joined_text(mark)) if mark.joined else 0.0
            self._widths[key] = text + joined + 2 * (CHIP_PADDING if mark.is_chip else PADDING)
        return self._widths[key]


def joined_text(mark: Mark) -> str:
    """What stands behind the last of some tokens: the characters that they spell together."""
    return f" = {mark.joined}" if mark.joined else ""
