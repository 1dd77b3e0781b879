"""Reads the header of a GGUF file, so that native code sees only files that were checked first.

Everything is bounded: bytes read, counts, lengths, kept memory. What llama.cpp would refuse (a list of
lists, a key twice, a gap between tensors, a tensor beyond the file's end) is refused here with a reason.
Source: the GGUF specification (docs/gguf.md of ggml) and the checks of llama.cpp's own reader.
"""

from __future__ import annotations

import os
import stat
import struct
from math import prod
from pathlib import Path
from typing import BinaryIO

from teahouse.errors import ModelFileError
from teahouse.language import N_, _
from teahouse.models.header import Header, TensorInfo
from teahouse.models.quantization import REMOVED_TENSOR_TYPES, TENSOR_TYPES
from teahouse.models.reader import Ended, Fault, Reader
from teahouse.models.shape import Value

MAX_KEYS = 1 << 14
MAX_TENSORS = 1 << 16
MAX_KEY_BYTES = 1 << 16
MAX_TENSOR_NAME_BYTES = 63
MAX_DIMS = 4
MAX_ELEMENTS = (1 << 63) - 1
MAX_ALIGNMENT = 1 << 20
DEFAULT_ALIGNMENT = 32
MIN_KEY_BYTES = 8 + 1 + 4 + 1
"""The shortest key with its value; a count that needs more than the whole file is a lie."""
MIN_TENSOR_BYTES = 8 + 4 + 4 + 8

FOREIGN = N_("Choose a model in the GGUF format, version 2 or 3.")
NEWER = N_("Update the app, or choose a file made for an earlier version of llama.cpp.")
CHECK = N_("Check the path and who may read the file.")
JOIN = N_("Join the parts with `llama-gguf-split --merge`, or choose a model in one file.")

FOREIGN_STARTS = (
    (b"version https://git-lfs", N_("it is a pointer of Git LFS, not the model itself")),
    (b"PK\x03\x04", N_("it is a zip archive or a PyTorch model")),
    (b"\x80\x02", N_("it is a Python pickle")),
    (b"<", N_("it is a web page or XML, not a model")),
    (b"lmgg", N_("it has the old format GGML")),
    (b"fmgg", N_("it has the old format GGMF")),
    (b"tjgg", N_("it has the old format GGJT")),
    (b"\0\0\0\0", N_("it begins with zeros; its download may never have finished")),
)


def read_header(path: Path) -> Header:
    """Read and check the header of the GGUF file `path`.

    Raises:
        ModelFileError: It cannot be read, is not GGUF, is damaged, incomplete or one part of several;
            the text names the file and the reason.
    """
    try:
        with _open(path) as stream:
            return _parse(Reader(stream, os.fstat(stream.fileno()).st_size))
    except Fault as fault:
        raise file_error(path, fault.reason, _(fault.hint)) from fault
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def read_beginning(path: Path, *, size_bytes: int) -> Header | None:
    """The header of a file of which only the beginning is here; None where more of it is needed.

    Args:
        size_bytes: Length of the whole file.

    Raises:
        ModelFileError: As `read_header`.
    """
    try:
        with _open(path) as stream:
            return _parse(Reader(stream, size_bytes))
    except Ended:
        return None
    except Fault as fault:
        raise file_error(path, fault.reason, _(fault.hint)) from fault
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def file_error(path: Path, reason: str, hint: str) -> ModelFileError:
    """The error that says why `path` cannot be used; `reason` is a clause without a full stop."""
    text = _("{file} cannot be used as a model: {reason}.").format(file=path, reason=reason)
    return ModelFileError(text, hint, path=str(path), reason=reason)


def _unreadable(path: Path, error: Exception) -> ModelFileError:
    reason = getattr(error, "strerror", None) or str(error)
    return file_error(path, _("it cannot be read ({reason})").format(reason=reason), _(CHECK))


def _open(path: Path) -> BinaryIO:
    # Opening a named pipe would wait for ever, so the kind of file is looked at first.
    try:
        status = path.stat()
    except FileNotFoundError:
        raise Fault(_("it does not exist"), CHECK) from None
    if stat.S_ISDIR(status.st_mode):
        raise Fault(_("it is a folder"), FOREIGN)
    if not stat.S_ISREG(status.st_mode):
        raise Fault(_("it is not a regular file"), FOREIGN)
    if status.st_size == 0:
        raise Fault(_("it is empty"))
    return path.open("rb", buffering=0)


def _parse(reader: Reader) -> Header:
    version = _read_version(reader)
    tensor_count, key_count = reader.number("Q"), reader.number("Q")
    if key_count > MAX_KEYS or key_count * MIN_KEY_BYTES > reader.size_bytes:
        raise Fault(_("its header claims {count} metadata keys").format(count=key_count))
    if tensor_count > MAX_TENSORS or tensor_count * MIN_TENSOR_BYTES > reader.size_bytes:
        raise Fault(_("its header claims {count} tensors").format(count=tensor_count))
    metadata = _read_metadata(reader, key_count)
    _check_whole(metadata)
    alignment = _alignment(metadata)
    tensors = _read_tensors(reader, tensor_count, alignment)
    data_offset = _pad(reader.position, alignment) if tensors else reader.position
    _check_length(tensors, data_offset, reader.size_bytes)
    header = Header(version, reader.size_bytes, data_offset, metadata, tensors)
    if not header.architecture:
        raise Fault(_("its header names no architecture"))
    return header


def _read_version(reader: Reader) -> int:
    start = reader.peek(32)
    if start[:4] != b"GGUF":
        raise Fault(_foreign(start), FOREIGN)
    version = int(struct.unpack("<I", reader.take(8)[4:])[0])
    if version & 0xFFFF == 0:
        raise Fault(_("it is a big-endian GGUF file"), FOREIGN)
    if version < 2:
        raise Fault(_("it is GGUF version {version}, which is too old").format(version=version), FOREIGN)
    if version > 3:
        raise Fault(_("it is GGUF version {version}, which is too new").format(version=version), NEWER)
    return version


def _foreign(start: bytes) -> str:
    if start[8:10] == b'{"':
        return _("it is a safetensors file, not GGUF")
    found = [text for magic, text in FOREIGN_STARTS if start.startswith(magic)]
    return _(found[0]) if found else _("it is not a GGUF file")


def _read_metadata(reader: Reader, count: int) -> dict[str, Value]:
    metadata: dict[str, Value] = {}
    for _number in range(count):
        key = reader.text(MAX_KEY_BYTES, _("a key"))
        if not key or key in metadata:
            raise Fault(_("its header has the key “{key}” twice or without a name").format(key=key[:80]))
        metadata[key] = reader.value(key)
    return metadata


def _check_whole(metadata: dict[str, Value]) -> None:
    parts, number = metadata.get("split.count"), metadata.get("split.no")
    if isinstance(parts, int) and parts > 1:
        which = number + 1 if isinstance(number, int) else "?"
        raise Fault(
            _("it is part {number} of a model in {parts} files").format(number=which, parts=parts), JOIN
        )


def _alignment(metadata: dict[str, Value]) -> int:
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if not isinstance(alignment, int) or not 0 < alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
        raise Fault(_("its alignment is not a power of two"))
    return alignment


def _read_tensors(reader: Reader, count: int, alignment: int) -> tuple[TensorInfo, ...]:
    tensors: dict[str, TensorInfo] = {}
    expected = 0
    for _number in range(count):
        tensor = _read_tensor(reader)
        if tensor.name in tensors:
            raise Fault(_("it has the tensor “{name}” twice").format(name=tensor.name))
        if tensor.offset != expected:
            raise Fault(_("its tensor “{name}” does not lie where it should").format(name=tensor.name))
        expected = _pad(expected + tensor.size_bytes, alignment)
        tensors[tensor.name] = tensor
    return tuple(tensors.values())


def _read_tensor(reader: Reader) -> TensorInfo:
    name = reader.text(MAX_TENSOR_NAME_BYTES, _("the name of a tensor"))
    dim_count = reader.number("I")
    if dim_count > MAX_DIMS:
        raise Fault(_("its tensor “{name}” has {count} dimensions").format(name=name, count=dim_count))
    dims = tuple(reader.number("Q") for _number in range(dim_count))
    type_id, offset = reader.number("I"), reader.number("Q")
    if type_id not in TENSOR_TYPES:
        reason = _("its tensor “{name}” has the type {type}, which is not known here")
        hint = FOREIGN if type_id in REMOVED_TENSOR_TYPES else NEWER
        raise Fault(reason.format(name=name, type=type_id), hint)
    form, elements = TENSOR_TYPES[type_id], prod(dims)
    if elements > MAX_ELEMENTS or (dims[0] if dims else 1) % form.block_length:
        shape = " × ".join(map(str, dims))
        raise Fault(_("its tensor “{name}” has the shape {shape}").format(name=name, shape=shape))
    return TensorInfo(name, dims, form.name, offset, elements // form.block_length * form.block_bytes)


def _check_length(tensors: tuple[TensorInfo, ...], data_offset: int, size_bytes: int) -> None:
    end = max((data_offset + tensor.offset + tensor.size_bytes for tensor in tensors), default=0)
    if end > size_bytes:
        raise Fault(_("it has {size} bytes where its header needs {end}").format(size=size_bytes, end=end))


def _pad(position: int, alignment: int) -> int:
    return (position + alignment - 1) // alignment * alignment
