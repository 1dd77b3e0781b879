"""What can be said of a model from its file alone, read by our own parser."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from teahouse.errors import ModelFileError
from teahouse.language import N_, _
from teahouse.models.gguf import read_header
from teahouse.models.header import Header
from teahouse.models.library import Model
from teahouse.models.shelf import link_target

KINDS = {
    "model": N_("a language model"),
    "embedder": N_("an embedder: it turns text into vectors and cannot write"),
    "adapter": N_("an adapter for another model"),
    "projector": N_("the image part of another model"),
    "vocabulary": N_("a vocabulary without a model"),
}


def describe(model: Model) -> dict[str, Any]:
    """Facts of a model as JSON values; of a file that cannot be used the reason, as `problem`.

    Numbers that the file does not tell are 0, texts empty; `tensor_types` gives tensors and bytes by type.
    """
    found: dict[str, Any] = {"name": model.name, "backend": model.backend, "path": None}
    found |= {"size_bytes": model.size_bytes, "problem": model.problem}
    if model.path is None:
        return found
    original = link_target(model.path)
    found |= {"path": str(model.path), "links_to": str(original) if original else None}
    header = _header(model.path)
    return found if header is None else found | _of_header(header)


def _header(path: Path) -> Header | None:
    """Also that of an adapter or a projector, which the library does not offer as models."""
    try:
        return read_header(path)
    except ModelFileError:
        return None


def _of_header(header: Header) -> dict[str, Any]:
    return {
        "kind": header.kind,
        "kind_text": _(KINDS[header.kind]),
        "title": header.name,
        "architecture": header.architecture,
        "parameters": header.parameter_count,
        "quantization": header.quantization,
        "context_length": header.context_length,
        "layers": header.layers,
        "embedding_length": header.embedding_length,
        "vocabulary_size": header.vocabulary_size,
        "licence": header.text("general.license"),
        "languages": _texts(header, "general.languages"),
        "has_chat_template": header.has_chat_template,
        "gguf_version": header.version,
        "tensor_types": _tensor_types(header),
    }


def _texts(header: Header, key: str) -> list[str]:
    value = header.metadata.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, tuple) else []


def _tensor_types(header: Header) -> dict[str, dict[str, int]]:
    """By type, the one with the most bytes first."""
    counts, sizes = Counter[str](), Counter[str]()
    for tensor in header.tensors:
        counts[tensor.type] += 1
        sizes[tensor.type] += tensor.size_bytes
    return {name: {"tensors": counts[name], "bytes": size} for name, size in sizes.most_common()}
