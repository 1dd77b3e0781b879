"""Our own format, read: as untrusted as any other file, unless the person says that it is their own.

A file that is the person's own keeps everything as it was. Any other keeps its text, tree and judgements; all
of it is marked as foreign, and settings, which change how the app behaves, stay out;
so does the draft, which a person would send as their own words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any, get_args

from teahouse.exchange import fields
from teahouse.exchange.own import ATTACHMENT, CONVERSATION, VERSION
from teahouse.exchange.tree import Attachments, stable_id
from teahouse.exchange.values import MAX_MESSAGES, MAX_PROMPT_IDS, MAX_TEXT_CHARS, Tally
from teahouse.ids import is_id, now_ms
from teahouse.language import _
from teahouse.messages import (
    Conversation,
    FinishReason,
    Generation,
    Message,
    MessageState,
    Part,
    Role,
    Timings,
    Usage,
    WholeConversation,
)

NAME = "teahouse"
FOREIGN = "import:"
"""What the source of every imported part begins with."""
ROLES = frozenset(get_args(Role))
STATES = frozenset(get_args(MessageState))
REASONS = frozenset(get_args(FinishReason))
MAX_SEED = 2**63 - 1


def is_mine(value: dict[str, Any]) -> bool:
    """Whether this is a conversation in our own format, of any version."""
    return value.get("format") == CONVERSATION


def is_newer(value: dict[str, Any]) -> bool:
    """Whether a later version of the program wrote it."""
    version = value.get("version")
    return isinstance(version, (int, float)) and version > VERSION


class Reader:
    """Reads the elements of one file; attachments come before the conversation that carries them.

    Args:
        source: Where the file's text is said to come from.
        is_own: The person says that they wrote the file themselves: what it says of trust holds.
    """

    def __init__(self, source: str, tally: Tally, *, is_own: bool) -> None:
        self._source = source
        self._tally = tally
        self._is_own = is_own
        self._attachments = Attachments()

    def take_attachment(self, value: dict[str, Any]) -> bool:
        """Keep an attachment for the next conversation; False where this is none."""
        if value.get("format") != ATTACHMENT:
            return False
        data = fields.decode(value.get("data"))
        if data is None or hashlib.sha256(data).hexdigest() != value.get("hash"):
            self._tally.note(_("attachments"), _("their data is damaged"))
        elif not self._attachments.has_room(data):
            self._tally.note(_("attachments"), _("the conversation has more than can be taken"))
        else:
            self._attachments.keep(str(value["hash"]), data)
        return True

    def read(self, value: dict[str, Any]) -> WholeConversation:
        """One conversation, with the attachments that came before it."""
        attachments, self._attachments = self._attachments, Attachments()
        conversation = self._conversation(value, _id(value.get("id"), NAME, "conversation"))
        messages = tuple(self._messages(value, conversation.id))
        made = self._generations(value, {message.id for message in messages})
        whole = WholeConversation(conversation, messages, tuple(made), attachments)
        return whole if self._is_own else self._with_marked_prompt(whole)

    def _with_marked_prompt(self, whole: WholeConversation) -> WholeConversation:
        """What the model was told as a message: only those can be marked as foreign."""
        prompt = whole.conversation.system_prompt
        conversation = replace(whole.conversation, system_prompt="")
        if not prompt.strip():
            return replace(whole, conversation=conversation)
        part = Part("text", prompt, self._foreign(""), is_trusted=False)
        first = Message(
            id=stable_id(conversation.created_ms, conversation.id, "system prompt"),
            conversation_id=conversation.id,
            parent_id=None,
            role="system",
            state="complete",
            created_ms=conversation.created_ms,
            parts=(part,),
        )
        below = [m if m.parent_id else replace(m, parent_id=first.id) for m in whole.messages]
        return replace(whole, conversation=conversation, messages=(first, *below))

    def _conversation(self, value: dict[str, Any], conversation_id: str) -> Conversation:
        settings = fields.small_mapping(value.get("settings"))
        if self._is_own and not settings and value.get("settings"):
            self._tally.note(_("settings of conversations"), _("they are too long"))
        if settings and not self._is_own:
            self._tally.note(_("settings of conversations"), _("a file must not change how the app behaves"))
            settings = {}
        created_ms = _moment(value.get("created_ms")) or now_ms()
        tags = fields.items(value.get("tags"))
        if len(tags) > fields.MAX_TAGS:
            self._tally.note(_("tags"), _("a conversation has too many"), len(tags) - fields.MAX_TAGS)
        return Conversation(
            id=conversation_id,
            title=self._short(value.get("title"), limit=10_000),
            created_ms=created_ms,
            updated_ms=_moment(value.get("updated_ms")) or created_ms,
            leaf_id=fields.text(value.get("leaf_id")) or None,
            folder=self._short(value.get("folder"), limit=1_000),
            system_prompt=self._short(value.get("system_prompt"), limit=MAX_TEXT_CHARS),
            model=fields.text(value.get("model"), limit=10_000),
            settings=settings,
            draft=self._draft(value.get("draft")),
            tags=tuple(filter(None, (self._short(tag, limit=1_000) for tag in tags[: fields.MAX_TAGS]))),
            is_pinned=fields.flag(value.get("is_pinned")),
            is_archived=fields.flag(value.get("is_archived")),
        )

    def _draft(self, value: object) -> str:
        """It would stand in the field as the person's own words, and be sent as such."""
        if self._is_own:
            return self._short(value, limit=MAX_TEXT_CHARS)
        if fields.text(value).strip():
            self._tally.note(_("drafts"), _("only those in your own files are taken over"))
        return ""

    # --- messages -----------------------------------------------------------------------------------

    def _messages(self, value: dict[str, Any], conversation_id: str) -> Iterator[Message]:
        listed = fields.items(value.get("messages"))
        if len(listed) > MAX_MESSAGES:
            self._tally.note(
                _("messages"), _("the conversation has more than can be taken"), len(listed) - MAX_MESSAGES
            )
        seen: set[str] = set()
        for item in map(fields.mapping, listed[:MAX_MESSAGES]):
            message_id = fields.text(item.get("id"), limit=100)
            if not is_id(message_id) or message_id in seen:
                self._tally.note(_("messages"), _("they have no id of their own"))
                continue
            parent_id = fields.text(item.get("parent_id"), limit=100) or None
            if parent_id is not None and parent_id not in seen:
                self._tally.note(_("places of messages"), _("the message before them is missing"))
                parent_id = None
            seen.add(message_id)
            yield self._message(item, message_id, parent_id, conversation_id)

    def _message(
        self, item: dict[str, Any], message_id: str, parent_id: str | None, conversation_id: str
    ) -> Message:
        role, state = fields.text(item.get("role")), fields.text(item.get("state"))
        if role not in ROLES:
            self._tally.note(_("roles of messages"), _("they are not known"))
        return Message(
            id=message_id,
            conversation_id=conversation_id,
            parent_id=parent_id,
            role=role if role in ROLES else "assistant",  # type: ignore[arg-type]
            state=state if state in STATES - {"streaming"} else "partial",  # type: ignore[arg-type]
            created_ms=_moment(item.get("created_ms")),
            parts=tuple(self._parts(item)),
            is_pinned=fields.flag(item.get("is_pinned")),
            thumb=fields.whole(item.get("thumb"), low=-1, high=1),
            note=self._short(item.get("note"), limit=100_000),
            rank=fields.whole(item.get("rank"), low=0, high=MAX_MESSAGES),
        )

    def _parts(self, item: dict[str, Any]) -> Iterator[Part]:
        for part in map(fields.mapping, fields.pieces(item.get("parts"), self._tally)):
            kind, data = fields.name(part.get("kind")), part.get("data")
            if not kind or not isinstance(data, str):
                self._tally.note(_("pieces of messages"), _("their kind is not known"))
                continue
            source = fields.text(part.get("source"), limit=10_000)
            is_trusted = self._is_own and fields.flag(part.get("is_trusted"))
            yield Part(kind, self._cut(data), source if self._is_own else self._foreign(source), is_trusted)

    def _cut(self, data: str) -> str:
        found = fields.text(data)
        if len(found) < len(data):
            self._tally.note(_("ends of messages"), _("they are too long"))
        return found

    def _short(self, value: object, *, limit: int) -> str:
        if isinstance(value, str) and len(value) > limit:
            self._tally.note(_("ends of titles, notes and the like"), _("they are too long"))
        return fields.text(value, limit=limit)

    def _foreign(self, source: str) -> str:
        return source if source.startswith(FOREIGN) else "; ".join(filter(None, (self._source, source)))

    # --- generations --------------------------------------------------------------------------------

    def _generations(self, value: dict[str, Any], message_ids: set[str]) -> Iterator[Generation]:
        before: tuple[int, ...] | None = ()
        total = 0
        for item in map(fields.mapping, fields.items(value.get("messages"))[:MAX_MESSAGES]):
            made, message_id = fields.mapping(item.get("generation")), fields.text(item.get("id"), limit=100)
            if not made:
                continue
            prompt = _prompt(made, before)
            total += len(prompt or ())
            if prompt is None or total > MAX_PROMPT_IDS:
                self._tally.note(_("prompts of replies"), _("they are damaged, or more than can be taken"))
                prompt = None
            generation = _generation(made, message_id, prompt or ())
            before = None if prompt is None else prompt + generation.ids
            if message_id in message_ids:
                message_ids.discard(message_id)
                yield generation


def _prompt(made: dict[str, Any], before: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The ids of a prompt; None where what it is built on is missing."""
    shared = fields.whole(made.get("prompt_shared", 0), low=0, high=len(before or ()), default=-1)
    rest = fields.ids(made.get("prompt_rest"))
    return None if shared < 0 else (before or ())[:shared] + rest


def _generation(made: dict[str, Any], message_id: str, prompt: tuple[int, ...]) -> Generation:
    reason = fields.text(made.get("finish_reason"))
    return Generation(
        message_id=message_id,
        model=fields.text(made.get("model"), limit=10_000),
        model_hash=fields.text(made.get("model_hash"), limit=1_000),
        ids=fields.ids(made.get("ids")),
        prompt_ids=prompt,
        adapters=tuple(_adapters(made.get("adapters"))),
        sampling=fields.small_mapping(made.get("sampling")),
        seed=fields.whole(made.get("seed"), low=-MAX_SEED, high=MAX_SEED),
        usage=_usage(made.get("usage")),
        timings=_timings(made.get("timings")),
        finish_reason=reason if reason in REASONS else "error",  # type: ignore[arg-type]
        engine=fields.small_mapping(made.get("engine")),
    )


def _adapters(value: object) -> Iterator[tuple[str, float]]:
    for pair in fields.items(value)[:100]:
        if isinstance(pair, list) and len(pair) == 2:
            yield fields.text(pair[0], limit=1_000), fields.number(pair[1])


def _usage(value: object) -> Usage:
    found = fields.mapping(value)
    return Usage(
        **{one.name: fields.whole(found.get(one.name), low=0, high=2**53) for one in fields_of(Usage)}
    )


def _timings(value: object) -> Timings:
    found = fields.mapping(value)
    return Timings(**{one.name: fields.number(found.get(one.name)) for one in fields_of(Timings)})


def _moment(value: object) -> int:
    return fields.whole(value, low=0, high=fields.LATEST_MS)


def _id(value: object, *names: str) -> str:
    found = fields.text(value, limit=100)
    return found if is_id(found) else stable_id(0, *names, found)
