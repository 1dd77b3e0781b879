"""What a run is for, and the numbers that follow from it and from the data.

Measured with the 0.5B starter and 32 short examples: a rate of 3e-4 and 30 steps of 4 examples answer 10 of
10 held-out questions; 1e-3 and 60 steps have it forget what it knew.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from teahouse import N_
from teahouse_torch.settings import TrainingSettings

Name = Literal["style", "facts", "text"]

FEW = 200
"""Up to so many examples are taken for facts, where nobody has said what they are."""
EXAMPLES_A_STEP = 4
REFERENCE = 32
"""Examples with which `passes` was measured; with more of them each is seen less often."""
MOST_PASSES, LEAST_PASSES = 6.0, 1.0
LOOKS = 3
LEAST_LENGTH, SHARED_LENGTH = 32, 256
MOST_PACKED = 5000
STRETCH_TOKENS = 256
"""Of plain text that is learned in one piece."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What a run is for.

    Attributes:
        title: For people, marked with `N_()`; `help` is a sentence.
        passes: How often each example is seen where there are `REFERENCE` of them.
        patience: Looks without a better held-out loss before it ends; 0 never ends it early.
    """

    name: Name
    title: str
    help: str
    learning_rate: float
    passes: float
    patience: int = 0


PRESETS = {
    one.name: one
    for one in (
        Preset("facts", N_("Some facts"), N_(
            "A few dozen questions with answers that are to be known by heart, such as a name or a place."),
            3e-4, 3.75),
        Preset("style", N_("A style"), N_(
            "Many examples of how to answer. Gentler, and it ends when held-out examples get no better."),
            2e-4, 3.0, 3),
        Preset("text", N_("Plain text"), N_(
            "Continued pretraining: every word of a text is learned, as the model itself once was made."),
            1e-4, 3.0, 3),
    )
}  # fmt: skip


def choose(rows: int, *, is_text: bool = False) -> Preset:
    """The preset for so many examples."""
    return PRESETS["text"] if is_text else PRESETS["facts" if rows <= FEW else "style"]


def settings_for(
    preset: Preset, lengths: Sequence[int], *, has_held_out: bool = False, threads: int = 0
) -> TrainingSettings:
    """The settings for examples of these lengths in tokens.

    A few examples have a row each; many share rows, which takes less time. A step takes so many rows that it
    sees about four examples, or a little more. An example longer than a row stands alone.
    """
    usual = round(statistics.median(lengths))
    length = max(LEAST_LENGTH if len(lengths) <= FEW else SHARED_LENGTH, usual)
    packed = packed_rows(lengths, length)
    rows = max(1, round(EXAMPLES_A_STEP * packed / len(lengths)))
    passes = preset.passes * (REFERENCE / len(lengths)) ** 0.25
    passes = min(MOST_PASSES, max(LEAST_PASSES, passes))
    steps = max(4, round(passes * packed / rows))
    return TrainingSettings(
        learning_rate=preset.learning_rate,
        steps=steps,
        rows=rows,
        length=length,
        look_every=look_every(steps),
        keep_every=keep_every(steps),
        patience=preset.patience if has_held_out else 0,
        threads=threads,
    )


def look_every(steps: int) -> int:
    """Steps between two looks: a handful in all, since each takes as long as some steps."""
    return max(1, -(-steps // LOOKS))


def keep_every(steps: int) -> int:
    """Steps between two checkpoints: what is lost, at most, when the machine dies."""
    return max(1, min(10, steps // 3))


def packed_rows(lengths: Sequence[int], length: int) -> int:
    """Rows that these examples take, packed as `teahouse_torch.examples.pack` does (first-fit decreasing)."""
    if len(lengths) > MOST_PACKED:
        return max(1, -(-sum(lengths) // length))  # as good as exact, and quick
    room: list[int] = []
    for size in sorted(lengths, reverse=True):
        place = next((at for at, left in enumerate(room) if left >= size), None)
        if place is None:
            room.append(length - size)
        else:
            room[place] -= size
    return len(room)


def with_less_memory(settings: TrainingSettings) -> TrainingSettings:
    """The same training with less memory and more time: fewer rows at once, and computing again."""
    total = settings.rows * settings.accumulation
    return replace(settings, rows=1, accumulation=total, is_checkpointed=True)
