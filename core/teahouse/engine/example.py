"""What a model can be trained on: token ids, and which of them it is to learn; from the app's side."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from teahouse.errors import TemplateError
from teahouse.jobs import Cancel
from teahouse.workers.process import Worker
from teahouse.workers.wire import unpack_ids

AT_ONCE = 64
"""Conversations or texts that cross the pipe in one request …"""
AT_ONCE_CHARACTERS = 2_000_000
"""… unless they are longer than this."""

Conversation = Sequence[Mapping[str, Any]]


class Example(NamedTuple):
    """Tokens that a model is shown in training.

    Attributes:
        learned: 1 for each token that it is to learn, 0 for what it only reads.
        owner: Number of the conversation or text that this was made of; one can give several examples.
    """

    ids: list[int]
    learned: list[int]
    owner: int


def of_conversations(
    worker: Worker,
    conversations: Sequence[Conversation],
    cancel: Cancel | None,
    *,
    has_reasoning: bool | None,
    refused: dict[int, TemplateError] | None,
) -> list[Example]:
    """See `loaded.Engine.examples`."""
    made: list[Example] = []
    sizes = [sum(len(str(m.get("content", ""))) for m in messages) for messages in conversations]
    for start, end in batches(sizes):
        sent = [[dict(message) for message in messages] for messages in conversations[start:end]]
        answer = worker.call("examples", cancel, conversations=sent, has_reasoning=has_reasoning)
        for told in answer["refused"]:
            number = start + told["owner"]
            error = TemplateError(told["text"], told["hint"], conversation=number)
            if refused is None:
                raise error
            refused[number] = error
        made += _unpacked(answer, start)
    return made


def of_texts(worker: Worker, texts: Sequence[str], length: int, cancel: Cancel | None) -> list[Example]:
    """See `loaded.Engine.plain_examples`."""
    made: list[Example] = []
    for start, end in batches([len(text) for text in texts]):
        answer = worker.call("plain_examples", cancel, texts=list(texts[start:end]), length=length)
        made += _unpacked(answer, start)
    return made


def batches(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, end) of what goes together in one request; one that is too long goes alone."""
    first = total = 0
    for number, size in enumerate(sizes):
        if number > first and (number - first >= AT_ONCE or total + size > AT_ONCE_CHARACTERS):
            yield first, number
            first, total = number, 0
        total += size
    if first < len(sizes):
        yield first, len(sizes)


def _unpacked(answer: Mapping[str, Any], start: int) -> Iterator[Example]:
    for told in answer["examples"]:
        learned = list(base64.b64decode(told["learned"]))
        yield Example(unpack_ids(told["ids"]), learned, start + told["owner"])
