"""Python values as arguments of D-Bus messages, and back.

Written are `s o u b` and whatever is made of them with arrays, structs, dictionaries and variants;
read is everything, what is no text or number as None.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator as Each
from collections.abc import Sequence
from ctypes import byref, c_char_p, c_double, c_int, c_int64, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any

PAIRS = {"(": ")", "{": "}"}
NUMBERS: dict[str, Any] = {
    "y": c_uint8, "b": c_uint32, "n": ctypes.c_int16, "q": ctypes.c_uint16, "i": c_int, "u": c_uint32,
    "x": c_int64, "t": c_uint64, "d": c_double,
}  # fmt: skip


class Iterator(ctypes.Structure):
    """DBusMessageIter: an opaque place in a message, of the size that dbus-message.h gives it."""

    _fields_ = (("_pointers", c_void_p * 2), ("_numbers", c_uint32 * 12), ("_more", c_void_p * 3))


def split(signature: str) -> list[str]:
    """The complete types that a signature is made of: `sa{sv}u` → `s`, `a{sv}`, `u`."""
    types, start, depth = [], 0, 0
    for place, letter in enumerate(signature):
        depth += (letter in PAIRS) - (letter in PAIRS.values())
        if depth == 0 and letter != "a":
            types.append(signature[start : place + 1])
            start = place + 1
    return types


def append(lib: ctypes.CDLL, writer: Iterator, signature: str, values: Sequence[Any]) -> None:
    """Write values behind those that are there, one for each complete type of the signature."""
    for kind, value in zip(split(signature), values, strict=True):
        if kind[0] in "soub":
            held = c_char_p(value.encode()) if kind in "so" else c_uint32(value)
            lib.dbus_message_iter_append_basic(byref(writer), ord(kind), byref(held))
        else:
            _append_container(lib, writer, kind, value)


def _append_container(lib: ctypes.CDLL, writer: Iterator, kind: str, value: Any) -> None:
    inside: str | None = None
    if kind[0] == "a":
        inside, letter = kind[1:], "a"
        parts = [(inside, [one]) for one in (value.items() if inside[0] == "{" else value)]
    elif kind == "v":
        inside, letter = value[0], "v"  # a variant is told as (type, value)
        parts = [(value[0], [value[1]])]
    else:
        letter = "r" if kind[0] == "(" else "e"
        parts = [(kind[1:-1], list(value))]
    nested = Iterator()
    named = inside.encode() if inside else None
    lib.dbus_message_iter_open_container(byref(writer), ord(letter), named, byref(nested))
    for types, values in parts:
        append(lib, nested, types, values)
    lib.dbus_message_iter_close_container(byref(writer), byref(nested))


def read(lib: ctypes.CDLL, reader: Iterator) -> Each[Any]:
    """The values from a place on; a dictionary is a `dict`, a variant what it holds."""
    while kind := lib.dbus_message_iter_get_arg_type(byref(reader)):
        yield _read_one(lib, reader, chr(kind))
        lib.dbus_message_iter_next(byref(reader))


def _read_one(lib: ctypes.CDLL, reader: Iterator, kind: str) -> Any:
    if kind in "sog":
        text = c_char_p()
        lib.dbus_message_iter_get_basic(byref(reader), byref(text))
        return (text.value or b"").decode("utf-8", "replace")
    if kind in NUMBERS:
        number = NUMBERS[kind]()
        lib.dbus_message_iter_get_basic(byref(reader), byref(number))
        return bool(number.value) if kind == "b" else number.value
    if kind not in "arev":
        return None
    nested = Iterator()
    is_mapping = kind == "a" and chr(lib.dbus_message_iter_get_element_type(byref(reader))) == "e"
    lib.dbus_message_iter_recurse(byref(reader), byref(nested))
    inside = list(read(lib, nested))
    if kind == "v":
        return inside[0] if inside else None
    return dict(inside) if is_mapping else tuple(inside)


def declare(lib: ctypes.CDLL) -> None:
    """Say to ctypes what the functions take."""
    pointer = c_void_p
    lib.dbus_message_iter_append_basic.argtypes = [pointer, c_int, pointer]
    lib.dbus_message_iter_open_container.argtypes = [pointer, c_int, c_char_p, pointer]
    lib.dbus_message_iter_close_container.argtypes = [pointer, pointer]
    lib.dbus_message_iter_get_arg_type.argtypes = [pointer]
    lib.dbus_message_iter_get_element_type.argtypes = [pointer]
    lib.dbus_message_iter_get_basic.argtypes = [pointer, pointer]
    lib.dbus_message_iter_get_basic.restype = None
    lib.dbus_message_iter_next.argtypes = [pointer]
    lib.dbus_message_iter_recurse.argtypes = [pointer, pointer]
    lib.dbus_message_iter_recurse.restype = None
