"""Perplexity of texts longer than a context, in overlapping windows."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from teahouse_sampling.scoring import Scoring, perplexity, run_score

if TYPE_CHECKING:
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel


def score_windows(
    engine: Engine, ids: Sequence[int], *, head: Sequence[int], cancel: Cancel
) -> Generator[Scoring, None, dict[str, Any]]:
    """Judge every token that has something before it, once each; yields how far it is.

    Args:
        head: What the model wants before every text, and so before every window.

    Returns:
        `perplexity`, `scored` (how many tokens were judged) and `windows`.
    """
    logprobs: list[float] = []
    windows = list(cut(len(ids), engine.context_length - len(head), first=0 if head else 1))
    for begins, start, ends in windows:
        some = [*head, *ids[begins:ends]]
        steps = run_score(engine, some, start=len(head) + start - begins, top_n=0, cancel=cancel)
        while True:
            try:
                step = next(steps)
            except StopIteration as done:
                logprobs += done.value["logprobs"]
                break
            yield Scoring(len(logprobs) + step.done, len(ids))
    return {"perplexity": perplexity(logprobs), "scored": len(logprobs), "windows": len(windows)}


def cut(count: int, size: int, *, first: int) -> Iterator[tuple[int, int, int]]:
    """(first token read, first token judged, end) of each window.

    Each after the first begins half a window before what it judges, so every token but those at the very
    beginning has at least half a context before it, and a text is read at most twice.

    Args:
        first: The first token that can be judged.
    """
    start, begins = first, 0
    while start < count:
        ends = min(count, begins + size)
        yield begins, start, ends
        start, begins = ends, ends - size // 2
