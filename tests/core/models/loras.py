"""LoRA adapters as GGUF files, whole ones and every kind of broken one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from teahouse.models.header import Header

Halves = Mapping[str, tuple[np.ndarray, np.ndarray]]


def write(
    path: Path,
    changes: Halves,
    *,
    architecture: str = "llama",
    alpha: float | None = 16.0,
    kind: str | None = "lora",
    type_: str = "adapter",
    more: Mapping[str, np.ndarray] | None = None,
    card: Mapping[str, str] | None = None,
) -> Path:
    """Write an adapter; `more` are tensors beside the pairs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_type(type_)
    if kind is not None:
        writer.add_string("adapter.type", kind)
    if alpha is not None:
        writer.add_float32("adapter.lora.alpha", alpha)
    for key, value in (card or {}).items():
        writer.add_string(f"teahouse.{key}", value)
    for name, (a, b) in changes.items():
        writer.add_tensor(f"{name}.lora_a", a)
        writer.add_tensor(f"{name}.lora_b", b)
    for name, values in (more or {}).items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def pair(
    dims: Sequence[int], *, rank: int = 4, seed: int = 0, size: float = 0.2, dtype: Any = np.float32
) -> tuple[np.ndarray, np.ndarray]:
    """A and B for a tensor of these dimensions, the input first, as a header has them."""
    rng = np.random.default_rng(seed)
    a = rng.normal(0, size, (*reversed(dims[2:]), rank, dims[0]))
    b = rng.normal(0, size, (*reversed(dims[2:]), dims[1], rank))
    return a.astype(dtype), b.astype(dtype)


def for_model(
    header: Header, ends: Sequence[str] = ("attn_q.weight",), **options: Any
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Random changes of a model's tensors of these names in every layer."""
    found = [tensor for tensor in header.tensors if tensor.name.endswith(tuple(ends))]
    start = options.pop("seed", 0) * 1000
    return {t.name: pair(t.dims, seed=start + n, **options) for n, t in enumerate(found)}
