from __future__ import annotations

import pytest

from teahouse_desktop.models.pace import Pace, left_in_words, speed_in_words


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_speed_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert (pace.bytes_per_s, pace.left_s(100)) == (0.0, None)
    for second in range(30):
        clock.now = second
        pace.note(min(second, 20) * 1000)
    assert pace.bytes_per_s == 0.0
    assert pace.left_s(100) is None
    for second in range(30, 40):
        clock.now = second
        pace.note(20_000 + (second - 29) * 500)
    assert pace.bytes_per_s == pytest.approx(500)
    assert pace.left_s(5000) == pytest.approx(10)


def test_too_short_a_time_says_nothing() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.now = 0.5
    pace.note(1_000_000)
    assert pace.bytes_per_s == 0.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (1, "about 5 seconds left"),
        (42, "about 40 seconds left"),
        (75, "about a minute left"),
        (600, "about 10 minutes left"),
        (3 * 3600, "about 3 hours left"),
    ],
)
def test_what_is_left_in_words(seconds: float | None, words: str) -> None:
    assert left_in_words(seconds) == words


def test_speed_in_words() -> None:
    assert (speed_in_words(0), speed_in_words(5_230_000), speed_in_words(5000)) == ("", "5.2 MB/s", "5 kB/s")
