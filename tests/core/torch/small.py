"""Small models of every family, written as GGUF, whose next token is far from uniform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gguf
import numpy as np

VOCABULARY, WIDTH, HEADS, KV_HEADS, HEAD, INNER, LAYERS = 320, 64, 4, 2, 16, 96, 3
CONTEXT = 512


@dataclass(frozen=True)
class Small:
    """One model: its architecture, what its header says besides, and what its layers have."""

    architecture: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    has_bias: bool = False
    has_head_norms: bool = False
    has_after_norms: bool = False
    experts: int = 0
    is_tied: bool = False
    has_rope_factors: bool = False
    layers: int = LAYERS

    def write(self, path: Path, *, seed: int = 0, change: Mapping[str, Any] | None = None) -> Path:
        """Write it; `change` replaces keys of the header: then another network is meant."""
        writer = gguf.GGUFWriter(str(path), self.architecture)
        self._write_keys(writer, {**self._usual_keys(), **self.keys, **(change or {})})
        for name, values in self._tensors(np.random.default_rng(seed)).items():
            writer.add_tensor(name, values)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    def _usual_keys(self) -> dict[str, Any]:
        keys: dict[str, Any] = {
            "context_length": CONTEXT,
            "embedding_length": WIDTH,
            "block_count": self.layers,
            "feed_forward_length": INNER,
            "attention.head_count": HEADS,
            "attention.head_count_kv": KV_HEADS,
            "attention.key_length": HEAD,
            "attention.value_length": HEAD,
            "attention.layer_norm_rms_epsilon": 1e-5,
            "rope.freq_base": 10_000.0,
            "rope.dimension_count": HEAD,
        }
        if self.experts:
            keys |= {
                "expert_count": self.experts,
                "expert_used_count": 2,
                "expert_feed_forward_length": INNER,
            }
        return keys

    def _write_keys(self, writer: gguf.GGUFWriter, keys: Mapping[str, Any]) -> None:
        writer.add_string("tokenizer.ggml.model", "none")
        for name, value in {"vocab_size": VOCABULARY, **keys}.items():
            key = f"{self.architecture}.{name}"
            if isinstance(value, str):
                writer.add_string(key, value)
            elif isinstance(value, float):
                writer.add_float32(key, value)
            else:
                writer.add_uint32(key, value)

    def _tensors(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        def matrix(*shape: int, gain: float = 1.0) -> np.ndarray:
            return rng.normal(0, gain / shape[-1] ** 0.5, shape).astype(np.float32)

        def norm(size: int = WIDTH) -> np.ndarray:
            return rng.uniform(0.5, 1.5, size).astype(np.float32)

        made = {"token_embd.weight": matrix(VOCABULARY, WIDTH, gain=4.0), "output_norm.weight": norm() * 1.2}
        if not self.is_tied:
            made["output.weight"] = matrix(VOCABULARY, WIDTH, gain=4.0)
        if self.has_rope_factors:
            made["rope_freqs.weight"] = np.linspace(1, 8, HEAD // 2).astype(np.float32)
        for layer in range(self.layers):
            parts = {
                "attn_norm.weight": norm(),
                "attn_q.weight": matrix(HEADS * HEAD, WIDTH, gain=2.5),
                "attn_k.weight": matrix(KV_HEADS * HEAD, WIDTH, gain=2.5),
                "attn_v.weight": matrix(KV_HEADS * HEAD, WIDTH, gain=2.0),
                "attn_output.weight": matrix(WIDTH, HEADS * HEAD, gain=2.0),
                "ffn_norm.weight": norm(),
            }
            if self.has_bias:
                sizes = {"q": HEADS * HEAD, "k": KV_HEADS * HEAD, "v": KV_HEADS * HEAD}
                parts |= {f"attn_{n}.bias": matrix(s, gain=4.0) for n, s in sizes.items()}
            if self.has_head_norms:
                parts |= {"attn_q_norm.weight": norm(HEAD), "attn_k_norm.weight": norm(HEAD)}
            if self.has_after_norms:
                parts |= {"post_attention_norm.weight": norm(), "post_ffw_norm.weight": norm()}
            parts |= self._feed_forward(matrix)
            made |= {f"blk.{layer}.{name}": values for name, values in parts.items()}
        return made

    def _feed_forward(self, matrix: Any) -> dict[str, np.ndarray]:
        if not self.experts:
            return {
                "ffn_gate.weight": matrix(INNER, WIDTH, gain=2.0),
                "ffn_up.weight": matrix(INNER, WIDTH, gain=2.0),
                "ffn_down.weight": matrix(WIDTH, INNER, gain=2.0),
            }
        return {
            "ffn_gate_inp.weight": matrix(self.experts, WIDTH, gain=3.0),
            "ffn_gate_exps.weight": matrix(self.experts, INNER, WIDTH, gain=2.0),
            "ffn_up_exps.weight": matrix(self.experts, INNER, WIDTH, gain=2.0),
            "ffn_down_exps.weight": matrix(self.experts, WIDTH, INNER, gain=2.0),
        }


YARN = {"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 128}
SMALL = {
    "llama": Small("llama"),
    "llama tied": Small("llama", is_tied=True),
    "llama 3": Small("llama", {"rope.freq_base": 500_000.0}, has_rope_factors=True),
    "llama yarn": Small("llama", YARN),
    "llama linear": Small("llama", {"rope.scaling.type": "linear", "rope.scaling.factor": 2.0}),
    "mixtral": Small("llama", experts=4),
    "qwen2": Small("qwen2", {"rope.freq_base": 1_000_000.0}, has_bias=True),
    "qwen2 yarn": Small("qwen2", YARN, has_bias=True),
    "qwen3": Small("qwen3", has_head_norms=True),
    "qwen3moe": Small("qwen3moe", experts=4, has_head_norms=True),
    "gemma3": Small(
        "gemma3",
        {"attention.sliding_window": 32, "rope.freq_base": 1_000_000.0},
        has_head_norms=True,
        has_after_norms=True,
        is_tied=True,
        layers=7,
    ),
}
