"""Messages in an order that a chat template refuses, put into one that it takes.

Some templates (Gemma, Llama 2, Mistral) want user and assistant to alternate, and some know no system
role. Nothing is left out: texts of the same role in a row are joined, and the system prompt is put
before the first question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Messages = list[dict[str, Any]]
BETWEEN = "\n\n"


def repairs(messages: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Messages]]:
    """What to try, in order: (what was done, the messages); first nothing at all."""
    given = list(messages)
    seen = [given]
    yield "", given
    for name, repaired in (
        ("joined", joined(given)),
        ("system", without_system(given)),
        ("system, joined", joined(without_system(given))),
    ):
        if repaired not in seen:
            seen.append(repaired)
            yield name, repaired


def joined(messages: Messages) -> Messages:
    """Neighbours of the same role made one."""
    result: Messages = []
    for message in messages:
        if result and result[-1]["role"] == message["role"]:
            result[-1] = {**message, "content": result[-1]["content"] + BETWEEN + message["content"]}
        else:
            result.append(message)
    return result


def without_system(messages: Messages) -> Messages:
    """The system prompts put before the first question; unchanged where there is none to take them."""
    system = [m["content"] for m in messages if m["role"] == "system"]
    rest = [m for m in messages if m["role"] != "system"]
    if not system or not rest or rest[0]["role"] != "user":
        return messages
    first = {**rest[0], "content": BETWEEN.join([*system, rest[0]["content"]])}
    return [first, *rest[1:]]
