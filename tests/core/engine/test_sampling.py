"""Sampler values and their limits."""

from __future__ import annotations

import pytest

from teahouse.engine.sampling import LIMITS, Sampling
from teahouse.errors import SettingError


@pytest.mark.parametrize("name", LIMITS)
def test_the_limits_themselves_are_allowed_and_beyond_is_refused_by_name(name: str) -> None:
    least, greatest = LIMITS[name]
    for value in (least, greatest):
        assert getattr(Sampling(**{name: value}), name) == value
    for value in (least - 1, greatest + 1, float("nan"), float("inf"), float("-inf")):
        with pytest.raises(SettingError, match=name):
            Sampling(**{name: value})


def test_a_seed_is_chosen_once_and_kept() -> None:
    seeded = Sampling().seeded()
    assert seeded.seed is not None
    assert seeded.seeded() is seeded
    assert Sampling(seed=7).seeded().seed == 7
    assert len({Sampling().seeded().seed for _number in range(20)}) > 1


def test_a_seed_of_zero_is_a_seed() -> None:
    assert Sampling(seed=0).seeded().seed == 0


def test_values_cross_the_pipe_and_come_back_in_the_order_they_act() -> None:
    sampling = Sampling(temperature=0.1, top_k=5, seed=3)
    values = sampling.as_json()
    assert list(values) == [
        "repeat_penalty", "repeat_window", "top_k", "top_p", "min_p", "temperature", "seed",
    ]  # fmt: skip
    assert Sampling(**values) == sampling
