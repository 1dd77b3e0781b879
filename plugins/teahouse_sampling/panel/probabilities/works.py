"""Work of the panel, beside the window: reading a stored reply, scoring, explaining, cutting texts."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.tokens.stages import ids_in, read_stages
from teahouse_desktop.tokens.token import Token
from teahouse_sampling.panel.probabilities.reading import (
    Explained,
    Pieces,
    Reading,
    Sheet,
    bare,
    pieces_in,
    sheet_of,
)
from teahouse_sampling.panel.words import _
from teahouse_sampling.scoring import TOP, explain_positions, ids_of, open_model, score_reply, score_text
from teahouse_sampling.sent import sent_of, spell_reply
from teahouse_sampling.spelling import spell

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation


@dataclass(frozen=True, slots=True)
class CutText:
    """A text as the tokens of a model."""

    model: str
    tokens: tuple[Token, ...]


# --- what there is ------------------------------------------------------------------------------------


def read_reply(app: App, message_id: str) -> Operation:
    """Read what is stored of a reply; the result is a `Reading`.

    Raises:
        StoreError: Its tokens were not kept.
    """
    return quick(_("Reading a reply"), lambda: reading_of(app, message_id))


def reading_of(app: App, message_id: str) -> Reading:
    """What is stored of a reply; see `read_reply`."""
    message, sent = app.store.message(message_id), sent_of(app.store, message_id)
    sampling = replace(sent.sampling, seed=sent.seed) if sent.sampling else None
    return Reading("reply", sent.model, sampling, message.conversation_id, sent)


def read_text(app: App, text: str, *, model: str, conversation: Conversation | None) -> Operation:
    """A pasted text with the values in force now; the result is a `Reading`."""

    def read() -> Reading:
        from teahouse.chat.question import sampling_of

        return Reading("text", model, sampling_of(app, conversation, model), text=text)

    return quick(_("Reading a text"), read)


# --- with the model -----------------------------------------------------------------------------------


def score(app: App, reading: Reading) -> Operation:
    """Score a text; yields how far it is, the result is a `Sheet`."""

    def work(cancel: Cancel) -> Generator[Any, None, Sheet]:
        if reading.sent is not None:
            steps = score_reply(app, reading.message_id)
        else:
            steps = score_text(app, reading.text, model=reading.model)
        return sheet_of(reading, (yield from steps(cancel)))

    return Operation(_("Scoring tokens"), work, "model")


def explain(app: App, sheet: Sheet, place: int) -> Operation:
    """What the sampler chain does at a place of a scored text; the result is an `Explained`, or None.

    None where the model is no longer in memory: a look must not load it.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Explained | None]:
        reading = sheet.reading
        engine = app.engines.get(reading.model)
        if engine is None or reading.sampling is None:
            return None
        told = explain_positions(app, sheet.scored, [place], sampling=reading.sampling, top_n=TOP)
        [stages] = map(read_stages, (yield from told(cancel)))
        unknown = ids_in(stages) - set(sheet.pieces)
        return Explained(place, stages, {**sheet.pieces, **pieces_in(spell(engine, sorted(unknown)))})

    return Operation(_("Explaining a token"), work, "model", is_background=True)


def read_vocabulary(app: App, model: str) -> Operation:
    """What every token of a model stands for, by id: a model that writes answers no other question."""

    def work(cancel: Cancel) -> Generator[Any, None, Pieces]:
        engine = yield from open_model(app, model, cancel)
        size = engine.facts.get("vocabulary")
        return pieces_in(spell(engine, range(size))) if isinstance(size, int) else {}

    return Operation(_("Reading the vocabulary"), work, "model")


def cut(app: App, text: str, *, model: str, is_chat: bool) -> Operation:
    """Cut a text into the tokens of a model; the result is a `CutText`.

    Args:
        is_chat: As a message in the model's own chat format.
    """

    def work(cancel: Cancel) -> Generator[Any, None, CutText]:
        engine = yield from open_model(app, model, cancel)
        return CutText(model, bare(spell(engine, ids_of(engine, text, is_chat=is_chat))))

    return Operation(_("Cutting a text into tokens"), work, "model")


def read_sent(app: App, message_id: str) -> Operation:
    """The prompt that was sent for a reply, as tokens; the result is a `CutText`."""

    def work(cancel: Cancel) -> Generator[Any, None, CutText]:
        spelled = yield from spell_reply(app, message_id)(cancel)
        return CutText(spelled.sent.model, bare(spelled.prompt))

    return Operation(_("Reading what was sent"), work, "model")
