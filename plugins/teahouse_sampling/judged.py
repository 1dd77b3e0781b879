"""How likely a model finds a text or a reply, token by token: the values, and how far the work is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from teahouse import Translator
from teahouse_sampling.sent import Sent
from teahouse_sampling.spelling import Spelled

_ = Translator("teahouse_sampling")

Changes = tuple[tuple[int, tuple[tuple[str, float], ...]], ...]


@dataclass(frozen=True, slots=True)
class Scoring:
    """How far the scoring is, in tokens."""

    done: int
    total: int

    @property
    def text(self) -> str:
        """As people read it."""
        return _("Scoring: {done} of {total} tokens").format(done=self.done, total=self.total)


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being loaded."""

    model: str
    fraction: float

    @property
    def text(self) -> str:
        """As people read it."""
        percent = round(self.fraction * 100)
        return _("Loading {model} … {percent} %").format(model=self.model, percent=percent)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A token that could have come, with its probability."""

    token: Spelled
    p: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One token of a text.

    Attributes:
        logprob: Natural logarithm of its probability; None where nothing came before it.
        rank: 0 for the likeliest; None as above.
        entropy: Of the distribution that it was drawn from, in nats; None as above.
        top: The likeliest tokens of that distribution.
    """

    token: Spelled
    logprob: float | None = None
    rank: int | None = None
    entropy: float | None = None
    top: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A text that was judged.

    Attributes:
        prompt: What came before the first judged token; of a text nothing.
        next: The likeliest tokens after the end.
        sent: The stored reply that this is; None for a text.
        adapters: (path, scale) of those that were on; a reply is judged with its own.
        changes: (position in prompt and tokens, adapters) where others held from there on.
    """

    model: str
    model_hash: str
    tokens: tuple[Judged, ...]
    next: tuple[Alternative, ...] = ()
    prompt: tuple[int, ...] = ()
    sent: Sent | None = field(default=None, repr=False)
    adapters: tuple[tuple[str, float], ...] = ()
    changes: Changes = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids of the judged tokens."""
        return tuple(judged.token.id for judged in self.tokens)

    def adapters_at(self, position: int) -> tuple[tuple[str, float], ...]:
        """Those that were on for the token at a position in prompt and tokens."""
        return next((held for begin, held in reversed(self.changes) if begin <= position), self.adapters)

    @property
    def perplexity(self) -> float:
        """e to the mean surprise of the tokens that have something before them."""
        return perplexity([one.logprob for one in self.tokens if one.logprob is not None])


def perplexity(logprobs: Sequence[float]) -> float:
    """e to the mean of the negative logarithms; 1 where there are none."""
    return math.exp(-sum(logprobs) / len(logprobs)) if logprobs else 1.0
