"""Conversations as Markdown: what a person sees, to read and to paste."""

from __future__ import annotations

from collections.abc import Iterator

from teahouse.exchange.writing import (
    attachments_of,
    models_of,
    moment,
    speaker,
    texts_of,
    title_of,
    visible,
)
from teahouse.language import _
from teahouse.messages import Message, WholeConversation


def write(given: WholeConversation) -> Iterator[str]:
    """One document."""
    yield f"# {title_of(given)}\n\n*{moment(given.conversation.created_ms)}*\n"
    if given.conversation.system_prompt:
        yield f"\n## {_('System')}\n\n{given.conversation.system_prompt}\n"
    models = models_of(given)
    for message in visible(given):
        yield from _message(message, speaker(message, models))


def _message(message: Message, who: str) -> Iterator[str]:
    yield f"\n## {who}\n"
    if reasoning := texts_of(message, "reasoning"):
        yield f"\n{_quoted(reasoning)}\n"
    if message.text:
        yield f"\n{message.text}\n"
    for file in attachments_of(message):
        text = _("Attached: {name}").format(name=file.name)
        yield f"\n*{text}*\n"
    if error := texts_of(message, "error"):
        yield f"\n{_quoted(error)}\n"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
