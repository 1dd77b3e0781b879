"""Examples on the disk: what a model is trained on, as ids and which of them are learned. Needs no torch.

The engine's process makes them, because only it tokenises and renders as the chat does; this package only
reads them. One file holds many examples as three arrays in safetensors: `ids` int32 and `learned` uint8
(all tokens, one example after the other), `lengths` int32 (examples). Source: the safetensors format, a
length (uint64), a header in JSON and the arrays without gaps, all little-endian.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teahouse.models.disk import sync_file

SUFFIX = ".safetensors"
IDS, LEARNED, LENGTHS = "ids", "learned", "lengths"
TYPES = {IDS: "I32", LENGTHS: "I32", LEARNED: "U8"}
"""In the order in which they lie in the file: each begins where its numbers may."""

Row = tuple[Sequence[int], Sequence[int]]
"""Token ids of one example, and 1 for each that is learned, else 0."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a file of examples holds.

    Attributes:
        tokens: Of all examples.
        learned: Of these, how many are learned.
        longest: Tokens of the longest example.
    """

    examples: int
    tokens: int
    learned: int
    longest: int


def write(path: Path, examples: Iterable[Row]) -> Sizes:
    """Write examples, whole or not at all; one without tokens is left out.

    Raises:
        ValueError: An example has not as many flags as ids.
    """
    arrays = {IDS: array("i"), LENGTHS: array("i"), LEARNED: array("B")}
    for ids, learned in examples:
        if len(ids) != len(learned):
            raise ValueError(f"{len(ids)} ids with {len(learned)} flags")
        if len(ids):
            arrays[IDS].extend(ids)
            arrays[LEARNED].extend(map(bool, learned))
            arrays[LENGTHS].append(len(ids))
    part = path.with_name(path.name + ".part")
    with part.open("wb") as stream:
        stream.write(_header(arrays))
        for values in arrays.values():
            stream.write(_little_endian(values).tobytes())
    sync_file(part)
    part.replace(path)
    return _sizes(arrays)


def read(path: Path) -> Iterator[tuple[array[int], array[int]]]:
    """The examples of a file, in order: ids and flags.

    Raises:
        ValueError: It is no such file, or a damaged one.
    """
    arrays, at = _arrays(path), 0
    for length in arrays[LENGTHS]:
        yield arrays[IDS][at : at + length], arrays[LEARNED][at : at + length]
        at += length


def sizes(path: Path) -> Sizes:
    """How much a file holds.

    Raises:
        ValueError: It is no such file, or a damaged one.
    """
    return _sizes(_arrays(path))


def _sizes(arrays: dict[str, array[int]]) -> Sizes:
    lengths = arrays[LENGTHS]
    return Sizes(len(lengths), len(arrays[IDS]), arrays[LEARNED].count(1), max(lengths, default=0))


def _header(arrays: dict[str, array[int]]) -> bytes:
    told: dict[str, object] = {}
    at = 0
    for name, values in arrays.items():
        end = at + len(values) * values.itemsize
        told[name] = {"dtype": TYPES[name], "shape": [len(values)], "data_offsets": [at, end]}
        at = end
    text = json.dumps(told).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text


def _arrays(path: Path) -> dict[str, array[int]]:
    data = path.read_bytes()
    try:
        (length,) = struct.unpack_from("<Q", data)
        told = json.loads(data[8 : 8 + length])
        found = {name: _array(data[8 + length :], told[name], form) for name, form in TYPES.items()}
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no examples: {error}") from error
    if not len(found[IDS]) == len(found[LEARNED]) == sum(found[LENGTHS]):
        raise ValueError(f"{path} is not whole")
    return found


def _array(data: bytes, place: dict[str, Any], form: str) -> array[int]:
    if place["dtype"] != form:
        raise ValueError(f"{place['dtype']} where {form} is expected")
    begin, end = place["data_offsets"]
    if not 0 <= begin <= end <= len(data):
        raise ValueError("the file ends early")
    values = array("i" if form == "I32" else "B")
    values.frombytes(data[begin:end])
    return _little_endian(values)


def _little_endian(values: array[int]) -> array[int]:
    """The same numbers with their bytes in the file's order, or back; nothing on most machines."""
    if sys.byteorder == "big":
        values.byteswap()
    return values
