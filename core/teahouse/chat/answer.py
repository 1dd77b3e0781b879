"""Messages in, a model's answer out; nothing is stored here."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from teahouse.engine.client import Engines
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, EngineCrashed
from teahouse.jobs import Cancel
from teahouse.messages import FinishReason, PromptRead, StreamEvent, TextDelta, Timings, Usage
from teahouse.models.library import Model
from teahouse.workers.process import WAITING, Answer
from teahouse.workers.wire import unpack_ids

RESTARTS_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which model, and how.

    Attributes:
        messages: `{role, content}` from the first to the last.
        reply_id: The id that the stream events carry.
    """

    model: str
    messages: tuple[Mapping[str, str], ...]
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 2048
    stop: tuple[str, ...] = ()
    reply_id: str = ""


@dataclass(slots=True)
class Answered:
    """What has been answered so far; complete when `answer` has returned.

    A crash leaves here what had arrived, so that nothing is lost.
    """

    model: Model | None = None
    model_hash: str = ""
    text: str = ""
    ids: list[int] = field(default_factory=list)
    prompt_ids: list[int] = field(default_factory=list)
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
    most. What has been written is the person's: after that a retry is theirs to ask for.

    Raises:
        AppError: No such model, a template that refuses, a context that is full …
        EngineCrashed: The engine died; `so_far` holds what had arrived.
    """
    so_far.sampling = question.sampling.seeded()
    crashed = 0
    while True:
        try:
            engine = yield from _answer(engines, question, cancel, so_far)
            if crashed:
                engines.remember(engine)  # the same question went well with safer settings: they helped
            return
        except AppError as error:
            if cancel.is_set():
                so_far.finish_reason = "stopped"
                return
            crashed += 1
            name = so_far.model.name if so_far.model else ""
            is_over = so_far.text or crashed > RESTARTS_AT_MOST or not engines.has_safer_step(name)
            if is_over or not isinstance(error, EngineCrashed):
                if crashed > 1:
                    engines.forget_steps(name)  # no settings helped: the question is to blame
                raise
            engines.announce_restart(name, error)


def _answer(
    engines: Engines, question: Question, cancel: Cancel, so_far: Answered
) -> Generator[StreamEvent | None, None, Engine]:
    loaded_before, so_far.model = engines.loaded, None
    engine = yield from engines.open(question.model, cancel)
    so_far.model, so_far.model_hash = engine.model, engine.model_hash
    so_far.engine = {**engine.config.as_json(), "system": engine.facts.get("system", "")}
    was_loaded = engine.model.name in loaded_before
    load_s = 0.0 if was_loaded else float(engine.facts.get("load_s", 0.0))
    so_far.timings = Timings(load_s=load_s)
    try:
        so_far.prompt_ids = engine.render(question.messages, cancel).ids
        yield from _generate(engine, question, cancel, so_far)
        return engine
    except EngineCrashed as error:
        if cancel.is_set():  # it did not stop in time and was killed: no reason for safer settings
            engines.unload(engine.model.name)
        else:
            engines.report_crash(engine.model.name, error)
        raise


def _generate(
    engine: Engine, question: Question, cancel: Cancel, so_far: Answered
) -> Generator[StreamEvent | None, None, None]:
    steps = engine.generate(
        so_far.prompt_ids,
        sampling=so_far.sampling,
        max_tokens=question.max_tokens,
        stop=question.stop,
        cancel=cancel,
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
        so_far.usage = Usage(event["total"], event["cached"], 0)
        return PromptRead(reply_id, event["done"], event["total"], event["cached"])
    if event["event"] == "text":
        so_far.text += event["text"]
        so_far.ids += event["ids"]
        so_far.usage = replace(so_far.usage, completion_tokens=len(so_far.ids))
        return TextDelta(reply_id, event["text"])
    return None


def _finish(result: dict[str, Any], so_far: Answered) -> None:
    so_far.ids = unpack_ids(result["ids"])
    so_far.finish_reason = result["finish_reason"]
    so_far.usage = Usage(**result["usage"])
    so_far.timings = Timings(load_s=so_far.timings.load_s, **result["timings"])
