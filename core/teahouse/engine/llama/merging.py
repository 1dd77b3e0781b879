"""Adapters made part of a model's own weights, in a new file.

The model is first written with its numbers in half precision, by llama.cpp itself, so that everything else
in the file stays as it is; then the changed tensors are added to in place; then, if that is wanted, llama.cpp
quantizes the result.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.engine.llama.build import complaints, forget_complaints, hear, last_complaint
from teahouse.errors import EngineError
from teahouse.language import _
from teahouse.models.adapter_file import TURNED, Pair, read_adapter
from teahouse.models.gguf import read_header
from teahouse.models.header import TensorInfo

Numbers = np.ndarray[Any, np.dtype[np.float32]]
Report = Callable[[float], None]

F16 = 1
"""`LLAMA_FTYPE_MOSTLY_F16`."""
COUNTED = re.compile(r"\[\s*(\d+)\s*/\s*(\d+)\s*\]")
"""How llama.cpp tells which tensor it has come to."""


def convert(source: Path, target: Path, file_type: int, *, threads: int, on_progress: Report) -> None:
    """Write a model with its numbers kept otherwise.

    Args:
        file_type: Of `enum llama_ftype`.

    Raises:
        EngineError: llama.cpp could not.
    """
    values = lib.llama_model_quantize_default_params()
    values.ftype, values.nthread, values.allow_requantize = file_type, threads, True
    with _heard(on_progress):
        code = lib.llama_model_quantize(_bytes(source), _bytes(target), ctypes.byref(values))
    if code != 0:
        reason = last_complaint() if complaints() else _("code {code}").format(code=code)
        raise EngineError(
            _("llama.cpp could not write {file}: {reason}.").format(file=target, reason=reason),
            _("Check that there is room on the disk."),
        )


def add(target: Path, adapters: Sequence[tuple[Path, float]], *, on_progress: Report) -> None:
    """Add what adapters change to the tensors of a model in half precision, in its file.

    Args:
        adapters: (file, scale), both checked against the model before.

    Raises:
        EngineError: A sum is no number any more.
    """
    header = read_header(target)
    places = {tensor.name: tensor for tensor in header.tensors}
    files = [(path, scale, read_adapter(path)) for path, scale in adapters]
    total, done = sum(len(file.pairs) for _path, _scale, file in files), 0
    for path, scale, file in files:
        for name, pair in file.pairs.items():
            halves = [_read(path, file.header.data_offset, half) for half in pair]
            factor = scale * (file.alpha / _rank(name, pair) if file.alpha else 1.0)
            _add_to(target, header.data_offset, places[name], factor * change(name, *halves))
            done += 1
            on_progress(done / total)


def change(name: str, a: Numbers, b: Numbers) -> Numbers:
    """What a pair changes of a tensor, as the tensor lies in the file."""
    if name in TURNED:
        return a @ b.swapaxes(-1, -2)
    changed: Numbers = b @ a
    return changed


def _rank(name: str, pair: Pair) -> int:
    return pair.a.dims[0 if name in TURNED else 1]


def _add_to(target: Path, data_offset: int, tensor: TensorInfo, change: Numbers) -> None:
    kind = {"F16": np.float16, "F32": np.float32}[tensor.type]
    weights = np.memmap(
        target, dtype=kind, mode="r+", offset=data_offset + tensor.offset, shape=tensor.dims[::-1]
    )
    with np.errstate(over="ignore"):
        made = (weights.astype(np.float32) + change).astype(kind)
    if not np.isfinite(made).all():
        raise EngineError(
            _("With the adapter, “{name}” holds numbers that are too large to be kept.").format(
                name=tensor.name
            ),
            _("Merge it with a smaller scale. Nothing was kept."),
        )
    weights[:] = made
    weights.flush()


def _read(path: Path, data_offset: int, tensor: TensorInfo) -> Numbers:
    """The numbers of an adapter's tensor."""
    kind = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16}[tensor.type]
    data = np.memmap(path, dtype=kind, mode="r", offset=data_offset + tensor.offset, shape=tensor.dims[::-1])
    if tensor.type == "BF16":
        return (data.astype(np.uint32) << 16).view(np.float32)
    return data.astype(np.float32)


@contextmanager
def _heard(on_progress: Report) -> Iterator[None]:
    """llama.cpp's log as progress, and its errors kept."""

    def take(level: int, text: bytes, data: Any) -> None:
        hear(level, text, data)
        if found := COUNTED.search(text.decode("utf-8", "replace")):
            on_progress(int(found[1]) / max(1, int(found[2])))

    forget_complaints()
    callback = lib.llama_log_callback(take)
    lib.llama_log_set(callback, ctypes.c_void_p(0))
    try:
        yield
    finally:
        lib.llama_log_set(lib.llama_log_callback(0), ctypes.c_void_p(0))  # its own again


def _bytes(path: Path) -> bytes:
    return str(path).encode("utf-8", "surrogateescape")
