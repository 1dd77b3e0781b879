"""What of a conversation is sent, counted in the model's own tokens before anything is computed.

Everything, where it fits beside a reserve for the reply. Where it does not, the policy decides: refuse;
drop the oldest turns; or let a summary stand for them. The system prompt, pinned messages and the last
question with what follows it are always sent, whole.

Turns are left out in large steps, so that the beginning of the prompt stays the same for many replies
and what the model has read of it stays valid. Where the steps lie follows from the messages alone: no
state is needed, and every branch and every start of the app finds the same.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from teahouse.chat.cuts import find_cuts, find_places, is_kept
from teahouse.chat.history import Entry
from teahouse.chat.refusal import refusal
from teahouse.chat.summary import Summary, SummaryTask, longest_summary, summarise, with_summary
from teahouse.engine.loaded import Engine, Rendered
from teahouse.errors import AppError, ContextError, EngineCrashed, OutOfMemory
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import ContextFitted, StreamEvent

if TYPE_CHECKING:
    from teahouse.chat.answer import Question

log = logging.getLogger(__name__)

LEAST_RESERVE = 16
"""Tokens that are always left for the reply, unless fewer are wanted."""

STEP = 0.75
"""Share of the room for turns that one step leaves out; never less than a quarter of the context.

After a step what is left must be read again: less than half of what will be new before the next step, so
that over a long conversation at most half as much again is read as was ever said. Smaller steps keep
more in view and read more: quarters of the context would read three times as much.
"""

LONG_BYTES = 8
"""Bytes a token: texts that have more than this for each token of the context are counted first."""

LONG_SHARE = 8
"""A system prompt that takes at least this part of the context is named where something does not fit."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is sent.

    Attributes:
        not_sent: Ids of the messages that are left out, oldest first.
        summary: One that was made for this prompt and is not stored yet.
    """

    rendered: Rendered
    context: int
    start: int = 0
    not_sent: tuple[str, ...] = ()
    is_summarised: bool = False
    summary: Summary | None = None

    def event(self, reply_id: str) -> ContextFitted:
        """As the turn tells it."""
        return ContextFitted(
            reply_id,
            len(self.rendered.ids),
            self.context,
            self.not_sent,
            self.is_summarised,
            self.rendered.repair,
        )


def fit(
    engine: Engine,
    entries: Sequence[Entry],
    question: Question,
    cancel: Cancel,
    *,
    can_write: bool = True,
    begun: int = 0,
) -> Generator[StreamEvent | None, None, Fitted]:
    """Decide what is sent; yields how far a summary is, where one must be made.

    Args:
        entries: The whole conversation, the system prompt first.
        can_write: False for a look: instead of a summary that is still to be made, words stand that say so.
        begun: Tokens that follow the prompt before the model writes.

    Raises:
        ContextError: It does not fit; nothing was computed.
        TemplateError: The model's template does not take the messages.
    """
    return (yield from _Fitting(engine, entries, question, cancel, begun).run(can_write=can_write))


class _Fitting:
    """One decision on its way."""

    def __init__(
        self, engine: Engine, entries: Sequence[Entry], question: Question, cancel: Cancel, begun: int
    ) -> None:
        self._engine = engine
        self._entries = list(entries)
        self._question = question
        self._cancel = cancel
        self._begun = begun
        self._context = engine.context_length - begun
        self._reserve = min(question.max_tokens, self._context // 4)
        self._least_reserve = min(question.max_tokens, LEAST_RESERVE)
        self._can_be_cut = bool(find_places(self._entries, [1] * len(self._entries)))
        self._least_tokens = 0

    def run(self, *, can_write: bool) -> Generator[StreamEvent | None, None, Fitted]:
        if not self._entries:
            raise ContextError(_("There is nothing to send."))
        can_cut = self._question.overflow != "refuse" and self._can_be_cut
        whole = self._try(0, reserve=self._reserve if can_cut else self._least_reserve)
        if whole is not None:
            return whole
        if not can_cut:
            raise self._error()
        if self._question.overflow == "summarise":
            return (yield from self._summarised(can_write=can_write))
        return self._dropped()

    # --- leaving out ----------------------------------------------------------------------------------

    def _dropped(self) -> Fitted:
        dropped = self._cut(spare=0)
        if dropped is None:
            raise self._error()
        return dropped

    def _cut(self, *, spare: int) -> Fitted | None:
        """With as little left out as fits, and `spare` tokens still free for a summary."""
        for start, reserve in self._candidates(spare):
            fitted = self._try(start, reserve=reserve, spare=spare)
            if fitted is not None:
                return fitted
        return None

    def _candidates(self, spare: int) -> Iterator[tuple[int, int]]:
        """(where to start, what to reserve), the least cut first; those that cannot fit are passed over."""
        counts = self._counts()
        kept = sum(count for entry, count in zip(self._entries, counts, strict=True) if is_kept(entry))
        room = self._context - self._reserve - spare
        least = self._context // 4 + self._context // 64  # what is counted here is a little inexact
        cuts = find_cuts(self._entries, counts, least=least, most=int((room - kept) * STEP))
        for cut in cuts[:-1]:
            if sum(counts) - cut.tokens <= room:
                yield cut.start, self._reserve
        yield from ((cut.start, self._least_reserve) for cut in cuts[-1:])

    def _counts(self) -> list[int]:
        """Tokens of each entry, with what the template adds to it."""
        texts = [entry.content for entry in self._entries]
        letter, *counts = self._engine.count(["a", *texts], self._cancel)
        turn = [Entry("user", "a"), Entry("assistant", "a")]
        one, two = (len(self._render([*turn * times, turn[0]]).ids) for times in (1, 2))
        added = max(0, (two - one) // 2 - letter)
        return [count + added for count in counts]

    def _is_far_too_long(self, entries: Sequence[Entry]) -> bool:
        """Whether the texts alone, without what the template adds, are more than the context."""
        texts = [entry.content for entry in entries]
        if sum(len(text.encode("utf-8", "replace")) for text in texts) <= self._context * LONG_BYTES:
            return False
        tokens = sum(self._engine.count(texts, self._cancel))
        if tokens <= self._context:
            return False
        self._least_tokens = min(self._least_tokens or tokens, tokens)
        return True

    def _try(self, start: int, *, reserve: int, spare: int = 0, summary: str = "") -> Fitted | None:
        """The prompt that leaves out what may be left out before `start`; None where it does not fit.

        What is far too long is not rendered: the template would be blamed for its length.
        """
        kept = [*filter(is_kept, self._entries[:start]), *self._entries[start:]]
        if self._is_far_too_long(kept):
            return None
        rendered = self._render(with_summary(kept, summary) if summary else kept)
        self._least_tokens = min(self._least_tokens or len(rendered.ids), len(rendered.ids))
        if len(rendered.ids) + spare + reserve > self._context:
            return None
        gone = [entry.id for entry in self._entries[:start] if not is_kept(entry)]
        return Fitted(rendered, self._context, start, tuple(gone), bool(summary))

    def _render(self, entries: Sequence[Entry], *, is_summary: bool = False) -> Rendered:
        wanted = False if is_summary else self._question.has_reasoning
        return self._engine.render(
            [entry.as_json(self._engine.model_hash) for entry in entries],
            self._cancel,
            has_reasoning=wanted if self._engine.can_switch_reasoning else None,
        )

    # --- summarising ----------------------------------------------------------------------------------

    def _summarised(self, *, can_write: bool) -> Generator[StreamEvent | None, None, Fitted]:
        """As `_dropped`, with a summary where there is room for one and it can be had."""
        dropped = self._cut(spare=longest_summary(self._context))
        if dropped is None:
            return self._dropped()
        covered = self._entries[: dropped.start]
        text, new = covered[-1].summary, None
        if not text and not can_write:
            text = _("(a summary of what is left out, written when the message is sent)")
        if not text:
            new = yield from self._summary_of(covered)
            text = new.text if new else ""
        fitted = self._try(dropped.start, reserve=self._least_reserve, summary=text) if text else None
        return replace(fitted, summary=new) if fitted is not None else dropped

    def _summary_of(self, covered: list[Entry]) -> Generator[StreamEvent | None, None, Summary | None]:
        """A new summary that goes on from the last one; None where the model could not write it."""
        since = max((number + 1 for number, entry in enumerate(covered) if entry.summary), default=0)
        before = covered[since - 1] if since else None
        task = SummaryTask(
            entries=[*filter(is_kept, covered[:since]), *covered[since:]],
            known=before.summary if before else "",
            reply_id=self._question.reply_id,
            is_reproducible=self._question.is_reproducible,
            adapters=self._question.paths,
        )
        try:
            render = partial(self._render, is_summary=True)
            text = yield from summarise(self._engine, task, self._cancel, render=render)
        except (EngineCrashed, OutOfMemory):
            raise
        except AppError as error:  # the person sees that messages are left out and nothing stands for them
            log.info("no summary could be written: %s", error)
            return None
        is_trusted = all(entry.is_trusted for entry in ([before] if before else []) + covered[since:])
        return Summary(covered[-1].id, text, self._engine.model.name, is_trusted) if text else None

    # --- not at all -----------------------------------------------------------------------------------

    def _is_system_prompt_long(self) -> bool:
        """Whether the system prompt takes so much that to shorten it would help."""
        texts = [entry.content for entry in self._entries if entry.role == "system"]
        return bool(texts) and sum(self._engine.count(texts, self._cancel)) >= self._context // LONG_SHARE

    def _error(self) -> ContextError:
        return refusal(
            self._least_tokens + self._begun,
            self._context + self._begun,
            could_be_cut=self._question.overflow == "refuse" and self._can_be_cut,
            is_system_long=self._is_system_prompt_long(),
            files=next((entry.files for entry in reversed(self._entries) if entry.role == "user"), ()),
        )
