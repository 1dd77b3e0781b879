"""Texts to be read: long, never the same twice, and such that a model goes on writing after them."""

from __future__ import annotations

SENTENCE = (
    "Guest {number} drank tea number {again} in the morning, praised it, and told the next long story. "
)
TOKENS_A_SENTENCE = 12
"""Fewer than any tokenizer makes of it."""


def long_text(tokens: int, *, number: int) -> str:
    """At least so many tokens; `number`, below 1,000, makes it another text of the same length."""
    count = tokens // TOKENS_A_SENTENCE + 2
    return "".join(SENTENCE.format(number=100 + number, again=1000 + again) for again in range(count))
