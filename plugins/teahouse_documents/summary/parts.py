"""A document in parts that the model can read at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from teahouse.passages import Piece
from teahouse_documents.chunking import chunks
from teahouse_documents.chunking.chunks import Chunk
from teahouse_documents.summary.steps import Part

MOST_TOKENS = 2400
"""Of a part: small models lose the thread in longer ones."""
SPARE_TOKENS = 220
"""What is said beside the text, and what the template adds."""
LEAST_TOKENS = 128
CHUNK_SHARE = 4
"""A chunk has at most this part of a part, so that parts are full and end where something ends."""

Count = Callable[[list[str]], Sequence[int]]


def room(context: int, reply: int) -> int:
    """Tokens of text for one question.

    Args:
        context: Tokens that the model keeps in view.
        reply: Tokens that the answer may have.
    """
    return max(LEAST_TOKENS, min(MOST_TOKENS, context - reply - SPARE_TOKENS))


def cut(pieces: Sequence[Piece], count: Count, *, most: int) -> list[Part]:
    """Parts of at most about `most` tokens each, in order; nothing is left out."""
    size = max(LEAST_TOKENS // 2, most // CHUNK_SHARE)
    parts: list[Part] = []
    held: list[Chunk] = []
    for chunk in chunks.cut(pieces, count, most=size, target=size):
        if held and sum(one.tokens for one in held) + chunk.tokens > most:
            parts.append(_part(held))
            held = []
        held.append(chunk)
    return [*parts, _part(held)] if held else parts


def bundles(texts: Sequence[str], counts: Sequence[int], *, most: int) -> list[list[str]]:
    """Texts in groups of at most `most` tokens, in order; at least two in each but the last."""
    found: list[list[str]] = []
    held: list[str] = []
    tokens = 0
    for text, size in zip(texts, counts, strict=True):
        if len(held) >= 2 and tokens + size > most:
            found.append(held)
            held, tokens = [], 0
        held.append(text)
        tokens += size
    return [*found, held] if held else found


def _part(held: Sequence[Chunk]) -> Part:
    texts, before = [], ""
    for chunk in held:
        has_heading = bool(chunk.heading) and chunk.heading != before
        is_said = bool(chunk.place.heading) and chunk.text.lstrip("# ").startswith(chunk.place.heading[-1])
        texts.append(f"{chunk.heading}\n{chunk.text}" if has_heading and not is_said else chunk.text)
        before = chunk.heading
    return Part("\n\n".join(texts), held[0].place, sum(chunk.tokens for chunk in held))
