"""How likely a model finds a given text: a few numbers of every row of logits, in one batched pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from teahouse.engine.llama.candidates import Row, check_numbers, top
from teahouse.engine.llama.context import LlamaContext, Rows

ROW_BATCH = 128
"""Tokens whose logits are held at once: 78 MB for a vocabulary of 152,000."""
BLOCK = 256
"""Logits among which one highest is taken, to find the likeliest without sorting all."""
NOTHING = -200.0
"""A logit so far below the highest has no probability in float32."""
DIGITS = 7

Part = dict[str, Any]


def score(context: LlamaContext, ids: Sequence[int], *, start: int, top_n: int) -> Iterator[Part]:
    """Read a text on from where the context stands; yields `{logprobs, ranks, entropies, top, next}`.

    Args:
        ids: What the context holds of it, `start` - 1 tokens at most, is not read again.
        start: The first token to judge.
    """
    for _done in context.read(ids[len(context.held) : start - 1]):
        yield part([], [], top_n=top_n)
    place = start
    for rows in context.read_rows(ids[start - 1 :], batch_size=ROW_BATCH):
        judged = ids[place : place + len(rows)]
        told = part(rows[: len(judged)], judged, top_n=top_n)
        if len(judged) < len(rows) and top_n:
            told["next"] = likeliest(rows[-1], log_sum(rows[-1])[0], top_n)
        place += len(rows)
        yield told


def part(rows: Rows | list[Any], ids: Sequence[int], *, top_n: int) -> Part:
    """The numbers of some rows, one token each."""
    told: Part = {"logprobs": [], "ranks": [], "entropies": [], "top": []}
    for row, token in zip(rows, ids, strict=True):
        total, entropy = log_sum(row)
        logit = row[token]
        told["logprobs"].append(round(float(logit) - total, DIGITS))
        told["ranks"].append(int(np.count_nonzero(row > logit)))
        told["entropies"].append(round(entropy, DIGITS))
        if top_n:
            told["top"].append(likeliest(row, total, top_n))
    return told


def log_sum(row: Row) -> tuple[float, float]:
    """The logarithm of the sum of exponentials, and the entropy of the softmax, in nats."""
    highest = row.max()
    check_numbers(highest)
    exponents = row - highest
    np.maximum(exponents, NOTHING, out=exponents)  # some models give -inf, and 0 * inf is no number
    weighted = exponents.copy()
    np.exp(exponents, out=exponents)
    # float32 sums of numpy are pairwise: good to some 1e-7
    total = float(exponents.sum())
    entropy = float(np.log(total)) - float(np.dot(exponents, weighted)) / total
    return float(highest) + float(np.log(total)), max(0.0, entropy)


def likeliest(row: Row, total: float, count: int) -> dict[str, Any]:
    """`{ids, probabilities}` of the highest logits.

    Args:
        total: Their logarithm of the sum of exponentials.
    """
    places = high_places(row, count)
    shares = np.exp(row[places].astype(np.float64) - total)
    return {"ids": places.tolist(), "probabilities": np.round(shares, DIGITS).tolist()}


def high_places(row: Row, count: int) -> Any:
    """Places of the `count` highest values, highest first.

    The `count`-th highest of the blocks' highest values is no higher than the `count`-th highest of all,
    so only what reaches it needs sorting.
    """
    blocks = len(row) // BLOCK
    if blocks <= count:
        return top(row, count)
    highest = row[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
    least = np.partition(highest, blocks - count)[blocks - count]
    places = np.flatnonzero(row >= least)
    return places[top(row[places], count)]
