"""One token as it is shown: its id, its bytes, and what is known of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SURPRISING_BITS = 4.0
"""A token that was less likely than 1 in 16 is a surprise."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token in its place.

    Attributes:
        piece: Its bytes; of a control token its text.
        is_control: It is a control token of the model, such as the end of a turn; its text is no text.
        logprob: Natural logarithm of its probability after what stands before it; None where nobody knows.
        rank: How many tokens were likelier; None where nobody knows.
        entropy: Of the distribution it was drawn from, in bits; None where nobody knows.
        difference: How much likelier it is elsewhere, as a difference of `logprob`; None where nothing is
            compared.
        is_picked: A person chose it.
        is_learned: A model that is trained on the text learns it, or only reads it; None where nothing is
            trained.
    """

    id: int
    piece: bytes
    is_control: bool = False
    logprob: float | None = None
    rank: int | None = None
    entropy: float | None = None
    difference: float | None = None
    is_picked: bool = False
    is_learned: bool | None = None

    @property
    def probability(self) -> float | None:
        """Its probability, 0 to 1."""
        return None if self.logprob is None else math.exp(self.logprob)

    @property
    def surprise(self) -> float | None:
        """How surprising it was, in bits: 1 is one of two, 10 one of a thousand."""
        return None if self.logprob is None else -self.logprob / math.log(2)

    @property
    def is_surprising(self) -> bool:
        """Whether it was less likely than `SURPRISING_BITS` says."""
        return self.surprise is not None and self.surprise >= SURPRISING_BITS


@dataclass(frozen=True, slots=True)
class Figures:
    """What is said of a whole text.

    Attributes:
        count: Tokens.
        judged: Those of which a probability is known.
        perplexity: Exponential of the mean of -logprob; None where nothing is known.
        entropy: Mean, in bits; None where nothing is known.
        surprising: Places of the surprising tokens.
    """

    count: int
    judged: int
    perplexity: float | None
    entropy: float | None
    surprising: tuple[int, ...]


def figures(tokens: Sequence[Token]) -> Figures:
    """The figures of a text."""
    logprobs = [t.logprob for t in tokens if t.logprob is not None]
    entropies = [t.entropy for t in tokens if t.entropy is not None]
    return Figures(
        len(tokens),
        len(logprobs),
        math.exp(-sum(logprobs) / len(logprobs)) if logprobs else None,
        sum(entropies) / len(entropies) if entropies else None,
        tuple(place for place, token in enumerate(tokens) if token.is_surprising),
    )


def text_of(tokens: Iterable[Token]) -> str:
    """The text of tokens, control tokens by their names; a character that is cut off shows as �."""
    return b"".join(token.piece for token in tokens).decode("utf-8", "replace")
