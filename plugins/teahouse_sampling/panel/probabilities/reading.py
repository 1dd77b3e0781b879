"""A text that was scored, as the panel shows it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from teahouse.engine.sampling import Sampling
from teahouse_desktop.tokens.stages import Stage, only_model
from teahouse_desktop.tokens.token import Token
from teahouse_sampling.scoring import Alternative, Judged, Scored
from teahouse_sampling.sent import Sent
from teahouse_sampling.spelling import Spelled

Pieces = Mapping[int, tuple[bytes, bool]]
"""Bytes of tokens by id, and whether they are control tokens."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be scored.

    Attributes:
        kind: `reply` of a conversation, or a `text` that was pasted.
        model: Name of the model that scores it.
        sampling: The values it was drawn with; for a text, those in force now; None where what is stored
            cannot be read.
        sent: What is stored of a reply.
        text: A pasted text.
    """

    kind: Literal["reply", "text"]
    model: str
    sampling: Sampling | None
    conversation_id: str = ""
    sent: Sent | None = None
    text: str = ""

    @property
    def message_id(self) -> str:
        """Of the reply; empty for a text."""
        return self.sent.message_id if self.sent else ""

    @property
    def branched_at(self) -> int | None:
        """Place of the first token that it does not share with the reply that it was begun again from."""
        keep = self.sent.branch.get("keep") if self.sent else None
        return keep if isinstance(keep, int) else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A text that was scored, ready to be drawn.

    Attributes:
        scored: As the engine told.
        tokens: Its own, in order, with what is known of each.
        pieces: Bytes of all tokens that are named.
    """

    reading: Reading
    scored: Scored
    tokens: tuple[Token, ...]
    pieces: Pieces = field(default_factory=dict)

    def stages_at(self, place: int) -> tuple[Stage, ...]:
        """What is known of a place before the engine has explained it: the model's own distribution."""
        top = self.scored.tokens[place].top if 0 <= place < len(self.scored.tokens) else ()
        return only_model([one.token.id for one in top], [one.p for one in top]) if top else ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What the sampler chain does at a place: its stages, and the bytes of the tokens in them."""

    place: int
    stages: tuple[Stage, ...]
    pieces: Pieces


def sheet_of(reading: Reading, scored: Scored) -> Sheet:
    """A scored text, ready to be drawn."""
    picked = frozenset(reading.sent.picked) if reading.sent else frozenset()
    tokens = tuple(token_of(judged, is_picked=place in picked) for place, judged in enumerate(scored.tokens))
    return Sheet(reading, scored, tokens, pieces_in(_spelled(scored)))


def token_of(judged: Judged, *, is_picked: bool = False) -> Token:
    """A judged token with its entropy in bits."""
    return Token(
        judged.token.id,
        judged.token.data,
        judged.token.is_control,
        judged.logprob,
        judged.rank,
        None if judged.entropy is None else judged.entropy / math.log(2),
        is_picked=is_picked,
    )


def bare(tokens: Iterable[Spelled]) -> tuple[Token, ...]:
    """Tokens of which nothing is known but what they stand for."""
    return tuple(Token(one.id, one.data, one.is_control) for one in tokens)


def pieces_in(tokens: Iterable[Spelled]) -> Pieces:
    """What tokens stand for, by id."""
    return {one.id: (one.data, one.is_control) for one in tokens}


def _spelled(scored: Scored) -> Iterable[Spelled]:
    tops: Sequence[Sequence[Alternative]] = [one.top for one in scored.tokens]
    yield from (one.token for one in scored.tokens)
    yield from (one.token for top in (*tops, scored.next) for one in top)
