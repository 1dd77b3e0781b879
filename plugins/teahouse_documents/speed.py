"""How fast embedding goes, measured, and what follows for the time that is left."""

from __future__ import annotations

ENOUGH = 4
"""Steps before a speed is believed."""
WEIGHT = 0.05
"""Of the newest step in the running mean."""


class Speed:
    """Of one kind of step; a running mean of seconds for each unit, over working time only."""

    def __init__(self) -> None:
        self._seconds_each = 0.0
        self._steps = 0

    def note(self, units: int, seconds: float) -> None:
        """A step of so many units took so long."""
        if units <= 0:
            return
        self._steps += 1
        weight = max(WEIGHT, 1 / self._steps)
        self._seconds_each += weight * (seconds / units - self._seconds_each)

    def seconds_for(self, units: float) -> float | None:
        """Seconds that so many units will take; None before enough was measured."""
        if units <= 0:
            return 0.0
        return self._seconds_each * units if self._steps >= ENOUGH else None
