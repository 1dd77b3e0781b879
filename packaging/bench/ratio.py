"""Ratios of interleaved pairs, and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import comb
from statistics import median
from typing import Any, Literal

FEWEST_PAIRS = 7
CONFIDENCE = 0.95

Verdict = Literal["reached", "missed", "not shown", "informative"]


@dataclass(frozen=True)
class Ratio:
    """One quantity measured on two sides, in pairs.

    Args:
        title: What is compared, in words.
        ours, theirs: One value a pair, in the order measured.
        limit: What the ratio ours / theirs must reach; None where nothing is demanded.
    """

    title: str
    ours: list[float]
    theirs: list[float]
    limit: float | None = None

    @property
    def ratios(self) -> list[float]:
        """ours / theirs of each pair."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    def as_json(self) -> dict[str, Any]:
        """Every repetition, the medians, the spread and the verdict."""
        low, high = spread(self.ratios)
        return {
            "title": self.title,
            "ours": rounded(self.ours),
            "theirs": rounded(self.theirs),
            "ours_median": round(median(self.ours), 4),
            "theirs_median": round(median(self.theirs), 4),
            "ratios": rounded(self.ratios),
            "ratio_median": round(median(self.ratios), 4),
            "spread": rounded([low, high]),
            "limit": self.limit,
            "verdict": judge(self.ratios, self.limit),
        }


@dataclass(frozen=True)
class Count:
    """A quantity that is counted once: no noise, so no spread.

    Args:
        most: What it may be at most; None where nothing is demanded.
        details: What it was made of.
    """

    title: str
    value: float
    most: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The value with what it was made of, and the verdict."""
        verdict = "informative" if self.most is None else "reached" if self.value <= self.most else "missed"
        return {**asdict(self), "value": round(self.value, 4), "verdict": verdict}


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The narrowest pair of order statistics that holds the true median with 95 % probability.

    Distribution-free, by the binomial law: of 7 values the least and the greatest, of 9 the second and
    the eighth, of 15 the fourth and the twelfth.
    """
    ordered = sorted(values)
    outside = [cut for cut in range(len(ordered) // 2) if 1 - 2 * _below(cut, len(ordered)) >= CONFIDENCE]
    cut = max(outside, default=0)
    return ordered[cut], ordered[-1 - cut]


def _below(cut: int, count: int) -> float:
    """Probability that at most `cut` of `count` values lie below the true median."""
    return sum(comb(count, number) for number in range(cut + 1)) / 2**count


def judge(ratios: Sequence[float], limit: float | None) -> Verdict:
    """Whether the limit is reached: only when the whole spread says so, and enough pairs were measured."""
    if limit is None:
        return "informative"
    low, high = spread(ratios)
    if len(ratios) < FEWEST_PAIRS or low < limit <= high:
        return "not shown"
    return "reached" if low >= limit else "missed"


def rounded(values: Sequence[float]) -> list[float]:
    """Four places: more would be noise."""
    return [round(value, 4) for value in values]
