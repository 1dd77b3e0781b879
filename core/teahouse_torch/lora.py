"""Low-rank adapters on a decoder: LoRA (arXiv:2106.09685), rsLoRA (arXiv:2312.03732)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from teahouse_torch.decoder import Decoder
from teahouse_torch.linear import Linear
from teahouse_torch.settings import TARGETS, Lora


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
    """How far the weights were moved: the Frobenius norm of all changes together, ‖scale · B A‖.

    The products are never made: ‖B A‖² is the trace of (Bᵀ B)(A Aᵀ), two matrices of the rank's size.
    """
    total = 0.0
    for a, b in changes(model).values():
        a, b = a.double(), b.double()
        total += float(((b.T @ b) * (a @ a.T)).sum())
    return lora.scale * math.sqrt(max(0.0, total))
