"""What was really sent for a reply, and what the model wrote: the stored ids, never tokenised again."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.chat.adapter_changes import Adapters, sets_of
from teahouse.chat.beginning import branch_of, count_begun, own_ids, picked_of
from teahouse.engine.sampling import Sampling
from teahouse.errors import ModelError, SettingError, StoreError
from teahouse.messages import ModelLoading

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel, Work
    from teahouse.store import Store
    from teahouse_sampling.spelling import Spelled

_ = Translator("teahouse_sampling")


@dataclass(frozen=True, slots=True)
class Sent:
    """One reply in the numbers of its model.

    Attributes:
        prompt_ids: What the model was sent, without the reply's own ids after which it went on.
        own_ids: Every id of the reply, also an end of turn.
        sampling: How it was made; None where that is damaged or from a version that this one cannot read.
        branch: `{message_id, keep, token_ids}` where it was begun again with another token: the first
            `keep` of its own ids are that message's, then come `token_ids`.
        picked: Places in `own_ids` that a person chose, by a branch or while the model waited.
        adapters: (file hash, scale) of those that were on.
        changes: (place in `own_ids`, adapters) where others held from there on.
    """

    message_id: str
    model: str
    model_hash: str
    prompt_ids: tuple[int, ...]
    own_ids: tuple[int, ...]
    sampling: Sampling | None = None
    seed: int = 0
    branch: dict[str, Any] = field(default_factory=dict)
    picked: tuple[int, ...] = ()
    adapters: Adapters = ()
    changes: tuple[tuple[int, Adapters], ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """The prompt and the reply."""
        return self.prompt_ids + self.own_ids


@dataclass(frozen=True, slots=True)
class SpelledReply:
    """A reply with what each of its tokens, and of its prompt's, stands for."""

    sent: Sent
    prompt: tuple[Spelled, ...]
    own: tuple[Spelled, ...]


def sent_of(store: Store, message_id: str) -> Sent:
    """What is stored of a reply.

    Raises:
        StoreError: There is no such message, or its ids were not kept.
    """
    made = store.generation(message_id)
    if made is None or not made.prompt_ids:
        raise StoreError(
            _("The tokens of this message were not kept."),
            _("Only replies that a model wrote here have them. Its text can be looked at as a pasted text."),
            message_id=message_id,
        )
    try:
        sampling = Sampling.from_json(made.sampling)
    except (SettingError, TypeError, ValueError):
        sampling = None
    return Sent(
        message_id,
        made.model,
        made.model_hash,
        made.prompt_ids[: len(made.prompt_ids) - count_begun(made)],
        own_ids(made),
        sampling,
        made.seed,
        branch_of(made),
        picked_of(made),
        made.adapters,
        tuple((change.place, change.adapters) for change in sets_of(made)[1:]),
    )


def open_writer(app: App, sent: Sent, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
    """The engine of the very model that wrote a reply.

    Raises:
        ModelError: It is not here any more, or another file has its name.
    """
    engine = yield from app.engines.open(sent.model, cancel)
    if engine.model_hash != sent.model_hash:
        raise ModelError(
            _("“{model}” is another file now than the one that wrote this reply.").format(model=sent.model),
            _("What is stored are numbers of tokens, and only that very file says what they mean."),
            model=sent.model,
        )
    return engine


def spell_reply(app: App, message_id: str) -> Work:
    """Work that returns the `SpelledReply` of a message: what was really sent, token by token.

    Raises:
        StoreError: Its ids were not kept.
        ModelError: The model that wrote it is not here.
    """
    from teahouse_sampling.spelling import spell

    def work(cancel: Cancel) -> Generator[Any, None, SpelledReply]:
        sent = sent_of(app.store, message_id)
        engine = yield from open_writer(app, sent, cancel)
        spelled, begins = spell(engine, sent.ids), len(sent.prompt_ids)
        return SpelledReply(sent, tuple(spelled[:begins]), tuple(spelled[begins:]))

    return work
