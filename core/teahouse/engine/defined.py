"""Tokens that a tokenizer recognises in any text (`<tool_call>`, runs of white space), cut out by us.

llama.cpp cuts them out itself, but the time it takes grows with the square of their number: minutes for
3 MB of them. Here it grows with the text; what comes out is the same (`tokenizer_st_partition` of its
llama-vocab.cpp): longer tokens first, everywhere in the text, then the shorter ones in what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

WHITE = b" \t\n\v\f\r"
"""What C's `isspace` takes for white space."""
FEW = 64
"""So many are left to llama.cpp, which is quick then."""


@dataclass(frozen=True, slots=True)
class DefinedToken:
    """One of them.

    Attributes:
        text: Its bytes; never empty.
        has_lstrip: It swallows the white space before it.
        has_rstrip: It swallows the white space after it.
    """

    id: int
    text: bytes
    has_lstrip: bool = False
    has_rstrip: bool = False


@dataclass(frozen=True, slots=True)
class _Raw:
    """A span of the text, in bytes, in which no token has been recognised yet."""

    start: int
    end: int


class DefinedTokens:
    """All of one vocabulary."""

    def __init__(self, tokens: Iterable[DefinedToken]) -> None:
        self._tokens = sorted((token for token in tokens if token.text), key=lambda token: -len(token.text))
        self._is_clear = _is_clear(self._tokens)

    def has_many(self, data: bytes) -> bool:
        """Whether a text holds so many that cutting pays, and llama.cpp's own order of them is known."""
        if not self._is_clear or not self._tokens or len(data) <= FEW * len(self._tokens[-1].text):
            return False
        found = 0
        for token in self._tokens:
            found += data.count(token.text)
            if found > FEW:
                return True
        return False

    def tokenize(self, data: bytes, native: Callable[[bytes], list[int]]) -> list[int]:
        """Ids of a text; `native` is asked for what lies between the tokens."""
        known: dict[bytes, list[int]] = {}
        ids: list[int] = []
        for piece in self._cut(data):
            if isinstance(piece, int):
                ids.append(piece)
                continue
            between = data[piece.start : piece.end]
            if between not in known:
                known[between] = native(between)
            ids += known[between]
        return ids

    def _cut(self, data: bytes) -> list[int | _Raw]:
        pieces: list[int | _Raw] = [_Raw(0, len(data))]
        for token in self._tokens:
            if token.text in data:
                pieces = [part for piece in pieces for part in _parts(piece, token, data)]
        return pieces


def _parts(piece: int | _Raw, token: DefinedToken, data: bytes) -> Iterator[int | _Raw]:
    """A piece with a token cut out wherever it stands, from left to right."""
    if isinstance(piece, int):
        yield piece
        return
    start, end = piece.start, piece.end
    while (at := data.find(token.text, start, end)) >= 0:
        before = _without_white_end(data, start, at) if token.has_lstrip else at
        if before > start:
            yield _Raw(start, before)
        yield token.id
        start = at + len(token.text)
        if token.has_rstrip:
            start = _without_white_start(data, start, end)
    if end > start:
        yield _Raw(start, end)


def _without_white_end(data: bytes, start: int, end: int) -> int:
    while end > start and data[end - 1] in WHITE:
        end -= 1
    return end


def _without_white_start(data: bytes, start: int, end: int) -> int:
    while start < end and data[start] in WHITE:
        start += 1
    return start


def _is_clear(tokens: Iterable[DefinedToken]) -> bool:
    """Whether it is sure which token wins: no two of one length can overlap in a text.

    llama.cpp sorts them by length alone, so the order of two that are equally long is anything.
    """
    by_length: defaultdict[int, list[bytes]] = defaultdict(list)
    for token in tokens:
        by_length[len(token.text)].append(token.text)
    return not any(map(_can_overlap, by_length.values()))


def _can_overlap(texts: list[bytes]) -> bool:
    if any(one == other for one, other in pairwise(sorted(texts))):
        return True
    beginnings: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for text in texts:
        for length in range(1, len(text)):
            beginnings[text[:length]].add(text)
    ends = ((text, text[length:]) for text in texts for length in range(1, len(text)))
    return any(beginnings.get(end, set()) - {text} for text, end in ends)
