"""Small GGUF files, written by the specification and not by the code under test."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

U32, F32, BOOL, TEXT, LIST, U64 = 4, 6, 7, 8, 9, 10
ALIGNMENT = 32


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def value(item: Any) -> bytes:
    """A value with its GGUF type in front."""
    if isinstance(item, bytes):
        return item
    if isinstance(item, bool):
        return struct.pack("<I?", BOOL, item)
    if isinstance(item, int):
        return struct.pack("<II", U32, item)
    if isinstance(item, float):
        return struct.pack("<If", F32, item)
    if isinstance(item, str):
        return struct.pack("<I", TEXT) + text(item)
    first = item[0] if item else 0
    head = struct.pack("<IIQ", LIST, TEXT if isinstance(first, str) else U32, len(item))
    return head + b"".join(value(element)[4:] for element in item)


def tensor(name: str, dims: Sequence[int], type_id: int, offset: int) -> bytes:
    return (
        text(name)
        + struct.pack("<I", len(dims))
        + struct.pack(f"<{len(dims)}Q", *dims)
        + struct.pack("<IQ", type_id, offset)
    )


def pad(size: int, alignment: int = ALIGNMENT) -> int:
    return -(-size // alignment) * alignment


CHAT: dict[str, Any] = {
    "general.architecture": "llama",
    "general.name": "Tiny 茶",
    "general.file_type": 2,
    "llama.context_length": 512,
    "llama.block_count": 1,
    "llama.embedding_length": 32,
    "llama.rope.freq_base": 10000.0,
    "tokenizer.ggml.tokens": ["<s>", "</s>", "茶"],
    "tokenizer.ggml.add_bos_token": True,
    "tokenizer.chat_template": "{{ messages }}",
}
TENSORS = (
    tensor("token_embd.weight", (32, 3), 0, 0),
    tensor("blk.0.attn_q.weight", (32, 32), 2, 384),
    tensor("output_norm.weight", (32,), 0, 960),
)
DATA_BYTES = 960 + 128


def header_bytes(
    metadata: dict[str, Any] | None = None,
    tensors: Sequence[bytes] = TENSORS,
    *,
    magic: bytes = b"GGUF",
    version: int = 3,
    counts: tuple[int, int] | None = None,
) -> bytes:
    """A header; `counts` are (tensors, keys) as claimed, where that shall differ from what is there."""
    metadata = CHAT if metadata is None else metadata
    tensor_count, key_count = counts or (len(tensors), len(metadata))
    keys = b"".join(text(key) + value(item) for key, item in metadata.items())
    return magic + struct.pack("<IQQ", version, tensor_count, key_count) + keys + b"".join(tensors)


def file_bytes(*args: Any, data_bytes: int = DATA_BYTES, **options: Any) -> bytes:
    """A whole file: header, padding, and `data_bytes` of numbers that differ from block to block."""
    header = header_bytes(*args, **options)
    data = bytes(index * 7 % 251 for index in range(data_bytes))
    return header.ljust(pad(len(header)), b"\0") + data


def write(path: Path, *args: Any, **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file_bytes(*args, **options))
    return path
