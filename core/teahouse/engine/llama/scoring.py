"""How likely a model finds a given text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from teahouse.engine.llama.context import LlamaContext
from teahouse.engine.llama.sampler import Explainer, Row
from teahouse.engine.sampling import Sampling

PLAIN = Sampling(temperature=0.0)


def score(
    context: LlamaContext, ids: Sequence[int], *, start: int, top_n: int, sampling: Sampling | None
) -> dict[str, Any]:
    """`{logprobs, ranks, top}` of the tokens from `start`; see the verb `score`."""
    start = max(1, start)
    for _done in context.read(ids[: start - 1]):
        pass
    explainer = context.explainer(sampling or PLAIN, top_n=top_n) if top_n else None
    told: dict[str, list[Any]] = {"logprobs": [], "ranks": [], "top": []}
    try:
        if explainer is not None:
            explainer.accept(ids[:start])
        judged = iter(ids[start:])
        for rows in context.read_rows(ids[start - 1 : -1]):
            for row, token in zip(rows, judged, strict=False):
                _judge(row, token, told, explainer)
    finally:
        if explainer is not None:
            explainer.close()
    return told


def _judge(row: Row, token: int, told: dict[str, list[Any]], explainer: Explainer | None) -> None:
    highest = float(row.max())
    total = highest + float(np.log(np.exp(row.astype(np.float64) - highest).sum()))
    told["logprobs"].append(round(float(row[token]) - total, 6))
    told["ranks"].append(int((row > row[token]).sum()))
    if explainer is not None:
        told["top"].append(explainer.explain(row))
        explainer.accept([token])
