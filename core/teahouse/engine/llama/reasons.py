"""Which numbers decided at a stage of the chain: the `why` of `explainer`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from teahouse.engine.llama.candidates import Row, probabilities, top
from teahouse.engine.llama.memory import Memories
from teahouse.engine.llama.own import Banned
from teahouse.engine.llama.stages import Stage
from teahouse.engine.sampling import Sampling

PHRASES_AT_MOST = 20
Why = dict[str, Any]


@dataclass
class Look:
    """The logits of the whole vocabulary before and after a stage; -inf for what is not possible."""

    sampling: Sampling
    before: Row
    after: Row
    top_n: int
    is_live: bool

    @cached_property
    def shares(self) -> Row:
        """The probabilities before."""
        return probabilities(self.before)

    @cached_property
    def possible(self) -> Row:
        """The probabilities before of what is possible, highest first."""
        shares: Row = np.sort(self.shares[np.isfinite(self.before)])[::-1]
        return shares

    @cached_property
    def entropy(self) -> float:
        """Before, in nats."""
        some = self.possible[self.possible > 0].astype(np.float64)
        return float(-(some * np.log(some)).sum())

    def changes(self) -> Why:
        """How many logits differ, and the likeliest of them."""
        is_both = np.isfinite(self.before) & np.isfinite(self.after)
        places = np.flatnonzero(is_both & (self.before != self.after))
        likeliest = places[top(self.shares[places], self.top_n)]
        told = [[int(i), round(float(self.after[i] - self.before[i]), 4)] for i in likeliest]
        return {"changed": len(places), "changes": told}


def reason(stage: Stage, look: Look, memories: Memories) -> Why:
    """`{kind, …}` for one stage."""
    return {"kind": stage.name, **REASONS[stage.name](stage, look, memories)}


def _logit_bias(_stage: Stage, look: Look, _memories: Memories) -> Why:
    return {"biases": len(look.sampling.logit_bias), **look.changes()}


def _banned(stage: Stage, look: Look, _memories: Memories) -> Why:
    """`tokens` forbidden now; `rests` are ends of banned texts of which the beginning stands there."""
    assert isinstance(stage.own, Banned)
    rests = [rest.decode("utf-8", "replace") for rest in stage.own.rests()]
    return {"tokens": len(stage.own.forbidden()), "rests": rests[:PHRASES_AT_MOST]}


def _grammar(_stage: Stage, look: Look, _memories: Memories) -> Why:
    return {"allowed": int(np.isfinite(look.after).sum())}


def _penalties(_stage: Stage, look: Look, _memories: Memories) -> Why:
    s = look.sampling
    values = {"repeat": s.repeat_penalty, "frequency": s.frequency_penalty, "presence": s.presence_penalty}
    return {**values, "window": s.repeat_window, **look.changes()}


def _dry(_stage: Stage, look: Look, _memories: Memories) -> Why:
    s = look.sampling
    values = {"multiplier": s.dry_multiplier, "base": s.dry_base, "allowed_length": s.dry_allowed_length}
    return {**values, "window": s.dry_window, **look.changes()}


def _top_n_sigma(_stage: Stage, look: Look, _memories: Memories) -> Why:
    some = look.before[np.isfinite(look.before)].astype(np.float64)
    highest, deviation = float(some.max()), float(some.std())
    limit = highest - look.sampling.top_n_sigma * deviation
    values = {"limit": limit, "highest": highest, "deviation": deviation}
    return {"sigmas": look.sampling.top_n_sigma, **{k: round(v, 4) for k, v in values.items()}}


def _top_k(_stage: Stage, look: Look, _memories: Memories) -> Why:
    return {"limit": look.sampling.top_k}


def _typical_p(_stage: Stage, look: Look, _memories: Memories) -> Why:
    return {"limit": look.sampling.typical_p, "entropy": round(look.entropy, 4)}


def _top_p(_stage: Stage, look: Look, _memories: Memories) -> Why:
    reached = float(look.shares[np.isfinite(look.after)].sum())
    return {"limit": look.sampling.top_p, "reached": round(reached, 6)}


def _min_p(_stage: Stage, look: Look, _memories: Memories) -> Why:
    least = look.sampling.min_p * float(look.possible[0])
    return {"limit": look.sampling.min_p, "least": round(least, 7)}


def _xtc(_stage: Stage, look: Look, _memories: Memories) -> Why:
    """Fired, it cuts all that reach the threshold but the last of them; alone, one is never cut."""
    s, shares = look.sampling, look.shares
    reach = np.flatnonzero(shares >= np.float32(s.xtc_threshold))
    order = reach[top(shares[reach], len(reach))][:-1]
    has_cut = bool((np.isfinite(look.before) & ~np.isfinite(look.after)).any())
    return {
        "probability": s.xtc_probability,
        "threshold": s.xtc_threshold,
        "would_cut": [[int(i), round(float(shares[i]), 7)] for i in order[: look.top_n]],
        "fired": has_cut if look.is_live and len(order) else None,
    }


def _temperature(_stage: Stage, look: Look, _memories: Memories) -> Why:
    s = look.sampling
    if s.is_greedy:
        return {"temperature": 0.0}
    if s.dynatemp_range <= 0:
        return {"temperature": s.temperature}
    least, most = max(0.0, s.temperature - s.dynatemp_range), s.temperature + s.dynatemp_range
    widest = float(np.log(max(2, len(look.possible))))
    share = look.entropy / widest
    value = least + (most - least) * share**s.dynatemp_exponent
    told = {"temperature": value, "least": least, "most": most, "entropy": look.entropy, "share": share}
    return {name: round(number, 4) for name, number in told.items()}


def _mirostat(_stage: Stage, look: Look, memories: Memories) -> Why:
    s = look.sampling
    told = {"version": s.mirostat, "mu": round(memories.mu, 4), "tau": s.mirostat_tau}
    return told if look.is_live else {**told, "is_start": True}


def _adaptive_p(_stage: Stage, look: Look, memories: Memories) -> Why:
    told = {"target": look.sampling.adaptive_target, "adapted": round(memories.adapted_target, 6)}
    return told if look.is_live else {**told, "is_start": True}


REASONS: dict[str, Callable[[Stage, Look, Memories], Why]] = {
    "logit_bias": _logit_bias,
    "banned": _banned,
    "grammar": _grammar,
    "penalties": _penalties,
    "dry": _dry,
    "top_n_sigma": _top_n_sigma,
    "top_k": _top_k,
    "typical_p": _typical_p,
    "top_p": _top_p,
    "min_p": _min_p,
    "xtc": _xtc,
    "temperature": _temperature,
    "mirostat": _mirostat,
    "adaptive_p": _adaptive_p,
}
