"""A whole model back into a GGUF file: everything its header said, and the weights as they are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch
from torch import Tensor

from teahouse.models.disk import sync_file
from teahouse_torch.decoder import Decoder
from teahouse_torch.weights import Weights

if TYPE_CHECKING:
    from gguf import GGUFReader, GGUFWriter

Form = Literal["F32", "F16"]
EXACT_NUMBERS = 100_000_000
"""Models of up to so many are written in float32, exactly as they were trained; larger ones in float16."""
REPLACED = ("general.architecture", "general.file_type", "general.quantization_version", "general.name")
VIRTUAL = "GGUF."
"""What gguf's reader calls the file's own fields."""


def write_model(path: Path, model: Decoder, *, origin: Path, name: str, form: Form | None = None) -> None:
    """Write a model, whole or not at all.

    Args:
        origin: The file it came from: its tokenizer, template and other keys are taken over.
        form: Of the matrices; norms and biases stay float32. None chooses by size.
    """
    import gguf  # late: it brings numpy and takes a moment

    numbers = sum(parameter.numel() for parameter in model.parameters())
    form = form or ("F32" if numbers <= EXACT_NUMBERS else "F16")
    part = path.with_name(path.name + ".part")
    writer = gguf.GGUFWriter(str(part), model.c.architecture)
    _copy_keys(gguf.GGUFReader(str(origin)), writer)
    writer.add_name(name)
    file_type = gguf.LlamaFileType.ALL_F32 if form == "F32" else gguf.LlamaFileType.MOSTLY_F16
    writer.add_file_type(file_type)
    for tensor, values in tensors(model, origin):
        is_matrix = values.ndim > 1
        dtype = torch.float16 if form == "F16" and is_matrix else torch.float32
        writer.add_tensor(tensor, values.to(dtype).contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    sync_file(part)
    part.replace(path)


def tensors(model: Decoder, origin: Path) -> Iterator[tuple[str, Tensor]]:
    """The file's tensors in its order, as the model has them; what it does not compute with as it was."""
    known = dict(model.named_parameters())
    with Weights(origin) as weights:
        for name in weights.names:
            yield name, known[name].detach().cpu() if name in known else weights.read(name)


def _copy_keys(reader: GGUFReader, writer: GGUFWriter) -> None:
    for field in reader.fields.values():
        if field.name in REPLACED or field.name.startswith(VIRTUAL):
            continue
        kind, *inner = field.types
        value: Any = field.contents()
        writer.add_key_value(field.name, value, kind, sub_type=inner[-1] if inner else None)
