"""Beginning a reply again with another token: its first own ones stay, the alternative follows."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse.chat.adapter_changes import sets_of
from teahouse.chat.beginning import (
    Beginning,
    as_sent,
    count_begun,
    is_own,
    own_ids,
    picked_of,
    told_alone,
    with_begun,
)
from teahouse.engine.loaded import Engine
from teahouse.engine.reasoning import ReasoningStream, Said, tag_texts
from teahouse.errors import ContextError, EngineError, ModelError
from teahouse.language import _
from teahouse.messages import Generation, Message
from teahouse.store.rows import read_object

if TYPE_CHECKING:
    from teahouse.chat.context import Fitted
    from teahouse.store import Store


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a reply is begun again.

    Attributes:
        message_id: The reply; it stays as it is.
        keep: How many of its own tokens the new version begins with.
        token_ids: What follows them; empty lets the model choose at once.
    """

    message_id: str
    keep: int
    token_ids: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the new version."""
        return {"message_id": self.message_id, "keep": self.keep, "token_ids": list(self.token_ids)}


@dataclass(frozen=True, slots=True)
class BranchPoint:
    """A branch with what was stored of its reply.

    Attributes:
        kept: The reply's own ids that stay.
        sent: How it was sent: prompt, model, what was left out.
    """

    branch: Branch
    kept: tuple[int, ...]
    sent: Beginning

    @property
    def picked(self) -> list[int]:
        """Places of the new version's tokens that a person chose."""
        keep = self.branch.keep
        before = (place for place in self.sent.picked if place < keep)
        return [*before, *range(keep, keep + len(self.branch.token_ids))]


@dataclass(frozen=True, slots=True)
class Departure:
    """What a model is given to go on from a branch.

    Attributes:
        fitted: The prompt as it was sent for the reply, with the kept ids up to the last whole character.
        begun: How many those are.
        forced: What it must write next: the tokens of a character that was cut, and the alternative.
        said: What the `begun` ids say, in pieces of (kind, text); the rest the model's process tells.
    """

    fitted: Fitted
    begun: int
    forced: tuple[int, ...]
    said: Said = field(default_factory=list)


def read_branch(store: Store, branch: Branch) -> BranchPoint:
    """What is stored of the reply at a branch.

    Raises:
        StoreError: There is no such message.
        ModelError: Its tokens are not known, or it has fewer than are to be kept.
    """
    message, made = store.message(branch.message_id), store.generation(branch.message_id)
    if made is None or not _has_known_ids(message, made):
        raise ModelError(
            _("The tokens of this message are not known, so it cannot be begun again with another one."),
            _("Only replies that a model wrote here have them."),
            message_id=message.id,
        )
    own = own_ids(made)
    if not 0 <= branch.keep <= len(own):
        raise ModelError(
            _("This reply has {count} tokens, so {keep} of them cannot be kept.").format(
                count=len(own), keep=branch.keep
            ),
            message_id=message.id,
        )
    told = [read_object(part.data) for part in message.parts if part.kind == "context"]
    sent = Beginning(
        text="",
        prompt_ids=made.prompt_ids[: len(made.prompt_ids) - count_begun(made)],
        model=made.model,
        model_hash=made.model_hash,
        context=told[-1] if told else {},
        system_prompt=told_alone(made),
        picked=picked_of(made),
        adapters=sets_of(made),
    )
    return BranchPoint(branch, own[: branch.keep], sent)


def depart(engine: Engine, point: BranchPoint) -> Departure:
    """Make ready what the model is given.

    Raises:
        ModelError: Another model wrote the reply, or this one has no such token.
        ContextError: There is no room for another token.
    """
    sent, tokens = point.sent, point.branch.token_ids
    if not is_own(engine, sent):
        raise ModelError(
            _("“{model}” wrote this reply, and only that very model can begin it again.").format(
                model=sent.model
            ),
            _("Its tokens mean something else to every other model. The reply is kept as it is."),
            model=sent.model,
        )
    _check_tokens(engine, tokens)
    fitted = as_sent(engine, sent, [], least_room=len(point.kept) + len(tokens) + 1)
    if fitted is None:
        text = _("The model's context holds {context} tokens, and the prompt of this reply takes {tokens}.")
        raise ContextError(
            text.format(context=engine.context_length, tokens=len(sent.prompt_ids)),
            _("There is no room to begin it again there. Raise engine.context in settings.toml."),
            context=engine.context_length,
        )
    begun, said = _tell(engine, point.kept, fitted.rendered.reasoning)
    kept = point.kept[:begun]
    return Departure(
        with_begun(fitted, kept, context=engine.context_length), begun, (*point.kept[begun:], *tokens), said
    )


def _has_known_ids(message: Message, made: Generation) -> bool:
    return message.role == "assistant" and message.is_written_here and bool(made.prompt_ids)


def _check_tokens(engine: Engine, tokens: Sequence[int]) -> None:
    size = engine.facts.get("vocabulary")
    for token in tokens:
        if token < 0 or (isinstance(size, int) and token >= size):
            raise EngineError(_("This model has no token {id}.").format(id=token), token=token)


def _tell(engine: Engine, ids: Sequence[int], opened: str) -> tuple[int, Said]:
    """(how many ids are told as they end with a whole character, what they say).

    The model's process takes in the same ids in the same way (`engine.writing`), without telling them, and
    goes on from there: what it still holds back, here as there, it tells itself.
    """
    tags = {tag.encode() for tag in tag_texts()}
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    stream, said = ReasoningStream(opened), Said()
    whole, at_whole = 0, Said()
    for place, (piece, is_control) in enumerate(engine.pieces(ids) if ids else ()):
        is_tag = not stream.is_settled and piece in tags
        said += stream.feed(decoder.decode(b"" if is_control and not is_tag else piece))
        if not decoder.getstate()[0]:
            whole, at_whole = place + 1, list(said)
    return whole, joined(at_whole)


def joined(said: Said) -> Said:
    """Pieces of the same kind in one."""
    told: Said = []
    for kind, text in said:
        if told and told[-1][0] == kind:
            told[-1] = (kind, told[-1][1] + text)
        else:
            told.append((kind, text))
    return told
