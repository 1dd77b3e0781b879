"""Reads an adapter's file with our own parser, so that llama.cpp is handed only what fits.

Source: `llama_adapter_lora_init` of llama.cpp: tensors `NAME.lora_a` (in, rank) and `NAME.lora_b` (rank, out)
change the model's tensor NAME (in, out), scaled by `adapter.lora.alpha` / rank; of the table of input tokens
the first lies turned, (rank, in).
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from teahouse.errors import AdapterError, ModelFileError
from teahouse.language import _
from teahouse.models.gguf import read_header
from teahouse.models.header import Header, TensorInfo

HALVES = (".lora_a", ".lora_b")
NUMBERS = ("F32", "F16", "BF16")
"""Types in which the numbers of an adapter can be kept; llama.cpp would end the process at some others."""
TURNED = ("token_embd.weight",)
BLOCK = 1 << 20
ALPHA = "adapter.lora.alpha"
SINGLE = 6
"""`GGUF_TYPE_FLOAT32`: told another type of alpha, llama.cpp ends the process."""


class Pair(NamedTuple):
    """The change of one tensor: the product of two small ones."""

    a: TensorInfo
    b: TensorInfo


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """What a checked file says.

    Attributes:
        pairs: Name of the model's tensor → its change.
        alpha: As the file has it; 0 for a change that is not scaled by its rank.
    """

    header: Header
    pairs: dict[str, Pair]
    alpha: float

    @property
    def rank(self) -> int:
        """The largest rank of its changes."""
        return max(_rank(name, pair) for name, pair in self.pairs.items())

    def misfit(self, model: Header) -> str:
        """Why it cannot change this model, as a clause; empty where it can."""
        own, other = self.header.architecture, model.architecture
        if own != other:
            return _("it was made for the architecture “{own}”, the model is “{other}”").format(
                own=own, other=other
            )
        tensors = {tensor.name: tensor for tensor in model.tensors}
        for name, pair in self.pairs.items():
            if name not in tensors:
                return _("it changes “{name}”, which the model does not have").format(name=name)
            if name in TURNED and model.has_tied_output:  # llama.cpp would end the process
                return _("it changes “{name}”, which the model also computes its output with").format(
                    name=name
                )
            wanted = tensors[name].dims
            if _changed(name, pair) != wanted:
                return _("its change of “{name}” has the shape {own}, the model's is {other}").format(
                    name=name, own=shape(_changed(name, pair)), other=shape(wanted)
                )
        return ""


def read_adapter(path: Path) -> AdapterFile:
    """Read and check the header of an adapter.

    Raises:
        AdapterError: It cannot be read, is no adapter, or none that can be used; names file and reason.
    """
    try:
        header = read_header(path)
    except ModelFileError as error:
        raise file_error(path, str(error.data.get("reason", error.text)), error.hint) from error
    return AdapterFile(header, _pairs(path, header), _alpha(path, header))


def check_file(path: Path) -> AdapterFile:
    """As `read_adapter`, and every number is read: one that is none makes every reply of the model nonsense.

    Raises:
        AdapterError: It cannot be used.
    """
    file = read_adapter(path)
    try:
        with path.open("rb") as stream:
            for tensor in file.header.tensors:
                stream.seek(file.header.data_offset + tensor.offset)
                if not all(map(math.isfinite, _sums(stream, tensor))):
                    reason = _("its tensor “{name}” holds numbers that are none").format(name=tensor.name)
                    raise file_error(path, reason)
    except OSError as error:
        raise file_error(
            path, _("it cannot be read ({reason})").format(reason=error.strerror or error)
        ) from error
    return file


def file_error(path: Path, reason: str, hint: str = "") -> AdapterError:
    """The error that says why a file cannot be used; `reason` is a clause without a full stop."""
    text = _("{file} cannot be used as an adapter: {reason}.").format(file=path, reason=reason)
    hint = hint or _("Choose a LoRA adapter in the GGUF format.")
    return AdapterError(text, hint, path=str(path), reason=reason)


def shape(dims: tuple[int, ...]) -> str:
    """Dimensions for people."""
    return " × ".join(map(str, dims))


# --- inside -----------------------------------------------------------------------------------------


def _pairs(path: Path, header: Header) -> dict[str, Pair]:
    if header.kind != "adapter":
        raise file_error(path, _("it is a model or a part of one, not an adapter"))
    if header.text("general.type") != "adapter":
        raise file_error(path, _("its value “{key}” is not “adapter”").format(key="general.type"))
    kind = header.text("adapter.type")
    if kind != "lora" or "adapter.alora.invocation_tokens" in header.metadata:
        reason = _("it is an adapter of the kind “{kind}”, and only “lora” is known here")
        raise file_error(path, reason.format(kind=kind or "?"))
    halves: dict[str, dict[str, TensorInfo]] = {}
    for tensor in header.tensors:
        name, half = tensor.name[: -len(HALVES[0])], tensor.name[-len(HALVES[0]) :]
        if half not in HALVES:
            raise file_error(
                path, _("its tensor “{name}” is no part of a LoRA change").format(name=tensor.name)
            )
        if tensor.type not in NUMBERS:
            raise file_error(
                path, _("its tensor “{name}” is kept as {type}").format(name=tensor.name, type=tensor.type)
            )
        halves.setdefault(name, {})[half] = tensor
    if not halves:
        raise file_error(path, _("it changes nothing"))
    return {name: _pair(path, name, found) for name, found in halves.items()}


def _pair(path: Path, name: str, found: dict[str, TensorInfo]) -> Pair:
    missing = [half for half in HALVES if half not in found]
    if missing:
        raise file_error(path, _("its tensor “{name}” is missing").format(name=name + missing[0]))
    pair = Pair(*(found[half] for half in HALVES))
    is_whole = all(len(tensor.dims) >= 2 and min(tensor.dims) > 0 for tensor in pair)
    if not is_whole or _rank(name, pair) != pair.b.dims[0] or pair.a.dims[2:] != pair.b.dims[2:]:
        raise file_error(
            path,
            _("the two parts of “{name}” do not go together: {a} and {b}").format(
                name=name, a=shape(pair.a.dims), b=shape(pair.b.dims)
            ),
        )
    return pair


def _rank(name: str, pair: Pair) -> int:
    return pair.a.dims[0 if name in TURNED else 1]


def _changed(name: str, pair: Pair) -> tuple[int, ...]:
    """The shape of what is changed."""
    first = pair.a.dims[1 if name in TURNED else 0]
    dims = (first, pair.b.dims[1], *pair.a.dims[2:])
    return (dims[1], dims[0]) if name in TURNED else dims


def _alpha(path: Path, header: Header) -> float:
    value = header.metadata.get(ALPHA, 0.0)
    if not isinstance(value, float) or not math.isfinite(value) or not _is_single(path, header):
        raise file_error(path, _("its value “{key}” is no number").format(key=ALPHA))
    return value


def _is_single(path: Path, header: Header) -> bool:
    """Whether alpha is kept in single precision; the parsed header does not tell it from a double."""
    try:
        with path.open("rb") as stream:
            head = stream.read(header.data_offset)
    except OSError as error:
        raise file_error(
            path, _("it cannot be read ({reason})").format(reason=error.strerror or error)
        ) from error
    key = struct.pack("<Q", len(ALPHA)) + ALPHA.encode()
    kinds = [part[:4] for part in head.split(key)[1:]]
    return all(kind == struct.pack("<I", SINGLE) for kind in kinds)


def _sums(stream: BinaryIO, tensor: TensorInfo) -> Iterator[float]:
    """Sums of blocks of its numbers: not finite where one of them is not."""
    left = tensor.size_bytes
    while left > 0 and (data := stream.read(min(BLOCK, left))):
        left -= len(data)
        yield sum(_floats(data, tensor.type))


def _floats(data: bytes, kind: str) -> array[float]:
    """The numbers of a block; of a half-precision one its exponents' extremes only, as numbers."""
    if kind == "F32":
        return _native(data)
    if kind == "BF16":
        wide = bytearray(2 * len(data))
        wide[2::4], wide[3::4] = data[0::2], data[1::2]
        return _native(bytes(wide))
    high = data[1::2]  # sign and exponent: an exponent of ones is infinite or none
    return array("f", [math.inf if any(byte & 0x7C == 0x7C for byte in set(high)) else 0.0])


def _native(data: bytes) -> array[float]:
    import sys

    numbers = array("f")
    numbers.frombytes(data[: len(data) // 4 * 4])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
