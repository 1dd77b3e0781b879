"""Text ids that sort by the time they were made (UUIDv7, RFC 9562)."""

from __future__ import annotations

import os
import time
import uuid


def now_ms() -> int:
    """UTC milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh UUIDv7 as 36 characters."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (now_ms() & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def is_id(text: str) -> bool:
    """Whether this is an id as `new_id` makes them, and so a safe file name."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
