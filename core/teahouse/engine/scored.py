"""A text that was judged token by token: the child's parts put together, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

from teahouse.workers.wire import Answer

PARTS = ("logprobs", "ranks", "entropies", "top")


def collect(steps: Generator[Answer, None, Any], *, start: int) -> Generator[Answer, None, dict[str, Any]]:
    """Put the parts of `score` together; yields its events.

    Each event `scored` has `done` and `total`, in tokens, and its part of the four lists.

    Returns:
        `start`; for the tokens from there `logprobs` (natural logarithm), `ranks` (0 is the likeliest),
        `entropies` (nats) and, where it was asked for, `top`: `{ids, probabilities}`, the model's own
        distribution that the token was drawn from, likeliest first; `next`: the same after the last token,
        or None.
    """
    told: dict[str, Any] = {"start": max(1, start), **{name: [] for name in PARTS}, "next": None}
    with closing(steps):
        while True:
            try:
                answer = next(steps)
            except StopIteration as done:
                return {**told, **done.value}
            if answer["event"] == "scored":
                for name in PARTS:
                    told[name] += answer[name]
            yield answer


def perplexity(logprobs: Sequence[float]) -> float:
    """e to the mean surprise of the tokens; 1 where there are none."""
    return math.exp(-sum(logprobs) / len(logprobs)) if logprobs else 1.0
