"""Why a reply ended before the model was done: on the wire both limits are called `length`."""

from __future__ import annotations

from typing import Literal

from teahouse.messages import FinishReason, Generation, Usage

Limit = Literal["", "context", "max_tokens"]
"""`context`: the model's context is full; `max_tokens`: the longest reply; empty: neither."""


def limit_reached(finish_reason: FinishReason, usage: Usage, context: int) -> Limit:
    """The limit that ended a reply.

    Args:
        context: Tokens that fit into the context, the reply included; 0 where that is not known.
    """
    if finish_reason != "length":
        return ""
    is_full = 0 < context <= usage.prompt_tokens + usage.completion_tokens
    return "context" if is_full else "max_tokens"


def limit_of(generation: Generation) -> Limit:
    """The same from what is stored with a reply."""
    context = generation.engine.get("context")
    known = context if isinstance(context, int) else 0
    return limit_reached(generation.finish_reason, generation.usage, known)
