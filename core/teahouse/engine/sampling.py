"""Sampler values of one reply, in the order of llama.cpp's chain."""

from __future__ import annotations

import math
import random
from dataclasses import asdict, dataclass, replace
from typing import Any

from teahouse.errors import SettingError
from teahouse.language import _

LIMITS: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 5.0),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "repeat_penalty": (0.5, 2.0),
    "repeat_window": (0, 1_000_000),
    "seed": (0, 2**32 - 2),
}


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    Attributes:
        temperature: 0 always takes the likeliest token.
        top_k: Keep this many likeliest tokens; 0 keeps all.
        top_p: Keep the likeliest tokens that together reach this probability.
        min_p: Drop tokens less likely than this share of the likeliest one.
        repeat_penalty: Above 1 makes tokens of the last `repeat_window` less likely.
        seed: None lets the app choose one, which is stored with the reply.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    repeat_window: int = 64
    seed: int | None = None

    def __post_init__(self) -> None:
        for name, (least, greatest) in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and least <= value <= greatest):
                raise SettingError(
                    _("{key} cannot be {value}.").format(key=name, value=value),
                    _("It lies between {least} and {greatest}.").format(least=least, greatest=greatest),
                    key=name,
                )

    def seeded(self) -> Sampling:
        """The same values with a seed."""
        return (
            self if self.seed is not None else replace(self, seed=random.SystemRandom().randrange(2**32 - 1))
        )

    def as_json(self) -> dict[str, Any]:
        """The values as they cross the pipe and are stored, in the order they act."""
        order = ("repeat_penalty", "repeat_window", "top_k", "top_p", "min_p", "temperature", "seed")
        values = asdict(self)
        return {name: values[name] for name in order}
