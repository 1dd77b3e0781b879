"""Asking the engine what the stages do at a token of the open conversation; never loads a model."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse.chat.adapter_changes import sets_of
from teahouse.chat.beginning import count_begun
from teahouse.jobs import Cancel
from teahouse.models.adapter_choice import paths_of
from teahouse_desktop.operations import Operation
from teahouse_desktop.tokens.marks import shown
from teahouse_desktop.tokens.words import count as count_words
from teahouse_sampling.panel.drawing import TOP_N
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.messages import Conversation, Generation


MOST_UNASKED = 1500
"""Tokens of a prompt that may be read again for a drawing without anybody asking for it."""

LLAMA = "llama"
"""The back end that tells probabilities."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which token is looked at.

    Attributes:
        message_ids: Of the visible replies, the last one first.
        back: So many tokens before the reply's last one.
        is_wanted: Whether a person waits for it, however long the conversation is.
    """

    message_ids: tuple[str, ...]
    back: int = 0
    is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """What the stages do there, or why that is not known.

    Attributes:
        stages: As `Engine.explain` tells them; empty where it is not known.
        pieces: What the tokens are, by id.
        token: The token that was written there.
        place, count: Its place in the reply, from 1, and the reply's length in tokens.
        absence: Why there is nothing.
        message_id: The reply that is looked at.
        can_draw: Whether it is only not known because it would take its time.
    """

    stages: tuple[Mapping[str, Any], ...] = ()
    pieces: Mapping[int, str] = field(default_factory=dict)
    token: str = ""
    place: int = 0
    count: int = 0
    absence: str = ""
    message_id: str = ""
    can_draw: bool = False


def explain(*, app: App, conversation: Conversation | None, model: str, where: Where) -> Operation:
    """Explain a token under the values in force; the result is an `Explained`."""

    def work(cancel: Cancel) -> Generator[Any, None, Explained]:
        yield from ()
        engine = app.engines.get(model) if model else None
        if engine is None:
            return Explained(absence=_("No drawing: the model is not in memory."))
        if engine.model.backend != LLAMA:
            return Explained(absence=_("No drawing: this model does not tell its probabilities."))
        made = _last_generation(app, where.message_ids)
        if made is None or not made.ids or not made.prompt_ids:
            return Explained(absence=_("No drawing: there is no reply here yet."))
        if made.model_hash != engine.model_hash:
            return Explained(absence=_("No drawing: another model wrote the reply."))
        if len(made.prompt_ids) > MOST_UNASKED and not where.is_wanted:
            text = _("The model would have to read {count} tokens for the drawings.")
            told = text.format(count=count_words(len(made.prompt_ids)))
            return Explained(absence=told, message_id=made.message_id, can_draw=True)
        return _explain(app, engine, conversation, made, where.back, cancel)

    return Operation(_("Looking at the distribution"), work, "model", is_background=True)


def _last_generation(app: App, message_ids: Sequence[str]) -> Generation | None:
    for message_id in message_ids:
        if (made := app.store.generation(message_id)) is not None:
            return made
    return None


def _explain(
    app: App, engine: Engine, conversation: Conversation | None, made: Generation, back: int, cancel: Cancel
) -> Explained:
    from teahouse.chat.answer import with_biases
    from teahouse.chat.parameters import parameters_of

    parameters = parameters_of(app, conversation, engine.model.name)
    sampling = with_biases(engine, parameters.sampling, parameters.biases)
    written = _pieces(engine, made.ids)
    count = len(made.ids)
    while count > 1 and written[made.ids[count - 1]][1]:
        count -= 1  # what ends the reply is a token too, but one that nobody has read
    place = max(0, count - 1 - back)
    position = len(made.prompt_ids) + place
    held = [one for one in sets_of(made) if one.place <= count_begun(made) + place][-1]
    [stages] = engine.explain(
        [*made.prompt_ids, *made.ids],
        [position],
        sampling=sampling,
        top_n=TOP_N,
        begins=len(made.prompt_ids),
        cancel=cancel,
        adapters=paths_of(app, held.adapters),
    )
    ids = {id_ for stage in stages for id_ in stage["ids"]}
    pieces = {id_: words for id_, (words, _is_control) in _pieces(engine, sorted(ids)).items()}
    token = written[made.ids[place]][0]
    return Explained(tuple(stages), pieces, token, place + 1, count, message_id=made.message_id)


def _pieces(engine: Engine, ids: Sequence[int]) -> dict[int, tuple[str, bool]]:
    """What each token is in words, and whether it is a control token."""
    return {
        id_: (piece.decode("utf-8", "replace") if is_control else shown(piece), is_control)
        for id_, (piece, is_control) in zip(ids, engine.pieces(ids), strict=True)
    }
