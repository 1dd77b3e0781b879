"""Ratios of interleaved pairs, counts, times, typical values and paired verdicts, and what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import accumulate
from math import ceil, comb, sqrt
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


@dataclass(frozen=True)
class Times:
    """How long something took, again and again, against a limit in milliseconds that 95 of 100 must keep.

    Args:
        title: What was measured, in words.
        ms: Each repetition, in the order measured.
        most: What the 95th percentile may be at most; None where nothing is demanded.
        details: What it was made of.
    """

    title: str
    ms: list[float]
    most: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Every repetition (on one line), median, 95th percentile, its spread and the verdict."""
        low, high = spread_of_p95(self.ms)
        return {
            "title": self.title,
            "ms": " ".join(f"{value:.2f}" for value in self.ms),
            "ms_median": round(median(self.ms), 2),
            "ms_p95": round(p95(self.ms), 2),
            "spread": [round(low, 2), round(high, 2) if high is not None else None],
            "most": self.most,
            "verdict": judge_p95(self.ms, self.most),
            "details": self.details,
        }


@dataclass(frozen=True)
class Typical:
    """How much of something there was, again and again, against a limit that the median must keep.

    Args:
        title: What was measured, with its unit.
        values: Each repetition, in the order measured.
        most: What the median may be at most.
    """

    title: str
    values: list[float]
    most: float
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Every repetition, the median, its spread and the verdict."""
        low, high = spread(self.values)
        is_enough = len(self.values) >= FEWEST_PAIRS
        verdict: Verdict = "not shown"
        if is_enough and (high <= self.most or low > self.most):
            verdict = "reached" if high <= self.most else "missed"
        return {
            "title": self.title,
            "values": rounded(self.values),
            "median": round(median(self.values), 4),
            "spread": rounded([low, high]),
            "most": self.most,
            "verdict": verdict,
            "details": self.details,
        }


@dataclass(frozen=True)
class Paired:
    """Whether each of the same tasks was done rightly by either side.

    Args:
        title: What is compared, in words.
        ours, theirs: One verdict a task, in the same order.
    """

    title: str
    ours: list[bool]
    theirs: list[bool]

    def as_json(self) -> dict[str, Any]:
        """Every pair (`+` both, `o` only we, `t` only they, `-` neither), shares, difference, verdict."""
        count = len(self.ours)
        signs = "".join("-to+"[2 * o + t] for o, t in zip(self.ours, self.theirs, strict=True))
        low, high = spread_of_difference(signs.count("o"), signs.count("t"), count)
        return {
            "title": self.title,
            "pairs": signs,
            "ours_share": round(sum(self.ours) / count, 4),
            "theirs_share": round(sum(self.theirs) / count, 4),
            "difference": round((sum(self.ours) - sum(self.theirs)) / count, 4),
            "spread": rounded([low, high]),
            "verdict": "reached" if low > 0 else "missed" if high <= 0 else "not shown",
        }


Result = Ratio | Count | Times | Typical | Paired


def spread_of_difference(only_ours: int, only_theirs: int, count: int) -> tuple[float, float]:
    """The difference of two paired shares, with 95 % confidence (Agresti & Min 2005)."""
    # half a pair more of each of the four kinds
    ours, theirs, all_ = only_ours + 0.5, only_theirs + 0.5, count + 2
    middle = (ours - theirs) / all_
    reach = 1.96 * sqrt(ours + theirs - (ours - theirs) ** 2 / all_) / all_
    return middle - reach, middle + reach


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


def p95(values: Sequence[float]) -> float:
    """The least value that 95 of 100 do not exceed."""
    return percentile(sorted(values), 0.95)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The least of values in order that this share of them does not exceed."""
    return ordered[max(ceil(len(ordered) * share) - 1, 0)]


def spread_of_p95(values: Sequence[float]) -> tuple[float, float | None]:
    """The narrowest order statistics that hold the true 95th percentile with 95 % probability.

    Distribution-free, as `spread`; there is no upper one below 72 values.
    """
    ordered, count = sorted(values), len(values)
    below = list(accumulate(comb(count, n) * 0.95**n * 0.05 ** (count - n) for n in range(count + 1)))
    tail = (1 - CONFIDENCE) / 2
    low = sum(chance <= tail for chance in below) - 1
    high = next((place for place, chance in enumerate(below[:-1]) if 1 - chance <= tail), None)
    return ordered[max(low, 0)], None if high is None else ordered[high]


def judge_p95(values: Sequence[float], most: float | None) -> Verdict:
    """Whether the limit is kept: only when the whole spread says so."""
    if most is None:
        return "informative"
    low, high = spread_of_p95(values)
    if high is not None and high <= most:
        return "reached"
    return "missed" if low > most else "not shown"


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
