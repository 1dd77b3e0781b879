"""How likely a model finds a text or a reply, token by token, in its own raw distribution."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse import AppError, Translator
from teahouse.chat.turn import wanted_model
from teahouse.engine.scored import PARTS
from teahouse.errors import ContextError
from teahouse.messages import ModelLoading
from teahouse.models.adapter_choice import paths_of
from teahouse.workers.process import WAITING
from teahouse_sampling.forms import is_unicode
from teahouse_sampling.sent import Sent, open_writer, sent_of
from teahouse_sampling.spelling import Spelled, spell_all

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.engine.sampling import Sampling
    from teahouse.jobs import Cancel, Work

_ = Translator("teahouse_sampling")

TOP = 20
"""Likeliest tokens told at each position, unless others are asked for."""

Changes = tuple[tuple[int, tuple[tuple[str, float], ...]], ...]

NONE: dict[str, list[Any]] = {"ids": [], "probabilities": []}


@dataclass(frozen=True, slots=True)
class Scoring:
    """How far the scoring is, in tokens."""

    done: int
    total: int

    @property
    def text(self) -> str:
        """As people read it."""
        return _("Scoring: {done} of {total} tokens").format(done=self.done, total=self.total)


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being loaded."""

    model: str
    fraction: float

    @property
    def text(self) -> str:
        """As people read it."""
        percent = round(self.fraction * 100)
        return _("Loading {model} … {percent} %").format(model=self.model, percent=percent)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A token that could have come, with its probability."""

    token: Spelled
    p: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One token of a text.

    Attributes:
        logprob: Natural logarithm of its probability; None where nothing came before it.
        rank: 0 for the likeliest; None as above.
        entropy: Of the distribution that it was drawn from, in nats; None as above.
        top: The likeliest tokens of that distribution.
    """

    token: Spelled
    logprob: float | None = None
    rank: int | None = None
    entropy: float | None = None
    top: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A text that was judged.

    Attributes:
        prompt: What came before the first judged token; of a text nothing.
        next: The likeliest tokens after the end.
        sent: The stored reply that this is; None for a text.
        adapters: (path, scale) of those that were on; a reply is judged with its own.
        changes: (position in prompt and tokens, adapters) where others held from there on.
    """

    model: str
    model_hash: str
    tokens: tuple[Judged, ...]
    next: tuple[Alternative, ...] = ()
    prompt: tuple[int, ...] = ()
    sent: Sent | None = field(default=None, repr=False)
    adapters: tuple[tuple[str, float], ...] = ()
    changes: Changes = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """Ids of the judged tokens."""
        return tuple(judged.token.id for judged in self.tokens)

    def adapters_at(self, position: int) -> tuple[tuple[str, float], ...]:
        """Those that were on for the token at a position in prompt and tokens."""
        return next((held for begin, held in reversed(self.changes) if begin <= position), self.adapters)

    @property
    def perplexity(self) -> float:
        """e to the mean surprise of the tokens that have something before them."""
        return perplexity([one.logprob for one in self.tokens if one.logprob is not None])


def perplexity(logprobs: Sequence[float]) -> float:
    """e to the mean of the negative logarithms; 1 where there are none."""
    return math.exp(-sum(logprobs) / len(logprobs)) if logprobs else 1.0


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


def score_sent(
    engine: Engine,
    sent: Sent,
    *,
    top_n: int,
    cancel: Cancel,
    adapters: Sequence[tuple[str, float]] = (),
    changes: Changes = (),
) -> Generator[Any, None, Scored]:
    """Judge the own tokens of a reply after its prompt."""
    begins = len(sent.prompt_ids)
    return (
        yield from score_ids(
            engine,
            sent.ids,
            begins=begins,
            top_n=top_n,
            cancel=cancel,
            sent=sent,
            adapters=adapters,
            changes=changes,
        )
    )


def score_ids(
    engine: Engine,
    ids: Sequence[int],
    *,
    begins: int = 0,
    top_n: int,
    cancel: Cancel,
    sent: Sent | None = None,
    adapters: Sequence[tuple[str, float]] = (),
    changes: Changes = (),
) -> Generator[Any, None, Scored]:
    """Judge tokens, in one pass for each set of adapters.

    Args:
        begins: The first one that is part of the result; what lies before is its prompt.
        adapters: (path, scale) of those that are on.
        changes: As of `Scored`.
    """
    check_length(engine, ids)
    told = yield from run_score(
        engine, ids, start=max(1, begins), top_n=top_n, cancel=cancel, adapters=adapters, changes=changes
    )
    tops = told["top"] or [NONE] * len(told["logprobs"])
    after = told["next"] or NONE
    known = spell_all(engine, [ids[begins:], *(top["ids"] for top in (after, *tops))])
    first = [Judged(known[ids[0]])] if begins == 0 else []
    judged = (
        Judged(known[token], logprob, rank, entropy, _alternatives(top, known))
        for token, logprob, rank, entropy, top in zip(
            ids[max(1, begins) :],
            told["logprobs"],
            told["ranks"],
            told["entropies"],
            tops,
            strict=True,
        )
    )
    return Scored(
        engine.model.name,
        engine.model_hash,
        (*first, *judged),
        _alternatives(after, known),
        tuple(ids[:begins]),
        sent,
        tuple(adapters),
        changes,
    )


def run_score(
    engine: Engine,
    ids: Sequence[int],
    *,
    start: int,
    top_n: int,
    cancel: Cancel,
    adapters: Sequence[tuple[str, float]] = (),
    changes: Changes = (),
) -> Generator[Scoring, None, dict[str, Any]]:
    """The engine's own result, put together of each set of adapters; yields how far it is."""
    told: dict[str, Any] = {}
    for begin, end, held in _stretches(len(ids), start, tuple(adapters), changes):
        steps = engine.score(ids[:end], start=begin, top_n=top_n, cancel=cancel, adapters=held)
        part = yield from _run(steps, done=begin - start, total=len(ids) - start)
        joined = {name: told.get(name, []) + part[name] for name in PARTS}
        told = {**part, **joined, "start": start}
    return told


def _stretches(
    count: int, start: int, adapters: tuple[tuple[str, float], ...], changes: Changes
) -> list[tuple[int, int, tuple[tuple[str, float], ...]]]:
    """(first, end, adapters) of each set that something was written with."""
    begins = [(start, adapters), *((max(start, place), held) for place, held in changes if place < count)]
    ends = [*(place for place, _held in begins[1:]), count]
    return [
        (begin, end, held)
        for (begin, held), end in zip(begins, ends, strict=True)
        if begin < end or len(begins) == 1
    ]


def _run(
    steps: Generator[Any, None, dict[str, Any]], *, done: int, total: int
) -> Generator[Scoring, None, dict[str, Any]]:
    try:
        while True:
            event = next(steps)
            if event is not WAITING and event.get("event") == "scored":
                yield Scoring(done + event["done"], total)
    except StopIteration as ended:
        result: dict[str, Any] = ended.value
        return result
    finally:
        steps.close()


def check_length(engine: Engine, ids: Sequence[int]) -> None:
    """Refuse what does not fit into the context at once; nothing is ever cut.

    Raises:
        ContextError: With both numbers.
    """
    if len(ids) > engine.context_length:
        raise ContextError(
            _("The text takes {tokens} tokens, the model's context holds {context}.").format(
                tokens=len(ids), context=engine.context_length
            ),
            _("Take a shorter text, or raise engine.context. “teahouse score” judges longer ones."),
            tokens=len(ids),
            context=engine.context_length,
        )


def _alternatives(top: dict[str, Any], known: dict[int, Spelled]) -> tuple[Alternative, ...]:
    pairs = zip(top["ids"], top["probabilities"], strict=True)
    return tuple(Alternative(known[token], float(p)) for token, p in pairs)
