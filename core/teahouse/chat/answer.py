"""Messages in, a model's answer out; nothing is stored here."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from teahouse.chat.branch import Departure, depart
from teahouse.chat.context import Fitted, fit
from teahouse.chat.hearing import finish, take
from teahouse.chat.inquiry import Answered, Overflow, Question
from teahouse.chat.sending import fit_question, go_on
from teahouse.engine.client import Engines
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, EngineCrashed, EngineError, OutOfMemory
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import StreamEvent, TextDelta, Timings
from teahouse.models.library import Model
from teahouse.workers.process import WAITING

__all__ = ["Answered", "Overflow", "Question", "answer", "look", "with_biases"]

RESTARTS_AT_MOST = 2


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
    so_far.adapters, so_far.goes_on = (question.adapter_set,), 0
    was_loaded = engine.model.name in loaded_before
    load_s = 0.0 if was_loaded else float(engine.facts.get("load_s", 0.0))
    so_far.timings = Timings(load_s=load_s)
    try:
        departure = depart(engine, question.point) if question.point else None
        fitted = (
            departure.fitted if departure else (yield from fit_question(engine, question, cancel, so_far))
        )
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


def _tell_kept(
    departure: Departure, question: Question, so_far: Answered
) -> Generator[StreamEvent, None, None]:
    """What is kept of a reply that is begun again; once, also where the engine must be started again."""
    assert question.point is not None
    so_far.begun = so_far.engine["begun"] = departure.begun
    so_far.engine["branch"] = question.point.branch.as_json()
    so_far.engine["picked"] = question.point.picked
    go_on(so_far, question.point.sent.adapters, len(question.point.kept), question)
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
            yield None if event is WAITING else take(event, question.reply_id, so_far)
    except StopIteration as done:
        finish(done.value, so_far)
    finally:
        steps.close()
