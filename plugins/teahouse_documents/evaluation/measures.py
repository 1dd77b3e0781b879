"""Measures of ranking, each between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

DEPTHS = (1, 5, 10)
DIGITS = 4


def measures(ranks: Sequence[int | None]) -> dict[str, float]:
    """`recall@1`, `recall@5`, `recall@10` and `mrr@10` (Voorhees 1999).

    Args:
        ranks: For each question the rank of its paragraph from 1; None where it was not found.
    """
    count = max(1, len(ranks))
    found = {f"recall@{depth}": sum(r is not None and r <= depth for r in ranks) / count for depth in DEPTHS}
    reciprocal = sum(1 / rank for rank in ranks if rank is not None and rank <= DEPTHS[-1])
    return {name: round(value, DIGITS) for name, value in {**found, "mrr@10": reciprocal / count}.items()}


def rank_of(wanted: int, found: Iterable[int]) -> int | None:
    """The rank of a paragraph among distinct ones, from 1; None where it is not among the first ten."""
    distinct = list(dict.fromkeys(found))[: DEPTHS[-1]]
    return distinct.index(wanted) + 1 if wanted in distinct else None
