"""What a chart shows: named lines of points."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Stroke = Literal["solid", "dashed", "dotted"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line.

    Attributes:
        points: (x, y), x rising; a point that is no finite number is left out.
        colour: Of the theme, by its field name.
        stroke: How the line is drawn: lines are told apart without colours, too.
        has_marks: Whether each point has a dot: for lines of few points.
    """

    name: str
    points: tuple[Point, ...]
    colour: str = "accent"
    stroke: Stroke = "solid"
    has_marks: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        points: Iterable[tuple[float, float | None]],
        *,
        colour: str = "accent",
        stroke: Stroke = "solid",
        has_marks: bool = False,
    ) -> Series:
        """A line of the points that are numbers."""
        known = tuple((float(x), float(y)) for x, y in points if y is not None and math.isfinite(y))
        return cls(name, known, colour, stroke, has_marks)

    def nearest(self, x: float) -> int:
        """The number of the point nearest to a place; -1 where there is none."""
        if not self.points:
            return -1
        at = bisect_left(self.points, x, key=lambda point: point[0])
        near = [number for number in (at - 1, at) if 0 <= number < len(self.points)]
        return min(near, key=lambda number: abs(self.points[number][0] - x))


def thinned(points: Sequence[Point], columns: int) -> list[Point]:
    """At most four points for each column of a drawing: its first, lowest, highest and last."""
    if len(points) <= 4 * max(1, columns):
        return list(points)
    left, right = points[0][0], points[-1][0]
    width = (right - left) / max(1, columns) or 1.0
    columned: dict[int, list[Point]] = {}
    for point in points:
        columned.setdefault(int((point[0] - left) / width), []).append(point)
    kept: list[Point] = []
    for column in columned.values():
        ends = {column[0], column[-1]}
        extremes = {min(column, key=lambda p: p[1]), max(column, key=lambda p: p[1])}
        kept += sorted(ends | extremes)
    return kept
