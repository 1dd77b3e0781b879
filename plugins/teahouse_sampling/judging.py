"""Tokens judged by a loaded model, each stretch of them under the adapters that held there."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.engine.scored import PARTS
from teahouse.errors import ContextError
from teahouse.workers.process import WAITING
from teahouse_sampling.judged import Alternative, Changes, Judged, Scored, Scoring
from teahouse_sampling.sent import Sent
from teahouse_sampling.spelling import Spelled, spell_all

if TYPE_CHECKING:
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel

_ = Translator("teahouse_sampling")

NONE: dict[str, list[Any]] = {"ids": [], "probabilities": []}


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
