"""What both sides of `make bench-train` learn: random token ids, of which the last share is learned.

Used by the peers' Python too, which has none of our packages: only the standard library here.
"""

from __future__ import annotations

from random import Random

ROWS, LENGTH = 1, 256
RANK, ALPHA, RATE = 8, 16, 1e-4
FIRST, LAST = 1_000, 100_000
"""Ordinary tokens of the starter's vocabulary."""


def lesson(number: int, *, share: float) -> tuple[list[int], list[bool]]:
    """Ids of one row, and which of them are learned."""
    chance, learned = Random(number), round(LENGTH * share)
    ids = [chance.randrange(FIRST, LAST) for _place in range(LENGTH)]
    return ids, [False] * (LENGTH - learned) + [True] * learned
