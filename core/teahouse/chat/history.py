"""What was said on the way to a reply, as the context takes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.chat.attachments import attachments_of, with_files
from teahouse.chat.beginning import has_begun, own_ids
from teahouse.messages import Generation, Message

if TYPE_CHECKING:
    from teahouse.store import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """One message as it may be sent.

    Attributes:
        id: The stored message; empty for a system prompt, a draft, or where nothing is stored.
        reasoning: What the model thought before its `content`; most templates leave it out.
        ids: Token ids that the model with `model_hash` generated for this very message; none of one that
            was imported, which could name any ids, control tokens too.
        summary: What stands for everything up to this message, itself included, when that is not sent.
        files: Names of the files whose texts stand in `content`.
        is_trusted: False where any of it, or of the summary, comes from documents, tools, the web or imports.
    """

    role: str
    content: str
    id: str = ""
    reasoning: str = ""
    ids: tuple[int, ...] = ()
    model_hash: str = ""
    summary: str = ""
    is_pinned: bool = False
    is_trusted: bool = True
    files: tuple[str, ...] = ()

    def as_json(self, model_hash: str) -> dict[str, Any]:
        """As chat templates take it; with the ids where the model that is asked made them itself."""
        message: dict[str, Any] = {"role": self.role, "content": self.content}
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        if self.ids and self.model_hash and self.model_hash == model_hash:
            message["ids"] = list(self.ids)
        return message


_READ = (("text", "reasoning", "passages"), ("text", "reasoning", "attachment"))
"""Kinds of parts whose trust counts: of others, which were made from passages, and of a person's messages."""


def read_history(store: Store, path: Sequence[Message]) -> list[Entry]:
    """The messages of a path that say something, each with the ids that were generated for it."""
    said = [message for message in path if _content(message) or _joined(message, "reasoning")]
    made = store.generations([message.id for message in said if message.role == "assistant"])
    for message_id, one in made.items():
        if has_begun(one) and (whole := store.generation(message_id)):
            made[message_id] = replace(one, ids=own_ids(whole))
    return _with_taint([_entry(message, made.get(message.id)) for message in said])


def _with_taint(entries: Sequence[Entry]) -> list[Entry]:
    """A reply that was written while untrusted text stood before it may repeat that, also when it is gone."""
    kept: list[Entry] = []
    is_clean = True
    for entry in entries:
        one = entry if is_clean or entry.role != "assistant" else replace(entry, is_trusted=False)
        is_clean = is_clean and one.is_trusted
        kept.append(one)
    return kept


def _entry(message: Message, made: Generation | None) -> Entry:
    summaries = [part for part in message.parts if part.kind == "summary"]
    read = [part for part in message.parts if part.kind in _READ[message.role == "user"]]
    return Entry(
        role=message.role,
        content=_content(message),
        id=message.id,
        reasoning=_joined(message, "reasoning"),
        ids=made.ids if made and message.is_written_here else (),
        model_hash=made.model_hash if made else "",
        summary=summaries[-1].data if summaries else "",
        is_pinned=message.is_pinned,
        is_trusted=all(part.is_trusted for part in [*read, *summaries]),
        files=_files(message),
    )


def _content(message: Message) -> str:
    """What the model reads of it: people's files stand before their words."""
    return with_files(message.text, attachments_of(message)) if message.role == "user" else message.text


def _files(message: Message) -> tuple[str, ...]:
    carried = attachments_of(message) if message.role == "user" else []
    return tuple(one.name for one in carried if one.text is not None)


def _joined(message: Message, kind: str) -> str:
    return "".join(part.data for part in message.parts if part.kind == kind)
