"""What the index needs of others: somebody who reads files, and somebody who embeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

from teahouse.passages import Embedder, Piece

FIRST_CJK = 0x2E80

Stopped = Callable[[], bool]
"""Whether to give up now."""


class Unreadable(Exception):
    """A file has no text to index.

    Args:
        text: Why, for people.
        is_quarantined: It broke or overran its reader: not tried again before it changes.
    """

    def __init__(self, text: str, hint: str = "", *, is_quarantined: bool = False) -> None:
        super().__init__(text)
        self.text, self.hint, self.is_quarantined = text, hint, is_quarantined


@dataclass(frozen=True, slots=True)
class Read:
    """The pieces of a file, with what people should know of it though it was read."""

    pieces: Sequence[Piece]
    remarks: tuple[str, ...] = ()


class Parser(Protocol):
    """Reads files, one after the other, each in bounds."""

    identities: frozenset[str]
    """Of all loaders."""

    def wants(self, name: str) -> bool:
        """Whether a file of this name can be read at all."""

    def identity(self, path: str) -> str:
        """The loader, with its version, that reads this file."""

    def read(self, path: str, is_stopped: Stopped) -> Read:
        """The file's pieces; raises Unreadable, and InterruptedError when it was stopped."""

    def stop(self) -> None:
        """Give up the file that is being read; called from another thread."""

    def close(self) -> None:
        """End what it has started."""


class Embedding(Protocol):
    """Turns texts into vectors; any thread may call. It starts and ends what it needs by itself."""

    @property
    def identity(self) -> str:
        """Vectors of different identities are never compared."""

    @property
    def embedder(self) -> Embedder:
        """What it is, so that it can be made again."""

    @property
    def dimension(self) -> int:
        """Numbers in each vector; 0: there is no embedder, texts are counted only."""

    def count(self, texts: Sequence[str]) -> Sequence[int]:
        """Tokens of each text."""

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """float32 array (texts, dimension), each of length 1."""

    def embed_query(self, text: str) -> Any:
        """float32 array (dimension,) of length 1."""

    def close(self) -> None:
        """End what it has started."""


class WordsOnly:
    """Stands for an embedder where there is none: documents are found by their words."""

    embedder = Embedder("", 0, identity="none")
    identity = "none"
    dimension = 0

    def count(self, texts: Sequence[str]) -> list[int]:
        """About as many tokens as a multilingual embedder would count."""
        return [ceil(sum(1.0 if ord(c) > FIRST_CJK else 0.3 for c in text)) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """Never asked."""
        raise NotImplementedError

    def embed_query(self, text: str) -> Any:
        """Never asked."""
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to end."""
