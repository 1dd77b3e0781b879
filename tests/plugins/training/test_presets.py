"""Settings follow from the data: a few examples are seen often, many seldom."""

from __future__ import annotations

import pytest

from teahouse_training import presets
from teahouse_training.presets import PRESETS, settings_for


def seen(lengths: list[int], name: presets.Name = "facts") -> tuple[float, float]:
    """How often each example is seen, and how many a step sees."""
    s = settings_for(PRESETS[name], lengths)
    packed = presets.packed_rows(lengths, s.length)
    each_step = min(s.rows * s.accumulation, packed)
    return s.steps * each_step / packed, each_step * len(lengths) / packed


def test_the_measured_case() -> None:
    s = settings_for(PRESETS["facts"], [44] * 16 + [46] * 16)
    assert (s.learning_rate, s.rows, s.steps) == (3e-4, 4, 30)
    assert s.length < 88, "an example in each row"


@pytest.mark.parametrize(
    ("count", "least", "most"), [(3, 4, 7), (8, 4, 6.5), (32, 3.5, 4), (150, 2, 3), (4000, 1, 2)]
)
def test_more_examples_are_seen_less_often(count: int, least: float, most: float) -> None:
    passes, each_step = seen([40 + n % 13 for n in range(count)])
    assert least <= passes <= most
    assert 1 <= each_step <= 8


def test_one_long_example_does_not_have_the_others_seen_too_often() -> None:
    passes, each_step = seen([900, *[45] * 31])
    assert passes < 5 and 2 <= each_step <= 5


def test_which_preset_is_chosen() -> None:
    assert presets.choose(32).name == "facts"
    assert presets.choose(2000).name == "style"
    assert presets.choose(5, is_text=True).name == "text"


def test_it_looks_a_handful_of_times_and_ends_early_only_with_held_out_rows() -> None:
    s = settings_for(PRESETS["style"], [100] * 500, has_held_out=True)
    assert s.patience > 0 and 2 <= s.steps / s.look_every <= 4
    assert settings_for(PRESETS["style"], [100] * 500).patience == 0


def test_less_memory_is_the_same_training() -> None:
    s = settings_for(PRESETS["facts"], [45] * 32)
    less = presets.with_less_memory(s)
    assert less.rows * less.accumulation == s.rows * s.accumulation and less.is_checkpointed
