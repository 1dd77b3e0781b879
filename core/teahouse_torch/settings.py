"""How a model is trained: every number of a run, as it stands in its `run.json`. Needs no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self

from teahouse.errors import SettingError
from teahouse.language import _

ATTENTION = ("attn_q", "attn_k", "attn_v", "attn_output")
FEED_FORWARD = ("ffn_gate", "ffn_up", "ffn_down")
TARGETS = (*ATTENTION, *FEED_FORWARD)
"""Matrices of a layer that can be changed; experts and their gate stay as they are."""

Precision = Literal["auto", "float32", "bfloat16"]

LIMITS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-7, 1.0),
    "steps": (1, 10_000_000),
    "rows": (1, 4096),
    "accumulation": (1, 4096),
    "length": (8, 131_072),
    "warm_up": (0.0, 0.9),
    "least_rate": (0.0, 1.0),
    "weight_decay": (0.0, 1.0),
    "clip": (0.0, 1000.0),
    "look_every": (1, 1_000_000),
    "keep_every": (1, 1_000_000),
    "patience": (0, 1000),
    "threads": (0, 512),
    "rank": (1, 1024),
    "alpha": (1e-3, 10_000.0),
    "dropout": (0.0, 0.95),
}
"""The least and the greatest of each number; a setting whose default is whole takes whole numbers only."""


@dataclass(frozen=True, slots=True)
class Lora:
    """How large a change may be.

    Attributes:
        rank: Of each change; more can hold more.
        alpha: The change is scaled by alpha / rank.
        targets: Which matrices of each layer, out of `TARGETS`.
        dropout: Share of inputs that each step leaves out.
        is_rank_stabilised: Scale by alpha / √rank instead.
    """

    rank: int = 8
    alpha: float = 16.0
    targets: tuple[str, ...] = TARGETS
    dropout: float = 0.0
    is_rank_stabilised: bool = False

    def __post_init__(self) -> None:
        unknown = [name for name in self.targets if name not in TARGETS]
        if unknown or not self.targets:
            raise SettingError(
                _("There is no matrix {name} to train.").format(name=", ".join(unknown) or "–"),
                _("There are: {names}.").format(names=", ".join(TARGETS)),
                key="targets",
            )

    @property
    def scale(self) -> float:
        """What the product of the two matrices is multiplied with."""
        return self.alpha / (math.sqrt(self.rank) if self.is_rank_stabilised else self.rank)

    @property
    def file_alpha(self) -> float:
        """The alpha for an adapter file, whose readers always divide by the rank."""
        return self.scale * self.rank


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The settings of one run.

    Attributes:
        is_full: Train all weights instead of a LoRA.
        rows: Of one batch; each holds at most `length` tokens, several examples where they fit.
        accumulation: Batches before each step.
        warm_up: Share of the steps in which the rate grows from zero.
        least_rate: Where the cosine ends, as a share of the rate (arXiv:1608.03983).
        clip: Longest gradient; 0 for no limit.
        look_every: Steps between two looks at the held-out examples and the general texts.
        patience: Looks without a better held-out loss before it ends; 0 never ends it early.
        is_checkpointed: Take less memory and more time (arXiv:1604.06174).
        threads: Of the processor; 0 leaves it to torch.
    """

    learning_rate: float = 3e-4
    steps: int = 30
    rows: int = 4
    accumulation: int = 1
    length: int = 256
    warm_up: float = 0.15
    least_rate: float = 0.1
    weight_decay: float = 0.0
    clip: float = 1.0
    look_every: int = 10
    keep_every: int = 10
    patience: int = 0
    seed: int = 0
    is_full: bool = False
    is_checkpointed: bool = False
    precision: Precision = "auto"
    device: str = "auto"
    threads: int = 0
    rank: int = 8
    alpha: float = 16.0
    targets: tuple[str, ...] = TARGETS
    dropout: float = 0.0
    is_rank_stabilised: bool = False

    def __post_init__(self) -> None:
        for name, (least, greatest) in LIMITS.items():
            value = getattr(self, name)
            if not _is_number(value, like=_defaults()[name]) or not least <= value <= greatest:
                raise SettingError(
                    _("{key} cannot be {value}.").format(key=name, value=value),
                    _("It lies between {least} and {greatest}.").format(least=least, greatest=greatest),
                    key=name,
                )
        if self.precision not in ("auto", "float32", "bfloat16"):
            raise SettingError(
                _("There is no precision {name}.").format(name=self.precision), key="precision"
            )
        assert self.lora

    @property
    def lora(self) -> Lora:
        """The change that is trained, unless all weights are."""
        return Lora(self.rank, self.alpha, self.targets, self.dropout, self.is_rank_stabilised)

    def rate(self, step: int) -> float:
        """The learning rate of a step, counted from 0: linear warm-up, then a cosine."""
        rising = max(1, round(self.steps * self.warm_up))
        if step < rising:
            return self.learning_rate * (step + 1) / rising
        share = (step - rising) / max(1, self.steps - rising)
        cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
        return self.learning_rate * (self.least_rate + (1 - self.least_rate) * cosine)

    def as_json(self) -> dict[str, Any]:
        """All of them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The settings that `as_json` wrote; unknown ones are left out."""
        known: dict[str, Any] = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        known |= {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
        return cls(**known)


def _defaults() -> dict[str, Any]:
    return {f.name: f.default for f in fields(TrainingSettings)}


def _is_number(value: object, *, like: object) -> bool:
    """Whether it is a finite number, and a whole one where the default is."""
    wanted = int if isinstance(like, int) else (int, float)
    return isinstance(value, wanted) and not isinstance(value, bool) and math.isfinite(value)
