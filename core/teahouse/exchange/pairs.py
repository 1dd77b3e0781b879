"""Conversations for training: ShareGPT's array, and OpenAI's messages, one conversation a line."""

from __future__ import annotations

from collections.abc import Iterator

from teahouse.exchange.own import dumps
from teahouse.exchange.writing import visible
from teahouse.messages import WholeConversation

SPEAKERS = {"user": "human", "assistant": "gpt", "system": "system", "tool": "tool"}


def said(given: WholeConversation) -> list[tuple[str, str]]:
    """Role and text of what a person sees, the system prompt first; messages without text are left out."""
    path = [(message.role, message.text) for message in visible(given) if message.text]
    prompt = given.conversation.system_prompt
    return [("system", prompt), *path] if prompt and path else list(path)


def write_sharegpt(given: WholeConversation) -> Iterator[str]:
    """One element of the array; nothing for a conversation without a word."""
    if turns := said(given):
        listed = [{"from": SPEAKERS.get(role, role), "value": text} for role, text in turns]
        yield dumps({"id": given.conversation.id, "title": given.conversation.title, "conversations": listed})


def write_openai(given: WholeConversation) -> Iterator[str]:
    """One line; nothing for a conversation without a word."""
    if turns := said(given):
        yield dumps({"messages": [{"role": role, "content": text} for role, text in turns]}) + "\n"
