"""What an engine explains of one place, made ready to be drawn: alternatives, and stages of the chain.

The engine tells stages as `{stage, kept, sum, ids, probabilities, cut, why}`, the model itself first; every
list holds only the likeliest, renormalised.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MODEL = "model"

Pieces = Mapping[int, tuple[bytes, bool]]
"""Bytes of tokens by id, and whether they are control tokens."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What one stage leaves over.

    Attributes:
        name: As llama.cpp's, `model` for the model itself.
        kept: How many tokens are still possible.
        shares: Their probabilities by id, likeliest first, only the likeliest.
        cut: Ids of the likeliest tokens that it took away, with their probability before it.
        total: The probability that the tokens still possible have in the model's own distribution.
        why: The numbers that decided.
    """

    name: str
    kept: int
    shares: Mapping[int, float]
    cut: Mapping[int, float] = field(default_factory=dict)
    total: float = 1.0
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A token that could stand at a place.

    Attributes:
        own: Its probability in the model's own distribution; None where it is not among those told.
        now: After the stage that is shown; None where it was cut, or is not among those told.
        cut_by: Name of the stage that took it away; empty where none did.
        is_taken: It is the one that stands there.
    """

    id: int
    piece: bytes
    is_control: bool
    own: float | None
    now: float | None
    cut_by: str = ""
    is_taken: bool = False


def read_stages(told: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """The stages as an engine tells them."""
    return tuple(_stage(one) for one in told)


def only_model(ids: Sequence[int], probabilities: Sequence[float]) -> tuple[Stage, ...]:
    """What is known before the engine has explained: the model's own distribution."""
    return (Stage(MODEL, 0, dict(zip(ids, probabilities, strict=True))),)


def alternatives(
    stages: Sequence[Stage], pieces: Pieces, *, upto: int = -1, taken: int | None = None
) -> list[Alternative]:
    """The tokens that could stand at a place, likeliest for the model first.

    Args:
        upto: Which stage `now` stands for; -1 for the last.
        taken: Id of the token that stands there; it is told in any case.
    """
    if not stages:
        return []
    shown = stages[: upto + 1] if upto >= 0 else stages
    own, last = stages[0].shares, shown[-1]
    ids = list(dict.fromkeys([*own, *last.shares, *([taken] if taken is not None else [])]))
    made = []
    for token in ids:
        piece, is_control = pieces.get(token, (b"", False))
        cut_by = _cut_by(token, shown)
        now = None if cut_by else last.shares.get(token)
        made.append(Alternative(token, piece, is_control, own.get(token), now, cut_by, token == taken))
    return sorted(made, key=lambda one: (-(one.own or 0.0), -(one.now or 0.0)))


def ids_in(stages: Sequence[Stage]) -> set[int]:
    """Every token that is named in the stages."""
    return {token for stage in stages for token in (*stage.shares, *stage.cut)}


def _stage(told: Mapping[str, Any]) -> Stage:
    return Stage(
        str(told["stage"]),
        int(told["kept"]),
        dict(zip(told["ids"], told["probabilities"], strict=True)),
        {int(token): float(share) for token, share in told.get("cut", ())},
        float(told.get("sum", 1.0)),
        dict(told.get("why") or {}),
    )


def _cut_by(token: int, stages: Sequence[Stage]) -> str:
    """The first stage after which a token is gone; empty where none is known to have taken it."""
    for before, stage in itertools.pairwise(stages):
        if token in stage.cut:
            return stage.name
        is_all_told = stage.kept <= len(stage.shares)
        if is_all_told and token not in stage.shares and (token in before.shares or before is stages[0]):
            return stage.name
    return ""
