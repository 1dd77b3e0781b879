"""Our own format, written: everything that belongs to a conversation. Described in docs/exchange.md."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from teahouse.messages import Conversation, Generation, Message, WholeConversation

CONVERSATION = "teahouse-conversation"
ATTACHMENT = "teahouse-attachment"
VERSION = 1


def write(whole: WholeConversation) -> Iterator[str]:
    """Its elements of the array: the attachments, then the conversation."""
    for digest in sorted(whole.attachments):
        data = base64.b64encode(whole.attachments[digest]).decode()
        yield dumps({"format": ATTACHMENT, "version": VERSION, "hash": digest, "data": data})
    yield dumps(_conversation(whole))


def dumps(value: object) -> str:
    """JSON in one line, readable, in a form that every parser and UTF-8 take."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which JSON can say only as an escape
        return json.dumps(json.loads(text))
    return text


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _conversation(whole: WholeConversation) -> dict[str, Any]:
    given: Conversation = whole.conversation
    made = dict(_generations(whole.generations))
    return {
        "format": CONVERSATION,
        "version": VERSION,
        "id": given.id,
        "title": given.title,
        "created_ms": given.created_ms,
        "updated_ms": given.updated_ms,
        "leaf_id": given.leaf_id,
        "folder": given.folder,
        "tags": list(given.tags),
        "is_pinned": given.is_pinned,
        "is_archived": given.is_archived,
        "system_prompt": given.system_prompt,
        "model": given.model,
        "settings": given.settings,
        "draft": given.draft,
        "messages": [_message(message, made.get(message.id)) for message in whole.messages],
    }


def _message(message: Message, generation: dict[str, Any] | None) -> dict[str, Any]:
    found = asdict(message)
    del found["conversation_id"]
    found["parts"] = [asdict(part) for part in message.parts]
    if message.state == "streaming":
        found["state"] = "partial"  # what has arrived of it by now
    return found if generation is None else {**found, "generation": generation}


def _generations(given: Sequence[Generation]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each prompt as what it shares with the generation before it, and the rest: see docs/exchange.md."""
    before: tuple[int, ...] = ()
    for made in given:
        shared = count_shared(before, made.prompt_ids)
        yield made.message_id, _generation(made, shared)
        before = made.prompt_ids + made.ids


def _generation(made: Generation, shared: int) -> dict[str, Any]:
    return {
        "model": made.model,
        "model_hash": made.model_hash,
        "ids": made.ids,
        "prompt_shared": shared,
        "prompt_rest": made.prompt_ids[shared:],
        "adapters": made.adapters,
        "sampling": made.sampling,
        "seed": made.seed,
        "usage": asdict(made.usage),
        "timings": asdict(made.timings),
        "finish_reason": made.finish_reason,
        "engine": made.engine,
    }


def count_shared(before: Sequence[int], after: Sequence[int]) -> int:
    """How many ids two sequences begin with alike."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
