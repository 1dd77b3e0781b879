"""Low-rank adapters on a decoder: LoRA (arXiv:2106.09685), rsLoRA (arXiv:2312.03732)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from teahouse.errors import SettingError
from teahouse.language import _
from teahouse_torch.decoder import Decoder
from teahouse_torch.linear import Linear

ATTENTION = ("attn_q", "attn_k", "attn_v", "attn_output")
FEED_FORWARD = ("ffn_gate", "ffn_up", "ffn_down")
TARGETS = (*ATTENTION, *FEED_FORWARD)
"""Matrices of a layer that can be changed; experts and their gate stay as they are."""


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
        if not 1 <= self.rank <= 1024:
            raise SettingError(_("A rank of {rank} cannot be had.").format(rank=self.rank),
                               _("It lies between 1 and 1024."), key="rank")  # fmt: skip
        if not 0 <= self.dropout < 1:
            raise SettingError(_("A dropout of {share} cannot be had.").format(share=self.dropout),
                               _("It lies between 0 and 1."), key="dropout")  # fmt: skip
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


def add(model: Decoder, lora: Lora, *, seed: int) -> list[nn.Parameter]:
    """Begin a change on a model whose own weights stay as they are; returns what is trained."""
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for _name, layer in chosen(model, lora.targets):
        layer.add_lora(rank=lora.rank, scale=lora.scale, dropout=lora.dropout, generator=generator)
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def chosen(model: Decoder, targets: Iterable[str]) -> Iterator[tuple[str, Linear]]:
    """The layers to be changed with the names of their tensors (`blk.0.attn_q`)."""
    wanted = set(targets)
    for name, module in model.named_modules():
        if isinstance(module, Linear) and name.startswith("blk.") and name.rpartition(".")[2] in wanted:
            yield name, module


def changes(model: Decoder) -> dict[str, tuple[Tensor, Tensor]]:
    """Each change by the name of its tensor: A (rank, in) and B (out, rank)."""
    found: dict[str, tuple[Tensor, Tensor]] = {}
    for name, layer in chosen(model, TARGETS):
        if layer.lora_a is not None and layer.lora_b is not None:
            found[name] = (layer.lora_a.detach(), layer.lora_b.detach())
    return found


def switch(model: Decoder, *, is_on: bool) -> None:
    """Let the change act, or answer as the model did before."""
    for _name, layer in chosen(model, TARGETS):
        layer.is_on = is_on


def norm(model: Decoder, lora: Lora) -> float:
    """How far the weights were moved: the Frobenius norm of all changes together, ‖scale · B A‖."""
    total = sum(float(((b.float() @ a.float()) ** 2).sum()) for a, b in changes(model).values())
    return lora.scale * math.sqrt(total)
