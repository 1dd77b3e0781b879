"""How likely a model finds a text or a reply, token by token, in its own raw distribution."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from teahouse import AppError, Translator
from teahouse.chat.turn import wanted_model
from teahouse.messages import ModelLoading
from teahouse.models.adapter_choice import paths_of
from teahouse_sampling.forms import is_unicode
from teahouse_sampling.judged import Alternative, Changes, Judged, Loading, Scored, Scoring, perplexity
from teahouse_sampling.judging import check_length, run_score, score_ids, score_sent
from teahouse_sampling.sent import open_writer, sent_of

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.engine.sampling import Sampling
    from teahouse.jobs import Cancel, Work

_ = Translator("teahouse_sampling")

__all__ = [
    "TOP",
    "Alternative",
    "Changes",
    "Judged",
    "Loading",
    "Scored",
    "Scoring",
    "check_length",
    "check_text",
    "explain",
    "explain_positions",
    "head_of",
    "ids_of",
    "open_model",
    "opening",
    "perplexity",
    "run_score",
    "score_ids",
    "score_reply",
    "score_sent",
    "score_text",
]

TOP = 20
"""Likeliest tokens told at each position, unless others are asked for."""

# --- what the panel and the terminal ask ------------------------------------------------------------


def score_text(app: App, text: str, *, model: str = "", is_chat: bool = False, top_n: int = TOP) -> Work:
    """Work that judges a text and returns `Scored`; nothing of it is stored.

    Args:
        model: Empty for the default one.
        is_chat: The text is a message of a person, sent through the model's template.

    Raises:
        AppError: It is empty, or there is no such model.
        ContextError: It is longer than the context.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Scored]:
        check_text(text)
        engine = yield from open_model(app, model, cancel)
        return (
            yield from score_ids(engine, ids_of(engine, text, is_chat=is_chat), top_n=top_n, cancel=cancel)
        )

    return work


def score_reply(app: App, message_id: str, *, top_n: int = TOP) -> Work:
    """Work that judges the stored tokens of a reply, also an old one, and returns `Scored`.

    Raises:
        StoreError: Its ids were not kept.
        ModelError: The model that wrote it is not here.
        AdapterError: An adapter that it was made with is not here any more.
        ContextError: The model's context is smaller now than it was then.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Scored]:
        sent = sent_of(app.store, message_id)
        adapters, begins = paths_of(app, sent.adapters), len(sent.prompt_ids)
        changes = tuple((begins + place, paths_of(app, held)) for place, held in sent.changes)
        engine = yield from opening(open_writer(app, sent, cancel))
        return (
            yield from score_sent(
                engine, sent, top_n=top_n, cancel=cancel, adapters=adapters, changes=changes
            )
        )

    return work


def explain_positions(
    app: App, scored: Scored, positions: Iterable[int], *, sampling: Sampling, top_n: int = TOP
) -> Work:
    """Work that tells what each stage of a chain does at some positions of `scored.tokens`.

    Returns a list of stages for each position (`engine.llama.explainer`); the length of `tokens` is what
    would come next. A position that has nothing before it has no stages.

    Raises:
        ModelError: The model is not here any more.
    """
    wanted, begins = list(positions), len(scored.prompt)

    def work(cancel: Cancel) -> Generator[Any, None, list[list[dict[str, Any]]]]:
        if scored.sent is not None:
            engine = yield from opening(open_writer(app, scored.sent, cancel))
        else:
            engine = yield from open_model(app, scored.model, cancel)
        asked = sorted({begins + place for place in wanted if begins + place > 0})
        told = dict[int, Any]()
        if asked:
            found = explain(engine, scored, asked, sampling=sampling, top_n=top_n, cancel=cancel)
            told = dict(zip(asked, found, strict=True))
        return [told.get(begins + place, []) for place in wanted]

    return work


# --- pieces of it -----------------------------------------------------------------------------------


def explain(
    engine: Engine,
    scored: Scored,
    positions: Iterable[int],
    *,
    sampling: Sampling,
    top_n: int,
    cancel: Cancel,
) -> list[list[dict[str, Any]]]:
    """The stages at positions of prompt and tokens, in order, each under the adapters that held there."""
    ids, told = scored.prompt + scored.ids, list[list[dict[str, Any]]]()
    for adapters, some in itertools.groupby(positions, scored.adapters_at):
        told += engine.explain(
            ids,
            list(some),
            sampling=sampling,
            top_n=top_n,
            begins=len(scored.prompt),
            cancel=cancel,
            adapters=adapters,
        )
    return told


def ids_of(engine: Engine, text: str, *, is_chat: bool = False) -> list[int]:
    """Ids of a text as it stands, no control token recognised in it; or of a message in its template."""
    if is_chat:
        return engine.render([{"role": "user", "content": text}]).ids
    return [*head_of(engine), *engine.tokenize(text)]


def head_of(engine: Engine) -> list[int]:
    """The token that the model wants before every text, as llama.cpp tells; many want none."""
    token = engine.facts.get("bos")
    return [token] if isinstance(token, int) else []


def check_text(text: str) -> None:
    """Refuse an empty text, or one with bytes that are none, before a model is loaded for it.

    Raises:
        AppError: It is empty, or a terminal has given bytes that are not UTF-8.
    """
    if not text:
        raise AppError(_("There is no text."), _("Give at least one character."))
    if not is_unicode(text):
        raise AppError(_("The text is not UTF-8."), _("Convert it, for example with iconv."))


def open_model(app: App, model: str, cancel: Cancel) -> Generator[Any, None, Engine]:
    """The engine of a model; the default one for an empty name."""
    return (yield from opening(app.engines.open(wanted_model(app, name=model), cancel)))


def opening(steps: Generator[ModelLoading, None, Engine]) -> Generator[Loading, None, Engine]:
    """Tell how far the loading is, in words."""
    while True:
        try:
            event = next(steps)
        except StopIteration as done:
            engine: Engine = done.value
            return engine
        if isinstance(event, ModelLoading):
            yield Loading(event.model, event.fraction)
