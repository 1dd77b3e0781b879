"""A linear layer that can carry a low-rank change of its weight."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Linear(nn.Module):
    """y = x Wᵀ + b, and with LoRA (arXiv:2106.09685) + scale · (x Aᵀ) Bᵀ.

    Attributes:
        lora_a: (rank, in), begun with noise; None without LoRA.
        lora_b: (out, rank), begun with zeros, so that nothing changes before the first step.
        is_on: Whether the change acts.
    """

    lora_a: nn.Parameter | None
    lora_b: nn.Parameter | None

    def __init__(self, size_in: int, size_out: int, *, has_bias: bool = False) -> None:
        super().__init__()
        self.size_in, self.size_out = size_in, size_out
        self.weight = nn.Parameter(torch.zeros(size_out, size_in))
        self.bias = nn.Parameter(torch.zeros(size_out)) if has_bias else None
        self.lora_a = self.lora_b = None
        self.is_on = True
        self._scale = self._dropout = 0.0

    def add_lora(self, *, rank: int, scale: float, dropout: float, generator: torch.Generator) -> None:
        """Begin a change of this rank.

        Args:
            scale: alpha / rank, or alpha / √rank with rsLoRA (arXiv:2312.03732).
        """
        noise = torch.randn(rank, self.size_in, generator=generator) / math.sqrt(self.size_in)
        device = self.weight.device
        self.lora_a = nn.Parameter(noise.to(device))
        self.lora_b = nn.Parameter(torch.zeros(self.size_out, rank, device=device))
        self._scale, self._dropout = scale, dropout

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) → (…, out). The change is computed in the type of `x`, and kept and learned in float32."""
        made = F.linear(x, self.weight, self.bias)
        if self.lora_a is None or self.lora_b is None or not self.is_on:
            return made
        dropped = F.dropout(x, self._dropout, self.training) if self._dropout else x
        narrow = F.linear(dropped, self.lora_a.to(x.dtype)).flatten(0, -2)
        wide = self.lora_b.to(x.dtype).T
        return torch.addmm(made.flatten(0, -2), narrow, wide, alpha=self._scale).view_as(made)
