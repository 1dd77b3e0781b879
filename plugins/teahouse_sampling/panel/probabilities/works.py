"""Work of the panel, beside the window: reading a stored reply, scoring, explaining, cutting texts."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.chat.beginning import branch_of, count_begun, own_ids
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, ModelError
from teahouse.jobs import Cancel, Work
from teahouse.messages import ModelLoading
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.tokens.stages import ids_in, read_stages
from teahouse_desktop.tokens.token import Token
from teahouse_sampling.panel.probabilities.reading import Explained, Pieces, Reading, Scored, put_together
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.messages import Conversation, Generation

TOP = 24
"""Likeliest tokens that are told at each place."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """How far scoring is, in tokens."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CutText:
    """A text as the tokens of a model."""

    model: str
    tokens: tuple[Token, ...]


# --- what there is ------------------------------------------------------------------------------------


def read_reply(app: App, message_id: str) -> Operation:
    """Read what is stored of a reply; the result is a `Reading`, or None where its tokens are not known."""
    return quick(_("Reading a reply"), lambda: reading_of(app, message_id))


def reading_of(app: App, message_id: str) -> Reading | None:
    """What is stored of a reply; None where its tokens are not known."""
    message, made = app.store.message(message_id), app.store.generation(message_id)
    if made is None or not made.prompt_ids or message.role != "assistant":
        return None
    own = own_ids(made)
    return Reading(
        "reply",
        made.model,
        _stored_sampling(made),
        model_hash=made.model_hash,
        prompt=made.prompt_ids[: len(made.prompt_ids) - count_begun(made)],
        ids=own,
        message_id=message_id,
        conversation_id=message.conversation_id,
        branched_at=_branched_at(made, len(own)),
    )


def read_text(app: App, text: str, *, model: str, conversation: Conversation | None) -> Operation:
    """A pasted text with the values in force now; the result is a `Reading`."""

    def read() -> Reading:
        from teahouse.chat.question import sampling_of

        return Reading("text", model, sampling_of(app, conversation, model), text=text)

    return quick(_("Reading a text"), read)


# --- with the model -----------------------------------------------------------------------------------


def score(app: App, reading: Reading) -> Operation:
    """Score a text; yields `ModelLoading` and `Scoring`, the result is a `Scored`."""
    return Operation(_("Scoring tokens"), score_work(app, reading), "model")


def score_work(app: App, reading: Reading, *, top_n: int = TOP) -> Work:
    """See `score`."""

    def work(cancel: Cancel) -> Generator[ModelLoading | Scoring, None, Scored]:
        engine = yield from open_model(app, reading, cancel)
        wanted = reading if reading.ids else _cut(engine, reading, cancel)
        start = max(1, wanted.begins)
        steps = engine.score(wanted.whole, start=start, top_n=top_n, cancel=cancel)
        told: dict[str, Any] = {}
        while True:
            try:
                answer = next(steps)
            except StopIteration as stop:
                told = stop.value
                break
            if answer["event"] == "scored":
                yield Scoring(int(answer["done"]), int(answer["total"]))
        named = {token for top in told["top"] for token in top["ids"]}
        return put_together(wanted, told, pieces_of(engine, [*wanted.ids, *named]))

    return work


def explain(app: App, scored: Scored, place: int) -> Operation:
    """What the sampler chain does at a place of a scored text; the result is an `Explained`, or None.

    None where the model is no longer in memory: a look must not load it.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Explained | None]:
        yield from ()
        reading = scored.reading
        engine = app.engines.get(reading.model)
        position = reading.begins + place
        if engine is None or position < 1 or not _is_writer(engine, reading):
            return None
        [told] = engine.explain(
            reading.whole,
            [position],
            sampling=reading.sampling,
            top_n=TOP,
            begins=reading.begins,
            cancel=cancel,
        )
        stages = read_stages(told)
        unknown = ids_in(stages) - set(scored.pieces)
        return Explained(place, stages, {**scored.pieces, **pieces_of(engine, unknown)})

    return Operation(_("Explaining a token"), work, "model", is_background=True)


def cut(app: App, text: str, *, model: str, is_chat: bool) -> Operation:
    """Cut a text into the tokens of a model; the result is a `CutText`.

    Args:
        is_chat: As a message in the model's own chat format.
    """

    def work(cancel: Cancel) -> Generator[ModelLoading, None, CutText]:
        engine = yield from app.engines.open(model, cancel)
        if is_chat:
            ids = engine.render([{"role": "user", "content": text}], cancel).ids
        else:
            ids = engine.tokenize(text, cancel)
        return CutText(model, tokens_of(ids, pieces_of(engine, ids)))

    return Operation(_("Cutting a text into tokens"), work, "model")


def read_sent(app: App, message_id: str) -> Operation:
    """The prompt that was sent for a reply, as tokens; the result is a `CutText`, or None where unknown."""

    def work(cancel: Cancel) -> Generator[ModelLoading, None, CutText | None]:
        reading = reading_of(app, message_id)
        if reading is None:
            return None
        engine = yield from open_model(app, reading, cancel)
        return CutText(reading.model, tokens_of(reading.prompt, pieces_of(engine, reading.prompt)))

    return Operation(_("Reading what was sent"), work, "model")


# --- inside -------------------------------------------------------------------------------------------


def open_model(app: App, reading: Reading, cancel: Cancel) -> Generator[ModelLoading, None, Engine]:
    """The model of a reading, in memory.

    Raises:
        ModelError: It is not there, or another file has its name: ids mean something else to it.
    """
    engine = yield from app.engines.open(reading.model, cancel)
    if not _is_writer(engine, reading):
        raise ModelError(
            _("“{model}” is another file now than when this reply was written.").format(model=reading.model),
            _("Its tokens mean something else to every other model. The reply is as it was."),
            model=reading.model,
        )
    return engine


def tokens_of(ids: Iterable[int], pieces: Pieces) -> tuple[Token, ...]:
    """Tokens of which nothing is known but their bytes."""
    return tuple(Token(token, *pieces.get(token, (b"", False))) for token in ids)


def pieces_of(engine: Engine, ids: Iterable[int]) -> Pieces:
    """The bytes of tokens, each asked for once."""
    wanted = sorted(set(ids))
    return dict(zip(wanted, engine.pieces(wanted), strict=True)) if wanted else {}




def _cut(engine: Engine, reading: Reading, cancel: Cancel) -> Reading:
    ids = engine.tokenize(reading.text, cancel)
    if len(ids) < 2:
        raise AppError(
            _("A text of one token cannot be scored."), _("Nothing stands before its first token.")
        )
    return replace(reading, ids=tuple(ids))


def _is_writer(engine: Engine, reading: Reading) -> bool:
    return not reading.model_hash or engine.model_hash == reading.model_hash


def _stored_sampling(made: Generation) -> Sampling:
    return Sampling.from_json({**made.sampling, "seed": made.seed})


def _branched_at(made: Generation, count: int) -> int | None:
    keep = branch_of(made).get("keep")
    return keep if isinstance(keep, int) and 0 <= keep < count else None
