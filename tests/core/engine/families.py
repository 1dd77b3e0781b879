"""Headers of models as they are published, in files that are long enough and hold nothing (sparse)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from teahouse.models.gguf import read_header
from teahouse.models.header import Header
from teahouse.models.quantization import TENSOR_TYPES
from tests.core.models import ggufs

F32, F16, Q8_0, Q4_K, Q6_K = 0, 1, 8, 12, 14


@dataclass(frozen=True)
class Family:
    """A model of one family and size."""

    name: str
    architecture: str
    layers: int
    width: int
    feed_forward: int
    heads: int
    kv_heads: int
    vocabulary: int
    head: int = 128
    trained: int = 32768
    kind: int = Q4_K
    is_tied: bool = False
    experts: int = 0
    used_experts: int = 0
    recurrent: tuple[int, ...] = ()
    more: dict[str, Any] = field(default_factory=dict, hash=False)

    def header(self) -> Header:
        """Written to disk and read by our own parser."""
        return _header(self)


FAMILIES = (
    Family("qwen2.5-0.5b", "qwen2", 24, 896, 4864, 14, 2, 151_936, head=64, kind=Q8_0, is_tied=True),
    Family("qwen2.5-1.5b", "qwen2", 28, 1536, 8960, 12, 2, 151_936, is_tied=True),
    Family("qwen2.5-3b", "qwen2", 36, 2048, 11_008, 16, 2, 151_936, is_tied=True),
    Family("qwen2.5-7b", "qwen2", 28, 3584, 18_944, 28, 4, 152_064),
    Family("qwen2.5-14b", "qwen2", 48, 5120, 13_824, 40, 8, 152_064),
    Family("qwen2.5-32b", "qwen2", 64, 5120, 27_648, 40, 8, 152_064),
    Family("qwen2.5-72b", "qwen2", 80, 8192, 29_568, 64, 8, 152_064),
    Family("qwen3-0.6b", "qwen3", 28, 1024, 3072, 16, 8, 151_936, is_tied=True, trained=40_960),
    Family("qwen3-4b", "qwen3", 36, 2560, 9728, 32, 8, 151_936, is_tied=True, trained=40_960),
    Family("qwen3-8b", "qwen3", 36, 4096, 12_288, 32, 8, 151_936, trained=40_960),
    Family("qwen3-30b-a3b", "qwen3moe", 48, 2048, 768, 32, 4, 151_936, experts=128, used_experts=8),
    Family("llama-2-7b", "llama", 32, 4096, 11_008, 32, 32, 32_000, trained=4096),
    Family("llama-2-13b", "llama", 40, 5120, 13_824, 40, 40, 32_000, trained=4096),
    Family("llama-3.2-1b", "llama", 16, 2048, 8192, 32, 8, 128_256, head=64, is_tied=True, trained=131_072),
    Family("llama-3.2-3b", "llama", 28, 3072, 8192, 24, 8, 128_256, is_tied=True, trained=131_072),
    Family("llama-3-8b", "llama", 32, 4096, 14_336, 32, 8, 128_256, trained=8192),
    Family("llama-3.3-70b", "llama", 80, 8192, 28_672, 64, 8, 128_256, trained=131_072),
    Family("mistral-7b", "llama", 32, 4096, 14_336, 32, 8, 32_768),
    Family("mixtral-8x7b", "llama", 32, 4096, 14_336, 32, 8, 32_000, experts=8, used_experts=2),
    Family("mistral-nemo-12b", "llama", 40, 5120, 14_336, 32, 8, 131_072, trained=131_072),
    Family("gemma-2-2b", "gemma2", 26, 2304, 9216, 8, 4, 256_000, head=256, is_tied=True, trained=8192),
    Family("gemma-3-4b", "gemma3", 34, 2560, 10_240, 8, 4, 262_144, head=256, is_tied=True, trained=131_072,
           more={"attention.sliding_window": 1024}),
    Family("gemma-3-27b", "gemma3", 62, 5376, 21_504, 32, 16, 262_144, is_tied=True, trained=131_072,
           more={"attention.sliding_window": 1024}),
    Family("phi-3-mini", "phi3", 32, 3072, 8192, 32, 32, 32_064, head=96, trained=4096),
    Family("phi-4", "phi3", 40, 5120, 17_920, 40, 10, 100_352, trained=16_384),
    Family("deepseek-v2-lite", "deepseek2", 27, 2048, 1408, 16, 1, 102_400, head=576, experts=64,
           used_experts=6, trained=163_840,
           more={"attention.value_length": 512, "attention.key_length_mla": 192,
                 "attention.value_length_mla": 128}),
    Family("mamba-1.4b", "mamba", 48, 2048, 0, 0, 0, 50_280, recurrent=tuple(range(48))),
    Family("lfm2-1.2b", "lfm2", 16, 2048, 8192, 32, 8, 65_536, head=64, is_tied=True,
           recurrent=(0, 1, 3, 4, 6, 7, 9, 11, 13, 15)),
    Family("smollm2-135m", "llama", 30, 576, 1536, 9, 3, 49_152, head=64, kind=F16, is_tied=True,
           trained=8192),
    Family("falcon-7b", "falcon", 32, 4544, 18_176, 71, 1, 65_024, head=64, kind=Q8_0, trained=2048),
)  # fmt: skip


@cache
def _header(family: Family) -> Header:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{family.name}.gguf")
        listed, size = _listed(family)
        start = ggufs.header_bytes(_metadata(family), listed)
        path.write_bytes(start)
        os.truncate(path, ggufs.pad(len(start)) + size)
        return read_header(path)


def _metadata(family: Family) -> dict[str, Any]:
    per_layer = [0 if layer in family.recurrent else family.kv_heads for layer in range(family.layers)]
    own = {
        "block_count": family.layers,
        "context_length": family.trained,
        "embedding_length": family.width,
        "feed_forward_length": family.feed_forward,
        "vocab_size": family.vocabulary,
        "attention.head_count": family.heads,
        "attention.head_count_kv": per_layer if family.recurrent else family.kv_heads,
        "attention.key_length": family.head,
        "attention.value_length": family.head,
        "expert_count": family.experts,
        "expert_used_count": family.used_experts,
        "expert_feed_forward_length": family.feed_forward if family.experts else 0,
    }
    keys = {f"{family.architecture}.{key}": value for key, value in {**own, **family.more}.items()}
    return {"general.architecture": family.architecture, "tokenizer.chat_template": "{{ messages }}", **keys}


def _listed(family: Family) -> tuple[list[bytes], int]:
    """(tensors as a header lists them, bytes of their data)."""
    listed, at = [], 0
    for name, dims in _tensors(family):
        kind = F32 if len(dims) == 1 else family.kind
        form = TENSOR_TYPES[kind]
        if dims[0] % form.block_length:  # as llama.cpp's own tools do where a row is no whole blocks
            form, kind = TENSOR_TYPES[F16], F16
        listed.append(ggufs.tensor(name, dims, kind, at))
        at += ggufs.pad(prod(dims) // form.block_length * form.block_bytes)
    return listed, at


def _tensors(family: Family) -> list[tuple[str, tuple[int, ...]]]:
    width, many = family.width, family.experts
    found: list[tuple[str, tuple[int, ...]]] = [("token_embd.weight", (width, family.vocabulary))]
    for layer in range(family.layers):
        parts: dict[str, tuple[int, ...]] = {"attn_norm": (width,)}
        if layer in family.recurrent:
            parts |= {"ssm_in": (width, 4 * width), "ssm_out": (2 * width, width)}
        else:
            kv = family.head * family.kv_heads
            parts |= {"attn_q": (width, family.head * family.heads), "attn_k": (width, kv)}
            parts |= {"attn_v": (width, kv), "attn_output": (family.head * family.heads, width)}
        if family.feed_forward:
            up, down = (width, family.feed_forward), (family.feed_forward, width)
            shapes = {"ffn_gate": up, "ffn_up": up, "ffn_down": down}
            parts |= {f"{name}_exps": (*dims, many) for name, dims in shapes.items()} if many else shapes
        found += [(f"blk.{layer}.{name}.weight", dims) for name, dims in parts.items()]
    found.append(("output_norm.weight", (width,)))
    return found if family.is_tied else [*found, ("output.weight", (width, family.vocabulary))]
