"""ggml's block formats as numbers.

Each function takes the bytes of whole blocks, uint8 (blocks, bytes of a block), and returns float32
(blocks, numbers of a block). Source: `ggml-common.h` and `dequantize_row_*` of `ggml-quants.c`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

BLOCKS_AT_ONCE = 1 << 15
"""Bounds the float32 that is needed besides the result."""

IQ4_VALUES = (-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)
"""`kvalues_iq4nl`."""


def half(blocks: Tensor, start: int) -> Tensor:
    """The float16 at a byte of each block, as float32 (blocks, 1)."""
    return blocks[:, start : start + 2].contiguous().view(torch.float16).float()


def nibbles(packed: Tensor) -> Tensor:
    """All low halves of the bytes, then all high ones: uint8 (…, n) → uint8 (…, 2n)."""
    return torch.cat((packed & 15, packed >> 4), -1)


def fifth_bits(blocks: Tensor, start: int) -> Tensor:
    """32 bits at a byte of each block, lowest first, as 0 or 16: (blocks, 32)."""
    bits = blocks[:, start : start + 4, None] >> torch.arange(8, dtype=torch.uint8) & 1
    return bits.reshape(len(blocks), 32) << 4


def q4_0(blocks: Tensor) -> Tensor:
    """d · (q − 8)."""
    return half(blocks, 0) * (nibbles(blocks[:, 2:18]).float() - 8)


def q4_1(blocks: Tensor) -> Tensor:
    """d · q + m."""
    return half(blocks, 0) * nibbles(blocks[:, 4:20]).float() + half(blocks, 2)


def q5_0(blocks: Tensor) -> Tensor:
    """d · (q − 16)."""
    return half(blocks, 0) * ((nibbles(blocks[:, 6:22]) | fifth_bits(blocks, 2)).float() - 16)


def q5_1(blocks: Tensor) -> Tensor:
    """d · q + m."""
    return half(blocks, 0) * (nibbles(blocks[:, 8:24]) | fifth_bits(blocks, 4)).float() + half(blocks, 2)


def q8_0(blocks: Tensor) -> Tensor:
    """d · q."""
    return half(blocks, 0) * blocks[:, 2:34].view(torch.int8).float()


def q2_k(blocks: Tensor) -> Tensor:
    """Sixteen groups of 16: d · scale · q − dmin · min; both four bits each."""
    scales, packed = blocks[:, :16], blocks[:, 16:80].reshape(-1, 2, 1, 32)
    shifts = torch.arange(0, 8, 2, dtype=torch.uint8)[:, None]
    values = (packed >> shifts & 3).reshape(-1, 16, 16).float()
    large, small = half(blocks, 80) * (scales & 15), half(blocks, 82) * (scales >> 4)
    return (large[..., None] * values - small[..., None]).flatten(1)


def q3_k(blocks: Tensor) -> Tensor:
    """Sixteen groups of 16: d · (scale − 32) · (q − 4), the third bit of q in a mask."""
    shifts = torch.arange(0, 8, 2, dtype=torch.uint8)[:, None]
    low = (blocks[:, 32:96].reshape(-1, 2, 1, 32) >> shifts & 3).reshape(-1, 8, 32)
    mask = blocks[:, None, :32] >> torch.arange(8, dtype=torch.uint8)[:, None] & 1
    values = (low | mask << 2).reshape(-1, 16, 16).float() - 4
    scales = _three_byte_scales(blocks[:, 96:108]).float() - 32
    return (half(blocks, 108)[..., None] * scales[..., None] * values).flatten(1)


def _three_byte_scales(packed: Tensor) -> Tensor:
    """Sixteen numbers of six bits: the low four in eight bytes, the high two in the other four."""
    low = nibbles(packed[:, :8])
    shifts = torch.arange(0, 8, 2, dtype=torch.uint8)[:, None]
    high = (packed[:, None, 8:12] >> shifts & 3).flatten(1)
    return low | high << 4


def q4_k(blocks: Tensor) -> Tensor:
    """Eight groups of 32: d · scale · q − dmin · min, both of six bits."""
    large, small = _k_scales(blocks)
    values = nibbles(blocks[:, 16:144].reshape(-1, 4, 32)).reshape(-1, 8, 32).float()
    return (large * values - small).flatten(1)


def q5_k(blocks: Tensor) -> Tensor:
    """As Q4_K with a fifth bit in 32 bytes of their own."""
    large, small = _k_scales(blocks)
    fifth = (blocks[:, None, 16:48] >> torch.arange(8, dtype=torch.uint8)[:, None] & 1) << 4
    values = nibbles(blocks[:, 48:176].reshape(-1, 4, 32)).reshape(-1, 8, 32)
    return (large * (values | fifth).float() - small).flatten(1)


def _k_scales(blocks: Tensor) -> tuple[Tensor, Tensor]:
    """d · scale and dmin · min of Q4_K and Q5_K, (blocks, 8, 1) each (`get_scale_min_k4`)."""
    packed = blocks[:, 4:16]
    first, second, third = packed[:, :4], packed[:, 4:8], packed[:, 8:12]
    scales = torch.cat((first & 63, third & 15 | (first >> 6) << 4), 1)
    least = torch.cat((second & 63, third >> 4 | (second >> 6) << 4), 1)
    return (half(blocks, 0) * scales)[..., None], (half(blocks, 2) * least)[..., None]


def q6_k(blocks: Tensor) -> Tensor:
    """Sixteen groups of 16: d · scale · (q − 32)."""
    low = nibbles(blocks[:, :128].reshape(-1, 2, 64)).reshape(-1, 2, 4, 32)
    shifts = torch.arange(0, 8, 2, dtype=torch.uint8)[:, None]
    high = (blocks[:, 128:192].reshape(-1, 2, 1, 32) >> shifts & 3) << 4
    values = (low | high).reshape(-1, 16, 16).float() - 32
    scales = half(blocks, 208) * blocks[:, 192:208].view(torch.int8)
    return (scales[..., None] * values).flatten(1)


def iq4_nl(blocks: Tensor) -> Tensor:
    """d · a value of a table."""
    table = torch.tensor(IQ4_VALUES, dtype=torch.float32)
    return half(blocks, 0) * table[nibbles(blocks[:, 2:18]).long()]


def iq4_xs(blocks: Tensor) -> Tensor:
    """Eight groups of 32: d · (scale − 32) · a value of a table."""
    table = torch.tensor(IQ4_VALUES, dtype=torch.float32)
    low = torch.stack((blocks[:, 4:8] & 15, blocks[:, 4:8] >> 4), -1).flatten(1)
    shifts = torch.arange(0, 8, 2, dtype=torch.uint8)
    high = (blocks[:, 2:4, None] >> shifts & 3).flatten(1)
    scales = half(blocks, 0) * ((low | high << 4).float() - 32)
    values = table[nibbles(blocks[:, 8:136].reshape(-1, 8, 16)).long()]
    return (scales[..., None] * values).flatten(1)


FORMATS: dict[str, Callable[[Tensor], Tensor]] = {
    **{"Q4_0": q4_0, "Q4_1": q4_1, "Q5_0": q5_0, "Q5_1": q5_1, "Q8_0": q8_0},
    **{"Q2_K": q2_k, "Q3_K": q3_k, "Q4_K": q4_k, "Q5_K": q5_k, "Q6_K": q6_k},
    **{"IQ4_NL": iq4_nl, "IQ4_XS": iq4_xs},
}
PLAIN = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}


def is_known(form: str) -> bool:
    """Whether tensors of this ggml type can be read."""
    return form in FORMATS or form in PLAIN


def dequantize(data: Tensor, form: str, *, block_bytes: int, count: int, dtype: torch.dtype) -> Tensor:
    """Numbers of a tensor, flat (count,).

    Args:
        data: Its bytes, uint8; not changed.
        form: ggml's name of the type; one for which `is_known`.
        count: How many numbers it holds.
    """
    if form in PLAIN:
        return data.view(PLAIN[form]).to(dtype, copy=True)
    blocks = data.view(-1, block_bytes)
    made = torch.empty(count, dtype=dtype)
    rows = made.view(len(blocks), -1)
    for start in range(0, len(blocks), BLOCKS_AT_ONCE):
        part = slice(start, start + BLOCKS_AT_ONCE)
        rows[part] = FORMATS[form](blocks[part])
    return made
