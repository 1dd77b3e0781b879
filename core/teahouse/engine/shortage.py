"""How llama.cpp and its back ends say that memory is short."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"out of (device |host )?memory|insufficient memory|cannot allocate memory|failed to allocate"
    r"|unable to allocate|failed to reserve|bad_alloc|MemoryError|OutOf(Device|Host)Memory",
    re.IGNORECASE,
)


def is_told(text: str) -> bool:
    """Whether lines of a log tell of memory that could not be had."""
    return _WORDS.search(text) is not None
