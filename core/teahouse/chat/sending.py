"""What of a question is sent: its messages, the passages found for it, and what the reply has said before."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from dataclasses import replace

from teahouse.chat.adapter_changes import Sets, until, with_set
from teahouse.chat.beginning import as_sent, begun_ids, cannot_go_on, is_own, with_begun
from teahouse.chat.context import Fitted, fit
from teahouse.chat.history import Entry
from teahouse.chat.inquiry import Answered, Question
from teahouse.chat.sources import with_sources
from teahouse.engine.loaded import Engine
from teahouse.errors import ContextError
from teahouse.jobs import Cancel
from teahouse.messages import StreamEvent

EACH_TOKENS = 8
"""What the template adds to a message, and lines between passages; about."""


def fit_question(
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
        go_on(so_far, beginning.adapters, len(begun), question)
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


def go_on(so_far: Answered, before: Sets, place: int, question: Question) -> None:
    """From this place on the reply is new; what it begins with was made with the sets `before`."""
    new = question.adapter_set._replace(place=place)
    so_far.adapters, so_far.goes_on = with_set(until(before, place), new), place


def _entries(question: Question, so_far: Answered) -> list[Entry]:
    """The messages, with a summary that was written before the engine had to be started again."""
    made = so_far.summary
    if made is None or not made.message_id:
        return question.entries
    return [replace(e, summary=made.text) if e.id == made.message_id else e for e in question.entries]
