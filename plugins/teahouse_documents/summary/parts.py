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
    least = max(LEAST_TOKENS // 2, most // CHUNK_SHARE)
    found = chunks.cut(pieces, count, most=least, target=least)
    headings = list(dict.fromkeys(chunk.heading for chunk in found if chunk.heading))
    heads = dict(zip(headings, count(headings) if headings else (), strict=True))
    parts: list[Part] = []
    held: list[Chunk] = []
    tokens, before = 0, ""
    for chunk in found:
        size = chunk.tokens + (heads[chunk.heading] if _is_headed(chunk, before) else 0)
        if held and tokens + size > most:
            parts.append(_part(held))
            held, tokens = [], 0
            size = chunk.tokens + (heads[chunk.heading] if _is_headed(chunk, "") else 0)
        held.append(chunk)
        tokens += size
        before = chunk.heading
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


def _is_headed(chunk: Chunk, before: str) -> bool:
    """Whether its headings are said above it: other ones than before, which do not stand in it anyway."""
    if not chunk.heading or chunk.heading == before:
        return False
    return not chunk.text.lstrip("# ").startswith(chunk.place.heading[-1])


def _part(held: Sequence[Chunk]) -> Part:
    texts, before = [], ""
    for chunk in held:
        texts.append(f"{chunk.heading}\n{chunk.text}" if _is_headed(chunk, before) else chunk.text)
        before = chunk.heading
    return Part("\n\n".join(texts), held[0].place, sum(chunk.tokens for chunk in held))
