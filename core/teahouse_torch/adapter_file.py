"""LoRA adapters as GGUF files that llama.cpp loads.

Source: `llama_adapter_lora_init` of llama.cpp: tensors `NAME.weight.lora_a` (rank, in) and `.lora_b`
(out, rank), scaled by `adapter.lora.alpha` / rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from teahouse.models.disk import sync_file


def write_adapter(
    path: Path,
    changes: Mapping[str, tuple[Tensor, Tensor]],
    *,
    architecture: str,
    alpha: float,
    name: str,
    card: Mapping[str, str] | None = None,
) -> None:
    """Write an adapter, whole or not at all.

    Args:
        changes: As `lora.changes`.
        alpha: As `Lora.file_alpha`.
        card: More about it; keys are put below `teahouse.`.
    """
    import gguf  # late: it brings numpy and takes a moment

    part = path.with_name(path.name + ".part")
    writer = gguf.GGUFWriter(str(part), architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_name(name)
    for key, value in (card or {}).items():
        writer.add_string(f"teahouse.{key}", value)
    for tensor, (a, b) in changes.items():
        writer.add_tensor(f"{tensor}.weight.lora_a", a.float().cpu().contiguous().numpy())
        writer.add_tensor(f"{tensor}.weight.lora_b", b.float().cpu().contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    sync_file(part)
    part.replace(path)
