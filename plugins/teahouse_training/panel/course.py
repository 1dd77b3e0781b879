"""How a training went, from the rows that it told: lines for the charts, the newest numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Points = tuple[tuple[float, float], ...]

RECENT = 8
"""Steps over which speed is told."""


@dataclass(frozen=True, slots=True)
class Course:
    """The rows of one run: of kind `step` (loss, rate, gradient, tokens, seconds) and `look`."""

    rows: Sequence[Row]

    @property
    def steps(self) -> list[Row]:
        """One row for each step, in order."""
        return [row for row in self.rows if row.get("kind") == "step"]

    @property
    def looks(self) -> list[Row]:
        """Looks at the held-out examples and at the general texts, in order."""
        return [row for row in self.rows if row.get("kind") == "look"]

    # --- lines --------------------------------------------------------------------------------------

    @property
    def loss(self) -> Points:
        """(step, loss of what is learned)."""
        return _points(self.steps, "loss")

    @property
    def held_out(self) -> Points:
        """(step, loss of what is never learned)."""
        return _points(self.looks, "held_out")

    @property
    def forgetting(self) -> dict[str, Points]:
        """For each general text: (step, by how many percent its perplexity has grown)."""
        looks = self.looks
        first = _perplexities(looks[0]) if looks else {}
        grown: dict[str, list[tuple[float, float]]] = {name: [] for name in first}
        for row in looks:
            for name, value in _perplexities(row).items():
                if name in first:
                    grown[name].append((float(row["step"]), 100 * (value / first[name] - 1)))
        return {name: tuple(points) for name, points in grown.items()}

    # --- the newest numbers -------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Steps that were taken."""
        return max((int(row.get("step", 0)) for row in self.rows), default=0)

    @property
    def forgotten(self) -> float | None:
        """The mean forgetting of all texts at the last look, in percent; None where nobody has looked.

        The mean of the logarithms, as `Evaluation.forgetting` has it.
        """
        last = [1 + points[-1][1] / 100 for points in self.forgetting.values() if points]
        return 100 * (math.exp(sum(map(math.log, last)) / len(last)) - 1) if last else None

    @property
    def moved(self) -> float | None:
        """How far the weights have moved; None where it was not told."""
        return _newest(self.looks, "moved")

    @property
    def rate(self) -> float | None:
        """Learning rate of the last step."""
        return _newest(self.steps, "rate")

    @property
    def gradient(self) -> float | None:
        """Length of the last step's gradient."""
        return _newest(self.steps, "gradient")

    @property
    def tokens_per_s(self) -> float | None:
        """Tokens that were read in a second, over the last steps."""
        recent = [row for row in self.steps if "tokens" in row and row.get("seconds")][-RECENT:]
        spent = sum(float(row["seconds"]) for row in recent)
        return sum(int(row["tokens"]) for row in recent) / spent if spent else None

    @property
    def memory_bytes(self) -> int:
        """The most memory that was told; 0 where it was not."""
        return max((int(row.get("memory_bytes") or 0) for row in self.rows), default=0)

    @property
    def best_step(self) -> int | None:
        """The step at which the held-out loss was lowest; None where nothing was held out."""
        return int(min(self.held_out, key=lambda point: point[1])[0]) if self.held_out else None


def _points(rows: Sequence[Row], key: str) -> Points:
    told = ((row["step"], row.get(key)) for row in rows)
    return tuple((float(x), float(y)) for x, y in told if y is not None and math.isfinite(y))


def _perplexities(row: Row) -> dict[str, float]:
    told = row.get("perplexity") or {}
    return {str(name): float(value) for name, value in told.items() if value and math.isfinite(value)}


def _newest(rows: Sequence[Row], key: str) -> float | None:
    told = [row[key] for row in rows if row.get(key) is not None]
    return float(told[-1]) if told else None
