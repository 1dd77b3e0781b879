"""Messages in, a model's answer out; nothing is stored here."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from teahouse.chat.adapter_changes import AdapterSet, with_change
from teahouse.chat.beginning import Beginning, as_sent, begun_ids, cannot_go_on, is_own, with_begun
from teahouse.chat.branch import BranchPoint, Departure, depart
from teahouse.chat.context import Fitted, fit
from teahouse.chat.history import Entry
from teahouse.chat.sources import Sources, with_sources
from teahouse.chat.summary import Summary
from teahouse.engine.client import Engines
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, ContextError, EngineCrashed, EngineError, OutOfMemory
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import (
    AdaptersChanged,
    ContextFitted,
    FinishReason,
    PromptRead,
    StreamEvent,
    TextDelta,
    Timings,
    TokenStep,
    Usage,
)
from teahouse.models.adapter_choice import Fitted as Adapted
from teahouse.models.library import Model
from teahouse.workers.process import WAITING
from teahouse.workers.wire import Answer, unpack_ids

if TYPE_CHECKING:
    from teahouse.engine.steering import Steering

RESTARTS_AT_MOST = 2
EACH_TOKENS = 8
"""What the template adds to a message, and lines between passages; about."""

Overflow = Literal["refuse", "drop", "summarise"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which model, and how.

    Attributes:
        messages: From the first to the last: entries of a history, or `{role, content}`.
        reply_id: The id that the stream events carry.
        overflow: What happens when the messages do not fit (see `chat.context`).
        has_reasoning: Ask for reasoning or for none; None leaves it to the model's template.
        is_reproducible: Read everything anew: the same seed gives the same text.
        conversation_id: Whose saved state may be taken up; empty for none.
        beginning: What the reply has said before, after which it goes on; None for a new one.
        biases: (text, bias): added to the logits of the text's tokens, which only the model can tell.
        point: Where a reply is begun again with another token; None for a new one.
        step: Likeliest tokens told of each token, as `TokenStep`; 0 for none, or as many as are usual where
            there is step mode.
        steering: What a person tells the reply meanwhile; None where nobody does.
        sources: What was found for the last question; as much of it is sent as there is room for.
        adapters: Those that are on at its beginning.
    """

    model: str
    messages: tuple[Entry | Mapping[str, Any], ...]
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 2048
    stop: tuple[str, ...] = ()
    reply_id: str = ""
    overflow: Overflow = "refuse"
    has_reasoning: bool | None = None
    is_reproducible: bool = False
    conversation_id: str = ""
    beginning: Beginning | None = None
    biases: tuple[tuple[str, float], ...] = ()
    point: BranchPoint | None = None
    step: int = 0
    steering: Steering | None = None
    sources: Sources | None = None
    adapters: tuple[Adapted, ...] = ()

    @property
    def paths(self) -> tuple[tuple[str, float], ...]:
        """The adapters as the engine takes them."""
        return tuple((one.path, one.scale) for one in self.adapters)

    @property
    def entries(self) -> list[Entry]:
        """The messages as entries."""
        return [message if isinstance(message, Entry) else Entry(**message) for message in self.messages]


@dataclass(slots=True)
class Answered:
    """What has been answered so far; complete when `answer` has returned.

    A crash leaves here what had arrived, so that nothing is lost.

    Attributes:
        prompt_ids: The prompt sent; at its end are the `begun` ids after which the reply goes on.
        fitted: What of the messages was sent; None before that is known.
        kept: What of a reply that is begun again was kept, reasoning left out; None before that is known.
        summary: One that was written for this answer.
        sent: How many passages of the sources were sent.
        adapters: (file hash, scale) of those that were on; for later ones see `chat.adapter_changes`.
    """

    model: Model | None = None
    model_hash: str = ""
    text: str = ""
    reasoning: str = ""
    ids: list[int] = field(default_factory=list)
    prompt_ids: list[int] = field(default_factory=list)
    begun: int = 0
    kept: str | None = None
    fitted: ContextFitted | None = None
    summary: Summary | None = None
    sent: int = 0
    adapters: tuple[tuple[str, float], ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    usage: Usage = field(default_factory=Usage)
    timings: Timings = field(default_factory=Timings)
    finish_reason: FinishReason = "error"
    engine: dict[str, Any] = field(default_factory=dict)


def answer(
    engines: Engines, question: Question, cancel: Cancel, so_far: Answered
) -> Generator[StreamEvent | None, None, None]:
    """Load the model if need be, send the messages, and fill `so_far`; yields what happens.

    None is yielded when nothing has come for a moment. Once `cancel` is set nothing is raised any more:
    what the engine then says, or its death, is what was asked for.

    An engine that dies before it has written anything is started again with safer settings, twice at
    most. What has been written, reasoning too, is the person's: after that a retry is theirs to ask for.

    Raises:
        AppError: No such model, a template that refuses, a context that is full …
        EngineCrashed: The engine died; `so_far` holds what had arrived.
        OutOfMemory: Memory was short even with everything made smaller; as after a crash.
    """
    so_far.sampling = question.sampling.seeded()
    crashed = 0
    while True:
        try:
            engine = yield from _answer(engines, question, cancel, so_far)
            if crashed and not cancel.is_set():
                engines.remember(engine)  # the same question went well with safer settings: they helped
            return
        except AppError as error:
            if cancel.is_set():
                so_far.finish_reason = "stopped"
                return
            crashed += 1
            name = so_far.model.name if so_far.model else ""
            has_begun = so_far.text or so_far.reasoning
            is_over = has_begun or crashed > RESTARTS_AT_MOST or not engines.has_safer_step(name)
            if is_over or not isinstance(error, (EngineCrashed, OutOfMemory)):
                if crashed > 1:
                    engines.forget_steps(name)  # no settings helped: the question is to blame
                if crashed > RESTARTS_AT_MOST:
                    error.hint = _(
                        "It was started again {count} times with safer settings, which did not help. Your"
                        " question is kept: try another model or other words."
                    ).format(count=RESTARTS_AT_MOST)
                raise
            engines.announce_restart(name, error)


def look(
    engines: Engines, question: Question, cancel: Cancel
) -> Generator[StreamEvent | None, None, tuple[Model, Fitted]]:
    """What `answer` would send now; loads the model if need be and generates nothing.

    Raises:
        AppError: As from `answer`.
    """
    engine = yield from engines.open(question.model, cancel)
    try:
        fitted = yield from fit(engine, question.entries, question, cancel, can_write=False)
    except (EngineCrashed, OutOfMemory) as error:
        _note_crash(engines, engine, error, cancel)
        raise
    return engine.model, fitted


def _answer(
    engines: Engines, question: Question, cancel: Cancel, so_far: Answered
) -> Generator[StreamEvent | None, None, Engine]:
    loaded_before, so_far.model = engines.loaded, None
    engine = yield from engines.open(question.model, cancel)
    so_far.model, so_far.model_hash = engine.model, engine.model_hash
    so_far.engine = {
        **engine.config.as_json(),
        "context": engine.context_length,  # what was asked for may be rounded up, or more than was trained
        "system": engine.facts.get("system", ""),
        "is_reproducible": question.is_reproducible,
        "has_reasoning": question.has_reasoning if engine.can_switch_reasoning else None,
    }
    so_far.adapters = tuple((one.sha256, one.scale) for one in question.adapters)
    if question.adapters:
        so_far.engine["adapters"] = [one.name for one in question.adapters]
    was_loaded = engine.model.name in loaded_before
    load_s = 0.0 if was_loaded else float(engine.facts.get("load_s", 0.0))
    so_far.timings = Timings(load_s=load_s)
    try:
        departure = depart(engine, question.point) if question.point else None
        fitted = departure.fitted if departure else (yield from _fit(engine, question, cancel, so_far))
        so_far.prompt_ids, so_far.fitted = fitted.rendered.ids, fitted.event(question.reply_id)
        so_far.summary = fitted.summary or so_far.summary
        yield so_far.fitted
        if departure is not None:
            yield from _tell_kept(departure, question, so_far)
        so_far.sampling = with_biases(engine, so_far.sampling, question.biases)
        if cancel.is_set():
            so_far.finish_reason = "stopped"
        else:
            forced = departure.forced if departure else ()
            opened = fitted.rendered.reasoning
            yield from _generate(engine, question, cancel, so_far, reasoning=opened, forced=forced)
        return engine
    except (EngineCrashed, OutOfMemory) as error:
        _note_crash(engines, engine, error, cancel)
        raise


def _fit(
    engine: Engine, question: Question, cancel: Cancel, so_far: Answered
) -> Generator[StreamEvent | None, None, Fitted]:
    """What is sent; where a reply goes on, what was sent for it, if that is known, and then its own words."""
    entries, beginning = _entries(question, so_far), question.beginning
    if beginning is None:
        fitted, so_far.sent = yield from fit_sources(engine, entries, question, cancel)
        return fitted
    begun = begun_ids(engine, beginning, cancel)
    sent = as_sent(engine, beginning, begun)
    if sent is not None:
        fitted = sent
    else:
        fitted, so_far.sent = yield from fit_sources(engine, entries, question, cancel, begun=len(begun))
        if fitted.rendered.reasoning and not beginning.reasoning:
            raise cannot_go_on()
    so_far.begun = so_far.engine["begun"] = len(begun)
    if beginning.ids and is_own(engine, beginning):
        marks = {"branch": beginning.branch, "picked": list(beginning.picked)}
        so_far.engine |= {name: mark for name, mark in marks.items() if mark}
    return with_begun(fitted, begun, context=engine.context_length)


def fit_sources(
    engine: Engine, entries: list[Entry], question: Question, cancel: Cancel, *, begun: int = 0
) -> Generator[StreamEvent | None, None, tuple[Fitted, int]]:
    """What is sent, with as many passages as there is room for: (all of it, how many passages).

    Where earlier turns may be left out, passages take at most half of the room, and the turns make way;
    else they take what is left. One is always tried.
    """
    sources = question.sources
    count = _passages_in(engine, entries, question, cancel, begun) if sources else 0
    while True:
        asked = with_sources(entries, sources, count)
        try:
            return (yield from fit(engine, asked, question, cancel, begun=begun)), count
        except ContextError:
            if count < 2:
                raise
            count = 1


def _passages_in(
    engine: Engine, entries: Sequence[Entry], question: Question, cancel: Cancel, begun: int
) -> int:
    """How many passages there is room for, by their tokens; at least one of those that there are."""
    assert question.sources is not None
    texts = question.sources.texts
    if len(texts) < 2:
        return len(texts)
    last = max((n for n, entry in enumerate(entries) if entry.role == "user"), default=0)
    is_cut = question.overflow != "refuse"
    kept = [e.content for n, e in enumerate(entries) if not is_cut or n >= last or e.role == "system"]
    counts = engine.count([*texts, *kept], cancel)
    reserve = min(question.max_tokens, engine.context_length // 4)
    room = engine.context_length - begun - reserve - sum(counts[len(texts) :]) - EACH_TOKENS * (len(kept) + 1)
    room = room // 2 if is_cut else room
    sizes = itertools.accumulate(size + EACH_TOKENS for size in counts[: len(texts)])
    return max(1, sum(1 for size in sizes if size <= room))


def _tell_kept(
    departure: Departure, question: Question, so_far: Answered
) -> Generator[StreamEvent, None, None]:
    """What is kept of a reply that is begun again; once, also where the engine must be started again."""
    assert question.point is not None
    so_far.begun = so_far.engine["begun"] = departure.begun
    so_far.engine["branch"] = question.point.branch.as_json()
    so_far.engine["picked"] = question.point.picked
    is_told, so_far.kept = so_far.kept is not None, ""
    for kind, text in departure.said:
        so_far.kept += text if kind == "text" else ""
        if not is_told:
            yield TextDelta(question.reply_id, text, kind)


def with_biases(engine: Engine, sampling: Sampling, biases: Sequence[tuple[str, float]]) -> Sampling:
    """The same with a bias for each token of some texts; what was given for a token itself goes before."""
    found = dict(sampling.logit_bias)
    for text, bias in biases:
        for token in engine.tokenize(text):
            found.setdefault(token, bias)
    return replace(sampling, logit_bias=tuple(found.items())) if biases else sampling


def _note_crash(engines: Engines, engine: Engine, error: EngineError, cancel: Cancel) -> None:
    if cancel.is_set():  # it did not stop in time and was killed: no reason for safer settings
        engines.unload(engine.model.name)
    else:
        engines.report_crash(engine.model.name, error)


def _entries(question: Question, so_far: Answered) -> list[Entry]:
    """The messages, with a summary that was written before the engine had to be started again."""
    made = so_far.summary
    if made is None or not made.message_id:
        return question.entries
    return [replace(e, summary=made.text) if e.id == made.message_id else e for e in question.entries]


def _generate(
    engine: Engine,
    question: Question,
    cancel: Cancel,
    so_far: Answered,
    *,
    reasoning: str,
    forced: Sequence[int],
) -> Generator[StreamEvent | None, None, None]:
    steps = engine.generate(
        so_far.prompt_ids,
        sampling=so_far.sampling,
        max_tokens=question.max_tokens,
        stop=question.stop,
        cancel=cancel,
        begun=so_far.begun,
        forced_ids=forced,
        reasoning=reasoning,
        conversation_id=question.conversation_id,
        is_reproducible=question.is_reproducible,
        step=question.step,
        steering=question.steering,
        adapters=question.paths,
    )
    try:
        while True:
            event = next(steps)
            yield None if event is WAITING else _take(event, question.reply_id, so_far)
    except StopIteration as done:
        _finish(done.value, so_far)
    finally:
        steps.close()


def _take(event: Answer, reply_id: str, so_far: Answered) -> StreamEvent | None:
    if event["event"] == "prompt":
        if "place" not in event:  # else what is written is read again
            so_far.usage = Usage(event["total"], event["cached"], 0)
        return PromptRead(reply_id, event["done"], event["total"], event["cached"])
    if event["event"] == "text":
        so_far.ids += event["ids"]
        so_far.usage = replace(so_far.usage, completion_tokens=len(so_far.ids))
        if event.get("kind", "text") == "reasoning":
            so_far.reasoning += event["text"]
            return TextDelta(reply_id, event["text"], "reasoning")
        so_far.text += event["text"]
        return TextDelta(reply_id, event["text"])
    if event["event"] == "step":
        return _step(event, reply_id, so_far)
    if event["event"] == "adapters":
        return _change(event, reply_id, so_far)
    return None


def _change(event: Answer, reply_id: str, so_far: Answered) -> AdaptersChanged:
    """What the engine tells of other adapters; those that hold are stored with the reply."""
    place, names = so_far.begun + event["place"], tuple(event["told"]["names"])
    if "refused" in event:
        return AdaptersChanged(reply_id, place, refused=event["refused"]["text"])
    adapters = tuple((digest, scale) for digest, scale in event["told"]["adapters"])
    if event["place"] == 0:  # nothing was written with the former ones
        so_far.adapters, so_far.engine["adapters"] = adapters, list(names)
    so_far.engine = with_change(so_far.engine, so_far.adapters, AdapterSet(place, adapters, names))
    return AdaptersChanged(reply_id, place, names)


def _step(event: Answer, reply_id: str, so_far: Answered) -> TokenStep:
    """What the engine tells of one token; which ones a person has picked is stored with the reply."""
    step = TokenStep(
        reply_id,
        so_far.begun + event["place"],
        event["token"],
        tuple(event["stages"]),
        event.get("text", ""),
        event.get("is_picked", False),
        event.get("drawn"),
        event.get("refused"),
    )
    if step.is_picked:
        so_far.engine["picked"] = [*so_far.engine.get("picked", ()), step.place]
    return step


def _finish(result: dict[str, Any], so_far: Answered) -> None:
    so_far.ids = unpack_ids(result["ids"])
    so_far.finish_reason = result["finish_reason"]
    so_far.usage = Usage(**result["usage"])
    so_far.timings = Timings(load_s=so_far.timings.load_s, **result["timings"])
