"""Which point of a chart has the mark, and where keys lead from it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from teahouse_desktop.charts.series import Series

Spot = tuple[int, int]
"""(number of the line, number of its point)."""

SIDEWAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
ACROSS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def walk(series: Sequence[Series], spot: Spot | None, key: Qt.Key) -> Spot | None:
    """The point to which a key leads: Left and Right along a line, Up and Down to another one.

    None where the key means nothing here.
    """
    filled = [number for number, one in enumerate(series) if one.points]
    if not filled or key not in (*SIDEWAYS, *ENDS, *ACROSS):
        return None
    if spot is None or spot[0] not in filled:
        return filled[0], len(series[filled[0]].points) - 1
    line, point = spot
    last = len(series[line].points) - 1
    if key in SIDEWAYS:
        return line, min(max(point + SIDEWAYS[key], 0), last)
    if key in ENDS:
        return line, 0 if ENDS[key] == 0 else last
    other = filled[(filled.index(line) + ACROSS[key]) % len(filled)]
    x = series[line].points[min(point, last)][0]
    return other, series[other].nearest(x)
