"""A saved state on disk: what a model had read of a conversation, for the next start.

Layout: a magic line; one JSON line {key, tokens, bytes, check}; the token ids as little-endian int32;
the state as llama.cpp lays it out. The state goes to native code, so a file that is not whole, was
damaged by accident, or was made by another model, build or configuration, is never handed over. The
check is no signature: who may write the file could make another.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from array import array
from pathlib import Path
from typing import Any, BinaryIO

from teahouse.engine.cache import State

# No link is followed, and nothing is waited for: what lies there may be anything.
READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
MAGIC = b"teahouse state 1\n"
LONGEST_LINE = 4096


def write(path: Path, state: State, *, key: str) -> int:
    """Write a state whole or not at all; returns its bytes.

    Args:
        key: Names model, build, configuration and adapters; `read` must be given the same.

    Raises:
        OSError: It cannot be written; no part of it stays.
    """
    ids = _swapped(state.ids).tobytes()
    facts = {
        "key": _short(key),
        "tokens": len(state.ids),
        "bytes": len(state.data),
        "check": _check(ids, state.data),
    }
    part = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(part, WRITE, 0o600), "wb") as stream:
            for piece in (MAGIC, json.dumps(facts).encode() + b"\n", ids, state.data):
                stream.write(piece)
        size = part.stat().st_size
        os.replace(part, path)  # noqa: PTH105 — Path.replace would be the same
        return size
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, *, key: str) -> State | None:
    """The state of a file; None where it is missing, damaged, or of another key."""
    try:
        with os.fdopen(os.open(path, READ), "rb") as stream:
            status = os.fstat(stream.fileno())
            return _read(stream, status.st_size, _short(key)) if stat.S_ISREG(status.st_mode) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, MemoryError):
        return None


def _read(stream: BinaryIO, size: int, key: str) -> State | None:
    if stream.readline(LONGEST_LINE) != MAGIC:
        return None
    facts: dict[str, Any] = json.loads(stream.readline(LONGEST_LINE))
    expected = stream.tell() + 4 * facts["tokens"] + facts["bytes"]
    if facts["key"] != key or size != expected:
        return None
    raw, data = stream.read(4 * facts["tokens"]), stream.read(facts["bytes"])
    if _check(raw, data) != facts["check"]:
        return None
    ids = array("i")
    ids.frombytes(raw)
    return State(_swapped(ids), data)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _check(ids: bytes, data: bytes) -> str:
    digest = hashlib.blake2b(ids, digest_size=16)
    digest.update(data)
    return digest.hexdigest()


def _swapped(ids: array[int]) -> array[int]:
    """The ids in little-endian order on any machine, and back."""
    if sys.byteorder == "little":
        return ids
    turned = array("i", ids)
    turned.byteswap()
    return turned
