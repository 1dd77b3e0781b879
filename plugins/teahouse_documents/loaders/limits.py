"""What reading one file may take. Beyond it the file is refused, or read up to there and said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file.

    Args:
        silent_s: Longest time between two pieces.
        total_s: Time in which the loader works, all together.
        memory_bytes: Address space of its process.
        file_bytes: A larger file is not opened; loaders that read as they go are exempt.
        chars: Text taken from one file; what comes after is left out, and said.
        pieces: The same for pieces.
        piece_chars: A longer piece is divided.
    """

    silent_s: float = 60.0
    total_s: float = 900.0
    memory_bytes: int = 1536 * MB
    file_bytes: int = 1024 * MB
    chars: int = 40_000_000
    pieces: int = 1_000_000
    piece_chars: int = 20_000

    def as_json(self) -> dict[str, Any]:
        """As it crosses a pipe."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
