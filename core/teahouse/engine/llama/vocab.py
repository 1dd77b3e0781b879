"""A model's vocabulary, as samplers need it: its native handle, its size, and the bytes of each token."""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Any

import llama_cpp as lib

PIECE_BYTES = 64


class Vocab:
    """The vocabulary of one model.

    Args:
        handle: The native vocabulary; freed with its model.
        context_length: Tokens that fit into the context.
    """

    def __init__(self, handle: Any, *, context_length: int) -> None:
        self.handle = handle
        self.size = int(lib.llama_vocab_n_tokens(handle))
        self.context_length = context_length

    def piece(self, token: int, *, has_control: bool = False) -> bytes:
        """The bytes a token stands for; none for a control token unless `has_control`, or for no token."""
        if not 0 <= token < self.size:
            return b""
        size = PIECE_BYTES
        while True:
            buffer = ctypes.create_string_buffer(size)
            count = lib.llama_token_to_piece(self.handle, token, buffer, size, 0, has_control)
            if count >= 0:
                return buffer.raw[:count]
            size = -count

    def is_end(self, token: int) -> bool:
        """Whether the model ends its turn with this token."""
        return bool(lib.llama_vocab_is_eog(self.handle, token))

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes of every token; half a second for 150,000, so only when needed."""
        return [self.piece(token) for token in range(self.size)]

    @cached_property
    def _by_piece(self) -> tuple[list[bytes], list[int]]:
        order = sorted(
            (token for token, piece in enumerate(self.pieces) if piece), key=self.pieces.__getitem__
        )
        return [self.pieces[token] for token in order], order

    @cached_property
    def _joined(self) -> tuple[bytes, list[int]]:
        """All pieces with a zero byte after each, and where they begin."""
        return b"".join(piece + b"\0" for piece in self.pieces), list(
            accumulate((len(piece) + 1 for piece in self.pieces), initial=0)
        )

    def beginning_with(self, prefix: bytes) -> list[int]:
        """Tokens whose bytes begin with these."""
        pieces, ids = self._by_piece
        start = bisect_left(pieces, prefix)
        end = bisect_left(pieces, prefix + b"\xff" * PIECE_BYTES * 4, lo=start)
        return ids[start:end]

    def containing(self, text: bytes) -> list[int]:
        """Tokens whose bytes contain these, of which none is zero."""
        joined, starts = self._joined
        found: list[int] = []
        at = joined.find(text)
        while at >= 0:
            found.append(bisect_right(starts, at) - 1)
            at = joined.find(text, starts[found[-1] + 1])
        return found
