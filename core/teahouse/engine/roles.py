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
JOINED = frozenset({"system", "user", "assistant"})
"""Roles whose texts may be joined; each result of a tool answers a call of its own."""


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
    """Neighbours of the same role made one; what the model generated for a joined reply is not kept."""
    result: Messages = []
    for message in messages:
        if result and _can_join(result[-1], message):
            text = result[-1]["content"] + BETWEEN + message["content"]
            result[-1] = {key: value for key, value in result[-1].items() if key != "ids"}
            result[-1]["content"] = text
        else:
            result.append(message)
    return result


def _can_join(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["role"] == other["role"]
        and one["role"] in JOINED
        and all(isinstance(m.get("content"), str) and not m.get("tool_calls") for m in (one, other))
    )


def without_system(messages: Messages) -> Messages:
    """The system prompts put before the first question; unchanged where there is none to take them."""
    system = [m["content"] for m in messages if m["role"] == "system"]
    rest = [m for m in messages if m["role"] != "system"]
    first = next((index for index, m in enumerate(rest) if m["role"] == "user"), None)
    if not system or first is None:
        return messages
    question = {**rest[first], "content": BETWEEN.join([*system, rest[first]["content"]])}
    return [*rest[:first], question, *rest[first + 1 :]]
