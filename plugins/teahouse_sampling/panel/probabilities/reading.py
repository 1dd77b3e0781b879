"""A text as its tokens, with what a model was found to think of each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from teahouse.engine.sampling import Sampling
from teahouse_desktop.tokens.stages import Stage, only_model
from teahouse_desktop.tokens.token import Token

Pieces = dict[int, tuple[bytes, bool]]
"""Bytes of tokens by id, and whether they are control tokens."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be scored.

    Attributes:
        kind: `reply` of a conversation, or a `text` that was pasted.
        model: Name of the model that scores it.
        model_hash: Of the file that wrote a reply; empty for any.
        prompt: Ids that come before.
        ids: Its own ids.
        sampling: The values it was drawn with; for a pasted text, those in force now.
        branched_at: Place of the first token that it does not share with the reply it was branched from.
        text: A pasted text, whose ids are not known before the model cuts it.
    """

    kind: Literal["reply", "text"]
    model: str
    sampling: Sampling
    model_hash: str = ""
    prompt: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    message_id: str = ""
    conversation_id: str = ""
    branched_at: int | None = None
    text: str = ""

    @property
    def begins(self) -> int:
        """Where its own tokens begin in what is scored."""
        return len(self.prompt)

    @property
    def whole(self) -> tuple[int, ...]:
        """All ids that are scored, the prompt first."""
        return (*self.prompt, *self.ids)


@dataclass(frozen=True, slots=True)
class Scored:
    """A text that was scored.

    Attributes:
        tokens: Its own, in order, with what is known of each.
        top: For each of them, (ids, probabilities) of the likeliest in its place; None for the first token of
            a text, which nothing comes before.
        pieces: Bytes of all tokens that are named.
    """

    reading: Reading
    tokens: tuple[Token, ...]
    top: tuple[tuple[Sequence[int], Sequence[float]] | None, ...] = ()
    pieces: Pieces = field(default_factory=dict)

    def stages_at(self, place: int) -> tuple[Stage, ...]:
        """What is known of a place before the engine has explained it."""
        top = self.top[place] if 0 <= place < len(self.top) else None
        return only_model(*top) if top else ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What the sampler chain does at a place: its stages, and the bytes of the tokens in them."""

    place: int
    stages: tuple[Stage, ...]
    pieces: Pieces


def put_together(reading: Reading, told: Mapping[str, Any], pieces: Pieces) -> Scored:
    """A reading with the engine's answer; its entropies are in nats and become bits."""
    missing = max(0, int(told["start"]) - reading.begins)  # the first token of a text is not judged
    tokens, tops = [], []
    for place, token in enumerate(reading.ids):
        piece, is_control = pieces.get(token, (b"", False))
        at = place - missing
        if at < 0:
            tokens.append(Token(token, piece, is_control))
            tops.append(None)
            continue
        tokens.append(
            Token(
                token,
                piece,
                is_control,
                float(told["logprobs"][at]),
                int(told["ranks"][at]),
                float(told["entropies"][at]) / math.log(2),
            )
        )
        top = told["top"][at] if at < len(told["top"]) else None
        tops.append((top["ids"], top["probabilities"]) if top else None)
    return Scored(reading, tuple(tokens), tuple(tops), pieces)
