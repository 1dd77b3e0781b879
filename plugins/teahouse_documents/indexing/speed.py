"""How fast embedding goes, measured, and what follows for the time that is left."""

from __future__ import annotations

ENOUGH = 4
"""Steps before a speed is believed."""
WEIGHT = 0.05
"""By which older steps count less with each newer one."""


class Speed:
    """Of one kind of step: seconds over units of the last steps, over working time only."""

    def __init__(self) -> None:
        self._seconds = self._units = 0.0
        self._steps = 0

    def note(self, units: int, seconds: float) -> None:
        """A step of so many units took so long."""
        if units <= 0:
            return
        self._steps += 1
        self._seconds = self._seconds * (1 - WEIGHT) + seconds
        self._units = self._units * (1 - WEIGHT) + units

    def seconds_for(self, units: float) -> float | None:
        """Seconds that so many units will take; None before enough was measured."""
        if units <= 0:
            return 0.0
        return self._seconds / self._units * units if self._steps >= ENOUGH else None
