"""What each stage of a chain does to the distribution over the next token, as it crosses the pipe.

Each stage is `{stage, kept, sum, ids, probabilities, cut, why}`; the first is "model", the model's own
distribution, then come exactly the stages of the chain that samples (`Sampling.stages`), in their order.

- `kept`: how many tokens are still possible; `sum`: the probability that these have in the model's own
  distribution.
- `ids`, `probabilities`: the likeliest `top_n`, renormalised.
- `cut`: `[[id, probability before this stage], …]`, the likeliest `top_n` that this stage has cut.
- `why`: what decided, by `kind`, which is the stage's name (see `reasons`). `changed` in it counts the
  tokens whose logit the stage has changed, `changes` are the likeliest of them: `[[id, change], …]`.

Told with the chain that samples (`is_live`), what depends on chance and on the reply so far is what really
happens: mirostat's `mu`, adaptive-p's `adapted` target, whether XTC `fired` (None where there was nothing
for it to cut). For a reply of the past these are not known: XTC is then left out and only says what it
`would_cut`, and mirostat and adaptive-p stand as at the beginning of a reply (`is_start`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from teahouse.engine.llama.candidates import Candidates, Row, Table, probabilities, top
from teahouse.engine.llama.memory import Memories
from teahouse.engine.llama.reasons import Look, reason
from teahouse.engine.llama.sampler import Sampler
from teahouse.engine.llama.stages import Stage

UNNAMED = ("prune", "dist")
"""Stages that are none for people: nothing in the distribution changes."""


class Explainer:
    """Looks at the stages of a sampler while they act.

    Args:
        sampler: What `explain` lets draw; the draw is kept until the sampler's next `accept`.
        top_n: Likeliest tokens told for each stage.
        is_live: Whether this sampler has sampled the reply up to here.
    """

    def __init__(self, sampler: Sampler, *, top_n: int, is_live: bool = True) -> None:
        self._sampler, self._top_n, self._is_live = sampler, top_n, is_live
        self._memories = Memories(sampler.sampling)
        self._told: list[dict[str, Any]] = []
        self._own = self._logits = np.zeros(0, np.float32)

    def explain(self, row: Row) -> list[dict[str, Any]]:
        """The stages at one position.

        Args:
            row: Logits, float32 (vocabulary,).

        Raises:
            EngineError: Nothing is left to choose from.
        """
        self._own, self._logits = probabilities(row), np.array(row)
        self._told = [self._describe("model", self._own, ids=np.arange(len(row)))]
        self._told[0] |= {"cut": [], "why": {"kind": "model", "entropy": _rounded(entropy(self._own))}}
        skipped = () if self._is_live else ("xtc",)
        self._sampler.draw_from(row, self._look, skipped=skipped)
        return self._told

    def accept(self, token: int) -> None:
        """The token that was written: what the choosers remember of it."""
        self._memories.accept(token)

    # --- inside -------------------------------------------------------------------------------------

    def _look(self, stage: Stage, candidates: Candidates) -> None:
        """Tell of one stage; `self._logits` holds what was possible before it, -inf for what was not."""
        table, before = candidates.table, self._logits
        if stage.name == "temperature" and self._sampler.sampling.is_greedy:
            table = table[candidates.place : candidates.place + 1]
        after = np.full(len(before), -np.inf, np.float32)
        after[table["id"]] = table["logit"]
        if stage.name in UNNAMED:
            self._logits = after
            return
        look = Look(self._sampler.sampling, before, after, self._top_n, is_live=self._is_live)
        kept = np.flatnonzero(np.isfinite(after))
        told = (
            self._describe(stage.name, _shares(after[kept]), ids=kept) if len(kept) else _nothing(stage.name)
        )
        shares = look.shares
        lost = np.flatnonzero(np.isfinite(before) & ~np.isfinite(after))
        told["cut"] = [[int(i), _rounded(shares[i])] for i in lost[top(shares[lost], self._top_n)]]
        told["why"] = reason(stage, look, self._memories)
        self._memories.drew(stage.name, shares, drawn(table, candidates))
        self._told.append(told)
        self._logits = after

    def _describe(self, name: str, shares: Row, *, ids: Any) -> dict[str, Any]:
        places = top(shares, self._top_n)
        return {
            "stage": name,
            "kept": len(ids),
            "sum": _rounded(self._own[ids].sum(dtype=np.float64)),
            "ids": ids[places].tolist(),
            "probabilities": [_rounded(share) for share in shares[places]],
        }


def drawn(table: Table, candidates: Candidates) -> tuple[int, float] | None:
    """Id and probability of the token that a chooser has drawn; None for a stage that draws none."""
    place = candidates.place
    if not 0 <= place < len(table):
        return None
    return int(table["id"][place]), float(_shares(table["logit"])[place])


def entropy(shares: Row) -> float:
    """Of a distribution, in nats."""
    some = shares[shares > 0].astype(np.float64)
    return float(-(some * np.log(some)).sum())


def _shares(logits: Row) -> Row:
    return probabilities(np.asarray(logits, np.float32))


def _rounded(value: float) -> float:
    return round(float(value), 7)


def _nothing(name: str) -> dict[str, Any]:
    return {"stage": name, "kept": 0, "sum": 0.0, "ids": [], "probabilities": []}
