"""The hash of a file's bytes: SHA-256, as attachments have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

BLOCK_BYTES = 1 << 20


def digest(path: str, is_stopped: Callable[[], bool] = lambda: False) -> str | None:
    """64 hexadecimal digits; None where the file cannot be read now, or when it was stopped."""
    hash_ = hashlib.sha256()
    try:
        with Path(path).open("rb", buffering=0) as stream:
            while block := stream.read(BLOCK_BYTES):
                hash_.update(block)
                if is_stopped():
                    return None
    except OSError:
        return None
    return hash_.hexdigest()
