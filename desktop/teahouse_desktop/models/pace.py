"""How fast something goes and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QLocale

from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate

WINDOW_S = 8.0
"""The speed is that of the last seconds: a connection changes."""
LEAST_S = 1.5
"""A speed measured over less says nothing."""


class Pace:
    """The last amounts with their times."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, done_bytes: int) -> None:
        """So much is done now."""
        now = self._clock()
        self._seen.append((now, done_bytes))
        while now - self._seen[0][0] > WINDOW_S:
            self._seen.popleft()

    @property
    def bytes_per_s(self) -> float:
        """Speed over the last seconds; 0 while it is not known."""
        if len(self._seen) < 2:
            return 0.0
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return max(0.0, (after - before) / (end - start)) if end - start >= LEAST_S else 0.0

    def left_s(self, rest_bytes: int) -> float | None:
        """Seconds that the rest will take; None while that is not known."""
        speed = self.bytes_per_s
        return rest_bytes / speed if speed > 0 else None


def speed_in_words(bytes_per_s: float) -> str:
    """`5.2 MB/s`; empty for 0."""
    if bytes_per_s <= 0:
        return ""
    if bytes_per_s >= 10**6:
        number = QLocale().toString(bytes_per_s / 1e6, "f", 1)
        return translate("Pace", "{number} MB/s").format(number=number)
    return translate("Pace", "{size}/s").format(size=size_in_words(round(bytes_per_s)))


def left_in_words(seconds: float | None) -> str:
    """`about 2 minutes left`; empty where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 60:
        rounded = max(5, round(seconds / 5) * 5)
        return translate("Pace", "about {count} seconds left").format(count=rounded)
    minutes = round(seconds / 60)
    if minutes == 1:
        return translate("Pace", "about a minute left")
    if minutes < 90:
        return translate("Pace", "about {count} minutes left").format(count=minutes)
    return translate("Pace", "about {count} hours left").format(count=round(minutes / 60))
