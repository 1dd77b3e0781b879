"""Going on with a reply that ended too early: what it has said, and the tokens to go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from teahouse.chat.adapter_changes import Sets, sets_of
from teahouse.chat.ending import limit_of
from teahouse.engine.loaded import Engine, Rendered
from teahouse.engine.reasoning import opened_by, tag_texts
from teahouse.errors import ContextError, ModelError
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import Generation, Message, Timings, Usage
from teahouse.store.rows import read_object

if TYPE_CHECKING:
    from teahouse.chat.context import Fitted
    from teahouse.store import Store

LEAST_ROOM = 16
"""Tokens that must be left in the context for a reply to go on after the prompt that was sent for it."""

TAIL = 32
"""Tokens at a prompt's end in which the tag that opens reasoning is looked for."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a reply has said that is to go on.

    Attributes:
        ids: Its own tokens, in the vocabulary of the model with `model_hash`; empty where they are not known.
        prompt_ids: The prompt that they followed; empty where it is not known.
        context: What was told of that prompt (see `ContextFitted`); empty when nothing was left out.
        system_prompt: What the model was told before, for this reply alone; None for the conversation's.
        branch: Where it was begun again with another token (see `chat.branch`); empty for nowhere.
        picked: Places of its own tokens that a person chose.
        adapters: Which adapters made which part of it.
    """

    text: str
    reasoning: str = ""
    ids: tuple[int, ...] = ()
    prompt_ids: tuple[int, ...] = ()
    model: str = ""
    model_hash: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    system_prompt: str | None = None
    branch: dict[str, Any] = field(default_factory=dict)
    picked: tuple[int, ...] = ()
    adapters: Sets = ()


def can_go_on(message: Message, made: Generation | None) -> bool:
    """Whether a reply ended before the model was done, and there is something to go on from."""
    is_cut = message.state in ("stopped", "partial", "failed") or bool(made and limit_of(made))
    has_reasoning = any(part.kind == "reasoning" for part in message.parts)
    return message.role == "assistant" and is_cut and bool(made if has_reasoning else message.text.strip())


def count_begun(made: Generation) -> int:
    """How many ids at the end of the prompt are the reply's own: it went on after them."""
    begun = made.engine.get("begun")
    return begun if isinstance(begun, int) and 0 <= begun <= len(made.prompt_ids) else 0


def has_begun(made: Generation) -> bool:
    """Whether some of the reply's ids are in its prompt, which may not have been read."""
    return bool(made.engine.get("begun"))


def own_ids(made: Generation) -> tuple[int, ...]:
    """All ids of the reply, also those that it went on after; `prompt_ids` must have been read."""
    return made.prompt_ids[len(made.prompt_ids) - count_begun(made) :] + made.ids


def read_beginning(store: Store, message_id: str) -> Beginning:
    """What a stored reply has said.

    Raises:
        StoreError: There is no such message.
        ModelError: It is no reply that can go on.
    """
    message, made = store.message(message_id), store.generation(message_id)
    if not can_go_on(message, made):
        raise cannot_go_on()
    told = [read_object(part.data) for part in message.parts if part.kind == "context"]
    said = Beginning(
        text=message.text,
        reasoning="".join(part.data for part in message.parts if part.kind == "reasoning"),
        context=told[-1] if told else {},
        system_prompt=told_alone(made),
    )
    if made is None or not made.prompt_ids or not message.is_written_here:
        return said
    return replace(
        said,
        ids=own_ids(made),
        prompt_ids=made.prompt_ids[: len(made.prompt_ids) - count_begun(made)],
        model=made.model,
        model_hash=made.model_hash,
        branch=branch_of(made),
        picked=picked_of(made),
        adapters=sets_of(made),
    )


def could_not_go_on(made: Generation, message_id: str, *, is_stopped: bool) -> Generation:
    """What is stored of a version that could not go on at all: everything it says is what it begins with.

    So the next try goes on with the same tokens, and what made them is not forgotten.

    Args:
        made: Of the reply that was to go on.
        is_stopped: A person stopped it before it could.
    """
    return replace(
        made,
        message_id=message_id,
        ids=(),
        prompt_ids=made.prompt_ids + made.ids,
        usage=Usage(),
        timings=Timings(),
        finish_reason="stopped" if is_stopped else "error",
        engine={**made.engine, "begun": len(own_ids(made))},
    )


def told_alone(made: Generation | None) -> str | None:
    """What the model was told before, for this reply alone; None where that was the conversation's."""
    own = made.engine.get("system_prompt") if made else None
    return own if isinstance(own, str) else None


def branch_of(made: Generation) -> dict[str, Any]:
    """`{message_id, keep, token_ids}` where a reply was begun again with another token; else empty."""
    branch = made.engine.get("branch")
    return branch if isinstance(branch, dict) else {}


def picked_of(made: Generation) -> tuple[int, ...]:
    """Places of the reply's own ids that a person chose: a branch began there, or the model waited."""
    places = made.engine.get("picked")
    return tuple(place for place in places if isinstance(place, int)) if isinstance(places, list) else ()


def begun_ids(engine: Engine, beginning: Beginning, cancel: Cancel) -> list[int]:
    """Ids after which this model goes on: those that it wrote, else those of the text.

    Raises:
        ModelError: Another model wrote it with reasoning, which has no ids in this one.
        ContextError: What was said leaves no room in the context.
    """
    if beginning.ids and is_own(engine, beginning):
        ids = _whole(engine, beginning.ids)
    elif beginning.reasoning:
        raise cannot_go_on()
    else:
        ids = engine.tokenize(beginning.text, cancel)
    if len(ids) + LEAST_ROOM >= engine.context_length:
        raise ContextError(
            _("This reply alone fills the model's context. Nothing was sent, and nothing was cut."),
            _("Ask for the rest in a new message, or raise engine.context in settings.toml."),
            context=engine.context_length,
        )
    return ids


def is_own(engine: Engine, beginning: Beginning) -> bool:
    """Whether this very model wrote it."""
    is_same_file = engine.model_hash == beginning.model_hash
    return is_same_file and bool(engine.model_hash or engine.model.name == beginning.model)


def as_sent(
    engine: Engine, beginning: Beginning, begun: Sequence[int], *, least_room: int = LEAST_ROOM
) -> Fitted | None:
    """The prompt that was sent for the reply, where it is known and leaves room; else None."""
    from teahouse.chat.context import Fitted

    prompt = list(beginning.prompt_ids)
    if not prompt or not is_own(engine, beginning):
        return None
    if len(prompt) + len(begun) + least_room > engine.context_length:
        return None
    told = beginning.context
    tail = b"".join(piece for piece, _is_control in engine.pieces(prompt[-TAIL:])).decode("utf-8", "replace")
    not_sent = told.get("not_sent")
    return Fitted(
        Rendered("", prompt, str(told.get("repair") or ""), opened_by(tail)),
        engine.context_length,
        not_sent=tuple(map(str, not_sent)) if isinstance(not_sent, list) else (),
        is_summarised=bool(told.get("is_summarised")),
    )


def with_begun(fitted: Fitted, begun: Sequence[int], *, context: int) -> Fitted:
    """The same with what the reply has said at its end."""
    ids = [*fitted.rendered.ids, *begun]
    return replace(fitted, rendered=replace(fitted.rendered, ids=ids), context=context)


def cannot_go_on() -> ModelError:
    """The error for a reply that this model cannot go on with."""
    return ModelError(
        _("The model cannot go on with this reply. It is kept as it is."),
        _("Let it answer again, or ask for the rest in a new message."),
    )


def _whole(engine: Engine, ids: Sequence[int]) -> list[int]:
    """The ids without an end of turn and without the beginning of a character that was cut."""
    kept, pieces = list(ids), engine.pieces(ids)
    tags = {tag.encode() for tag in tag_texts()}
    while kept and pieces[len(kept) - 1][1] and pieces[len(kept) - 1][0] not in tags:
        kept.pop()
    while kept and _is_cut(b"".join(piece for piece, _is_control in pieces[: len(kept)])):
        kept.pop()
    return kept


def _is_cut(data: bytes) -> bool:
    """Whether bytes end within a character."""
    for size in range(1, min(4, len(data)) + 1):
        byte = data[-size]
        if byte & 0xC0 != 0x80:  # the first byte of the last character says how long it is
            length = 1 if byte < 0xC0 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return length > size
    return False
