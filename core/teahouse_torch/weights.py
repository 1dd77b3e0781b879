"""The tensors of a GGUF file, dequantized when they are asked for."""

from __future__ import annotations

import mmap
from math import prod
from pathlib import Path
from types import TracebackType
from typing import Self

import torch
from torch import Tensor

from teahouse.errors import ModelFileError
from teahouse.language import _
from teahouse.models.gguf import file_error, read_header
from teahouse.models.quantization import TENSOR_TYPES
from teahouse_torch.dequantize import dequantize, is_known

BLOCK_BYTES = {form.name: form.block_bytes for form in TENSOR_TYPES.values()}


class Weights:
    """A GGUF file, mapped into memory; its header was checked by our own parser.

    Raises:
        ModelFileError: It is no sound GGUF file, or holds a tensor of a type that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header = read_header(path)
        self._infos = {info.name: info for info in self.header.tensors}
        unknown = sorted({info.type for info in self.header.tensors if not is_known(info.type)})
        if unknown:
            raise self._refused(unknown)
        with path.open("rb") as stream:
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; tensors that were read stay."""
        self._map.close()

    @property
    def names(self) -> list[str]:
        """Names of all tensors, as the file has them."""
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def shape(self, name: str) -> tuple[int, ...]:
        """Lengths in torch's order: the slowest first, the reverse of the file's."""
        return tuple(reversed(self._infos[name].dims))

    def read(self, name: str, dtype: torch.dtype = torch.float32) -> Tensor:
        """A tensor by its name, in memory of its own."""
        info = self._infos[name]
        start = self.header.data_offset + info.offset
        view = memoryview(self._map)[start : start + info.size_bytes]
        try:
            flat = self._dequantize(view, info.type, prod(info.dims), dtype)
        finally:
            view.release()
        return flat.view(self.shape(name))

    def _dequantize(self, view: memoryview, form: str, count: int, dtype: torch.dtype) -> Tensor:
        data = torch.frombuffer(view, dtype=torch.uint8)
        try:
            return dequantize(data, form, block_bytes=BLOCK_BYTES[form], count=count, dtype=dtype)
        finally:
            del data  # it holds the file's memory

    def _refused(self, types: list[str]) -> ModelFileError:
        reason = _("torch cannot read its tensors of type {types}").format(types=", ".join(types))
        hint = _("Choose another quantization of the same model, such as Q4_K_M or Q8_0.")
        return file_error(self.path, reason, hint)
