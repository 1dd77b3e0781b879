from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt

from teahouse_desktop.charts.axis import Axis, span_of, ticks, widened
from teahouse_desktop.charts.series import Series, thinned
from teahouse_desktop.charts.walking import walk


def test_what_is_no_number_is_left_out() -> None:
    made = Series.of("loss", [(1, 2.0), (2, None), (3, math.nan), (4, math.inf), (5, 1.0)])
    assert made.points == ((1.0, 2.0), (5.0, 1.0))
    assert made.nearest(3.5) == 1 and made.nearest(-9) == 0 and Series("", ()).nearest(1) == -1


def test_thinned_lines_keep_their_ends_and_extremes() -> None:
    points = [(float(x), math.sin(x / 500)) for x in range(50_000)]
    points[31_234] = (31_234.0, 9.0)
    points[4_321] = (4_321.0, -9.0)
    kept = thinned(points, 200)
    assert len(kept) <= 4 * 201
    assert kept[0] == points[0] and kept[-1] == points[-1]
    assert {points[31_234], points[4_321]} <= set(kept)
    assert kept == sorted(kept)
    assert thinned(points[:50], 200) == points[:50]


@pytest.mark.parametrize(
    ("least", "greatest", "most", "expected"),
    [
        (0.0, 4.0, 4, [0.0, 1.0, 2.0, 3.0, 4.0]),
        (0.0, 0.07, 3, [0.0, 0.025, 0.05]),
        (-3.0, 9.0, 6, [-2.0, 0.0, 2.0, 4.0, 6.0, 8.0]),
    ],
)
def test_numbers_at_an_axis_are_round(
    least: float, greatest: float, most: int, expected: list[float]
) -> None:
    assert ticks(least, greatest, most=most) == pytest.approx(expected)


def test_whole_numbers_stay_whole() -> None:
    assert ticks(0, 3, most=10, is_whole=True) == [0, 1, 2, 3]
    assert widened(0.0, 3.9, most=4) == (0.0, 4.0)


def test_an_axis_goes_both_ways_and_is_never_empty() -> None:
    axis = Axis(0.0, 4.0, 100.0, 20.0)
    assert axis.place(1.0) == 80.0 and axis.value(80.0) == 1.0
    assert span_of([2.0, 2.0], has_zero=False) == (2.0, 4.0)
    assert span_of([], has_zero=True) == (0.0, 1.0)
    assert span_of([0.0], has_zero=True) == (0.0, 1.0)


def test_keys_walk_along_and_between_lines() -> None:
    loss = Series("loss", tuple((float(x), 1.0) for x in range(10)))
    looks = Series("looks", ((0.0, 1.0), (9.0, 1.0)))
    lines, key = (loss, Series("empty", ()), looks), Qt.Key
    assert walk(lines, None, key.Key_Right) == (0, 9)
    assert walk(lines, (0, 4), key.Key_Left) == (0, 3)
    assert walk(lines, (0, 4), key.Key_PageDown) == (0, 9)
    assert walk(lines, (0, 4), key.Key_Home) == (0, 0)
    assert walk(lines, (0, 8), key.Key_Down) == (2, 1)
    assert walk(lines, (2, 1), key.Key_Up) == (0, 9)
    assert walk(lines, (0, 4), key.Key_A) is None
    assert walk((), None, key.Key_Left) is None
