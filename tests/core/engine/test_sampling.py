"""Sampler values: their limits, their order, what of them acts, and how they travel."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from teahouse.engine.sampling import CUTTING, LIMITS, ORDER, WHOLE, Sampling
from teahouse.errors import SettingError

OLD = ["repeat_penalty", "repeat_window", "top_k", "top_p", "min_p", "temperature", "seed"]
"""What the first version stored with each reply."""


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_themselves_are_allowed_and_beyond_is_refused_by_name(name: str) -> None:
    least, greatest = LIMITS[name]
    for value in (least, greatest):
        assert getattr(Sampling(**{name: value}), name) == value
    for value in (least - 1, greatest + 1, float("nan"), float("inf"), float("-inf"), "1", True, [1]):
        with pytest.raises(SettingError, match=name) as caught:
            Sampling(**{name: value})
        assert caught.value.data["key"] == name
        assert f"{least}" in caught.value.hint
        assert f"{greatest}" in caught.value.hint


def test_every_number_has_limits_and_whole_ones_take_no_fractions() -> None:
    numbers = {f.name for f in dataclasses.fields(Sampling) if isinstance(f.default, int | float)}
    assert numbers | {"seed"} == set(LIMITS)
    for name in WHOLE:
        with pytest.raises(SettingError, match=name):
            Sampling(**{name: LIMITS[name][0] + 0.5})


@pytest.mark.parametrize(
    "values",
    [
        {"logit_bias": [[1, 2, 3]]},
        {"logit_bias": [[-1, 1.0]]},
        {"logit_bias": [[1, 101.0]]},
        {"logit_bias": [[1, float("nan")]]},
        {"logit_bias": [[1, 1.0], [1, 2.0]]},
        {"logit_bias": [["a", 1.0]]},
        {"logit_bias": "abc"},
        {"logit_bias": [[n, 1.0] for n in range(10_001)]},
        {"banned": [""]},
        {"banned": [3]},
        {"banned": "tea"},
        {"banned": ["x" * 1000]},
        {"banned": ["a\0b"]},
        {"banned": ["x"] * 1001},
        {"dry_breakers": ["x" * 41]},
        {"dry_breakers": ["茶" * 14]},
        {"dry_breakers": [str(n) for n in range(33)]},
        {"dry_breakers": ["\ud800"]},
        {"banned": ["a\udfffb"]},
        {"order": ["top_k", "top_k"]},
        {"order": ["top-k"]},
        {"order": [3]},
        {"off": ["temp"]},
        {"grammar": 3},
        {"json_schema": {"type": "object"}},
    ],
)
def test_what_cannot_be_is_refused_by_name(values: dict[str, Any]) -> None:
    [name] = values
    with pytest.raises(SettingError, match=name) as caught:
        Sampling(**values)
    assert caught.value.hint
    assert len(caught.value.text) < 400


def test_a_stage_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(SettingError) as caught:
        Sampling(off=("topk",))
    assert all(name in caught.value.hint for name in ORDER)


# --- what acts ------------------------------------------------------------------------------------


def test_by_default_the_stages_of_the_first_version_act() -> None:
    assert Sampling().stages == ("top_k", "top_p", "min_p", "temperature")
    assert Sampling().chooser == "dist"


def test_neutral_values_do_not_act() -> None:
    neutral = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0)
    assert neutral.stages == ()
    assert neutral.chooser == "dist"


EVERYTHING: dict[str, Any] = {
    **{"logit_bias": [[1, 1.0]], "banned": ["x"], "grammar": 'root ::= "a"', "repeat_penalty": 1.1},
    **{"dry_multiplier": 0.5, "top_n_sigma": 1.0, "typical_p": 0.9, "xtc_probability": 0.5},
}


def test_all_act_in_the_order_given_and_those_not_named_after_them() -> None:
    forbidding_first = ("banned", "grammar", *(n for n in ORDER[:-2] if n not in ("banned", "grammar")))
    assert Sampling(**EVERYTHING).stages == forbidding_first
    turned = Sampling(**EVERYTHING, order=["temperature", "min_p", "grammar"])
    assert turned.stages[:5] == ("banned", "grammar", "temperature", "min_p", "logit_bias")
    assert set(turned.stages) == set(forbidding_first)


def test_what_is_off_does_not_act_and_keeps_its_values() -> None:
    sampling = Sampling(**EVERYTHING, off=("top_k", "xtc", "grammar"))
    assert not {"top_k", "xtc", "grammar"} & set(sampling.stages)
    assert sampling.top_k == 40
    assert sampling.grammar


def test_at_temperature_zero_nothing_cuts_and_the_likeliest_is_taken_last() -> None:
    sampling = Sampling(**EVERYTHING, temperature=0.0, mirostat=2, order=["temperature"])
    assert sampling.chooser == "greedy"
    assert sampling.stages[-1] == "temperature"
    assert not CUTTING & set(sampling.stages)
    assert "mirostat" not in sampling.stages
    assert {"penalties", "dry", "grammar"} < set(sampling.stages)
    assert Sampling(temperature=0.0, off=("temperature",)).chooser == "dist"


def test_mirostat_cuts_alone_and_wins_over_adaptive_p() -> None:
    sampling = Sampling(**EVERYTHING, mirostat=1, adaptive_target=0.3, order=["mirostat", "adaptive_p"])
    assert sampling.chooser == sampling.stages[-1] == "mirostat"
    assert not (CUTTING | {"adaptive_p"}) & set(sampling.stages)
    assert Sampling(mirostat=1, adaptive_target=0.3, off=("mirostat",)).chooser == "adaptive_p"


def test_adaptive_p_chooses_after_what_cuts() -> None:
    assert Sampling(adaptive_target=0.0).stages == ("top_k", "top_p", "min_p", "temperature", "adaptive_p")


# --- seeds and travel -----------------------------------------------------------------------------


def test_a_seed_is_chosen_once_and_kept() -> None:
    seeded = Sampling().seeded()
    assert seeded.seed is not None
    assert seeded.seeded() is seeded
    assert Sampling(seed=7).seeded().seed == 7
    assert len({Sampling().seeded().seed for _number in range(20)}) > 1


def test_a_seed_of_zero_is_a_seed() -> None:
    assert Sampling(seed=0).seeded().seed == 0


def test_the_oldest_values_are_always_told_and_read() -> None:
    sampling = Sampling(temperature=0.1, top_k=5, seed=3)
    values = sampling.as_json()
    assert list(values) == OLD
    assert Sampling(**values) == Sampling.from_json(values) == sampling


def test_all_values_travel_as_json_and_come_back() -> None:
    sampling = Sampling(
        **EVERYTHING, order=("top_p", "top_k"), off=("min_p",), dry_breakers=("\n", "茶"), dry_window=64
    )
    values = json.loads(json.dumps(sampling.as_json()))
    assert values == sampling.as_json()
    assert Sampling.from_json(values) == sampling


def test_what_a_newer_version_has_added_is_ignored_and_what_it_has_broken_is_not() -> None:
    assert Sampling.from_json({"temperature": 0.5, "smoothing": 3}) == Sampling(temperature=0.5)
    newer = {"order": ["smoothing", "min_p", "top_k"], "off": ["smoothing", "xtc"]}
    assert Sampling.from_json(newer) == Sampling(order=("min_p", "top_k"), off=("xtc",))
    with pytest.raises(SettingError, match="temperature"):
        Sampling.from_json({"temperature": -1})
