"""A summary of the messages that no longer fit, written by the model that is asked."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from teahouse.chat.history import Entry
from teahouse.engine.loaded import Engine, Rendered
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.messages import StreamEvent, Summarising
from teahouse.workers.process import WAITING
from teahouse.workers.wire import Answer

# Read by the model, in the language that most models know best: not translated.
HEADING = "Summary of the earlier part of this conversation, which is no longer shown:"
ASK = (
    "Summarise our conversation so far, for yourself: it will no longer be shown to you. Keep names, facts,"
    " numbers, decisions and open questions; leave out greetings. Write in the language of the conversation,"
    " at most {words} words, nothing but the summary."
)
BEFORE = "(Earlier messages are left out here.)"

STEADY = Sampling(temperature=0.0, repeat_penalty=1.1, seed=0)
HEADING_TOKENS = 32
SHARE = 8
"""A summary takes at most this part of the context."""

THINKING = 4
"""A model that cannot but think first may write so many times as much."""

BYTES_EACH = 8
"""Bytes a token: texts with more than this for each token of the context are halved unread."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands for the messages up to and with `message_id`.

    Attributes:
        source: The model that wrote it.
        is_trusted: False where anything that it covers is not.
    """

    message_id: str
    text: str
    source: str
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class SummaryTask:
    """What to summarise: `entries` after what `known` covers, as they stood in the prompt before.

    Attributes:
        is_reproducible: Read everything anew, as for the reply.
        adapters: (path, scale) of those that are on for the reply.
    """

    entries: Sequence[Entry]
    known: str
    reply_id: str
    is_reproducible: bool = False
    adapters: tuple[tuple[str, float], ...] = ()


def longest_summary(context: int) -> int:
    """Tokens that a summary with its heading takes at most."""
    return context // SHARE + HEADING_TOKENS


def with_summary(entries: Sequence[Entry], summary: str) -> list[Entry]:
    """The entries with a summary at the end of the system prompt."""
    text = f"{HEADING}\n{summary}"
    if entries and entries[0].role == "system":
        return [replace(entries[0], content=f"{entries[0].content}\n\n{text}"), *entries[1:]]
    return [Entry("system", text), *entries]


def summarise(
    engine: Engine, task: SummaryTask, cancel: Cancel, *, render: Callable[[Sequence[Entry]], Rendered]
) -> Generator[StreamEvent | None, None, str]:
    """Let the model write a summary; empty when it wrote none or was stopped.

    The messages are sent as they stood in the prompt before, with a request at the end, so that the model
    need not read them again. What does not fit at once is summarised piece by piece, each summary the
    beginning of the next.

    Raises:
        AppError: The model or its template refused.
        EngineCrashed: The engine died.
    """
    longest = engine.context_length // SHARE
    head = list(task.entries[:1]) if task.entries[:1] and task.entries[0].role == "system" else []
    summary, pending = task.known, [list(task.entries[len(head) :])]
    while pending:
        piece = pending.pop()
        rendered = render(_prompt(engine, head, piece, summary)) if _may_fit(piece, engine) else None
        if rendered is None or len(rendered.ids) + longest > engine.context_length:
            pending += reversed(halves(piece))
            continue
        room = engine.context_length - len(rendered.ids)
        most = min(room, longest * THINKING) if rendered.reasoning else longest
        summary = yield from _write(engine, rendered, task, most, cancel)
        if not summary or cancel.is_set():
            return ""
    return summary


def halves(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Two parts of about the same length, parted between messages, or in the middle of the only one.

    Raises:
        ContextError: Nothing is left to part.
    """
    if len(entries) > 1:
        lengths = [len(entry.content) for entry in entries]
        middle = min(
            range(1, len(entries)), key=lambda number: abs(sum(lengths[:number]) - sum(lengths[number:]))
        )
        return entries[:middle], entries[middle:]
    text = entries[0].content if entries else ""
    if len(text) < 2:
        raise ContextError(_("There is no room for a summary in the model's context."))
    alone = replace(entries[0], ids=(), reasoning="")
    middle = len(text) // 2
    return [replace(alone, content=text[:middle])], [replace(alone, content=text[middle:])]


def _may_fit(entries: Sequence[Entry], engine: Engine) -> bool:
    return sum(len(entry.content.encode("utf-8", "replace")) for entry in entries) <= (
        engine.context_length * BYTES_EACH
    )


def _prompt(engine: Engine, head: Sequence[Entry], piece: Sequence[Entry], summary: str) -> list[Entry]:
    shown = [*head, *piece]
    if piece and piece[0].role != "user":  # many templates take nothing else first
        shown = [*head, Entry("user", BEFORE), *piece]
    ask = Entry("user", ASK.format(words=max(20, engine.context_length // SHARE // 2)))
    return [*(with_summary(shown, summary) if summary else shown), ask]


def _write(
    engine: Engine, rendered: Rendered, task: SummaryTask, max_tokens: int, cancel: Cancel
) -> Generator[StreamEvent | None, None, str]:
    steps = engine.generate(
        rendered.ids,
        sampling=STEADY,
        max_tokens=max_tokens,
        stop=(),
        cancel=cancel,
        reasoning=rendered.reasoning,
        is_reproducible=task.is_reproducible,
        adapters=task.adapters,
    )
    progress = _Progress(task.reply_id, len(rendered.ids) + max_tokens)
    try:
        for event in steps:
            yield None if event is WAITING else progress.take(event)
    finally:
        steps.close()
    return progress.text.strip()


class _Progress:
    """How far one summary is, and what it says so far."""

    def __init__(self, reply_id: str, total: int) -> None:
        self.text = ""
        self._reply_id = reply_id
        self._total = total
        self._read = self._written = 0

    def take(self, event: Answer) -> Summarising:
        """Take in what the engine says."""
        if event["event"] == "prompt":
            self._read = event["done"]
        elif event["event"] == "text":
            self._written += len(event["ids"])
            if event.get("kind", "text") == "text":
                self.text += event["text"]
        return Summarising(self._reply_id, self._read + self._written, self._total)
