from __future__ import annotations

from typing import Any

from teahouse_sampling.panel.drawing import effect_of

PIECES = {1: "the", 2: "·tea", 3: "⏎"}


def stage(name: str, shares: dict[int, float], *, kept: int, cut: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "stage": name,
        "kept": kept,
        "sum": 1.0,
        "ids": list(shares),
        "probabilities": list(shares.values()),
        "cut": [[id_, 0.1] for id_ in cut],
        "why": {},
    }


STAGES = [
    stage("model", {1: 0.5, 2: 0.3, 3: 0.1}, kept=900),
    stage("top_k", {1: 0.625, 2: 0.375}, kept=2, cut=(3,)),
    stage("temperature", {1: 0.7, 2: 0.3}, kept=2),
]


def test_a_cut_is_drawn_as_nothing_left() -> None:
    effect = effect_of(STAGES, "top_k", PIECES)
    assert [(pair.before, pair.after) for pair in effect.pairs] == [(0.5, 0.625), (0.3, 0.375), (0.1, 0.0)]
    assert effect.words == "2 of 900 tokens stay. “the” 50 % → 62 %"
    assert effect.pairs[2].words == "“⏎” 10 %, dropped"


def test_a_change_is_told_of_the_likeliest() -> None:
    effect = effect_of(STAGES, "temperature", PIECES)
    assert effect.words == "“the” 62 % → 70 %"


def test_what_does_not_act_has_no_bars() -> None:
    effect = effect_of(STAGES, "dry", PIECES)
    assert (effect.pairs, effect.words) == ((), "It changes nothing now.")


def test_what_the_engine_does_not_tell_is_not_drawn() -> None:
    after = stage("penalties", {2: 0.6, 4: 0.2}, kept=800)
    effect = effect_of([STAGES[0], after], "penalties", PIECES)
    assert [pair.after for pair in effect.pairs] == [None, 0.6, None]
