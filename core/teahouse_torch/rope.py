"""Rotary positions: RoFormer (arXiv:2104.09864), YaRN (arXiv:2309.00071), Llama 3's frequency factors.

Source: `ggml_rope_ext` of ggml, whose numbers are reproduced.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from teahouse_torch.configuration import Rope


def turns(rope: Rope, size: int, length: int, factors: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the positions 0 … length − 1, float32 (length, size / 2) each.

    Args:
        size: Numbers in one head.
        factors: What each frequency is divided by (the tensor `rope_freqs.weight`), (size / 2,).
    """
    steps = torch.arange(0, size, 2, dtype=torch.float32)
    frequencies = 1.0 / rope.base ** (steps / size)
    if factors is not None:
        frequencies = frequencies / factors.float()
    if rope.scaling == "yarn":
        share = _ramp(rope, size)
        frequencies = frequencies / rope.factor * (1 - share) + frequencies * share
    else:
        frequencies = frequencies / rope.factor
    angles = torch.outer(torch.arange(length, dtype=torch.float32), frequencies)
    magnitude = rope.attention_factor
    if rope.scaling == "yarn":
        magnitude *= 1.0 + 0.1 * math.log(rope.factor)
    return angles.cos() * magnitude, angles.sin() * magnitude


def _ramp(rope: Rope, size: int) -> Tensor:
    """How much of each frequency YaRN leaves as it was trained, (size / 2,)."""

    def place(rotations: float) -> float:
        turned = rope.original_context / (rotations * 2 * math.pi)
        return size * math.log(turned) / (2 * math.log(rope.base))

    low = max(0.0, math.floor(place(rope.beta_fast)))
    high = min(size - 1.0, math.ceil(place(rope.beta_slow)))
    pairs = torch.arange(size // 2, dtype=torch.float32)
    return 1.0 - ((pairs - low) / max(0.001, high - low)).clamp(0.0, 1.0)


def rotate(heads: Tensor, cosines: Tensor, sines: Tensor, *, is_interleaved: bool) -> Tensor:
    """Turn queries or keys (…, tokens, size) by their positions."""
    if is_interleaved:
        first, second = heads[..., 0::2], heads[..., 1::2]
        turned = (first * cosines - second * sines, first * sines + second * cosines)
        return torch.stack(turned, -1).flatten(-2)
    first, second = heads.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)
