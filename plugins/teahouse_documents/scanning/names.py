"""Paths as people read them, as SQLite and the pipe take them, and as the system knows them.

A name on Linux is bytes; Python shows those that are no UTF-8 as lone surrogates, which neither SQLite nor
the pipe can carry.
"""

from __future__ import annotations

import base64
import os

SEALED = "\0"
"""Begins a path on the wire whose bytes are no UTF-8; no real path has it."""


def shown(path: str) -> str:
    """The path for people: bytes that are no UTF-8 as `\\xNN`."""
    return path if _is_text(path) else os.fsencode(path).decode("utf-8", "backslashreplace")


def raw(path: str) -> bytes | None:
    """The bytes of a path that is no UTF-8; None for all others, which need none."""
    return None if _is_text(path) else os.fsencode(path)


def opened(path: str, raw_bytes: bytes | None) -> str:
    """The path to open, of what is stored."""
    return path if raw_bytes is None else os.fsdecode(raw_bytes)


def to_wire(path: str) -> str:
    """The path as it crosses a pipe."""
    bytes_ = raw(path)
    return path if bytes_ is None else SEALED + base64.b64encode(bytes_).decode("ascii")


def from_wire(path: str) -> str:
    """The path that `to_wire` sent."""
    return os.fsdecode(base64.b64decode(path[1:])) if path.startswith(SEALED) else path


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
