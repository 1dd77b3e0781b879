"""The process in which questions are measured; it has the embedder as a child of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any

from teahouse.errors import EngineError
from teahouse.language import _
from teahouse.workers.child import Call, Server
from teahouse.workers.process import Workers
from teahouse_documents.embedding import from_json
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation import squad
from teahouse_documents.evaluation.measures import measures
from teahouse_documents.evaluation.trial import Ranks, Trial
from teahouse_documents.search.reranker import Reranker
from teahouse_documents.search.reranking import Reranking

METHODS = ("words", "vectors", "fused", "second", "rerank")
TOLD_EACH = 5


def serve(server: Server) -> None:
    """Register the verb."""
    server.verb("evaluate", run)


def run(
    call: Call,
    *,
    questions: str,
    embedder: Mapping[str, Any],
    corpus: str = "",
    most: int = 0,
    target: int = 0,
    threads: int = 1,
    reranker: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Index the paragraphs and ask every question.

    Emits `progress` (phase `paragraphs`, `tokens` or `questions`, done, total).

    Returns:
        The measures of the whole search, `passages`, `questions`, `seconds`, `methods`: the measures of each
        list alone, of both fused, after the second look and after a reranker; and each question's ranks.
    """
    begun = time.monotonic()
    asked = squad.read(Path(questions), corpus=Path(corpus) if corpus else None)
    lengths = {name: value for name, value in (("most", most), ("target", target)) if value}
    with (
        tempfile.TemporaryDirectory(prefix="teahouse-eval-", ignore_cleanup_errors=True) as folder,
        closing(Workers()) as workers,
        closing(Embedding(workers, from_json(embedder), threads=threads)) as embedding,
        _reranking(workers, reranker, threads) as reranking,
        closing(Trial(Path(folder), embedding, reranking=reranking, **lengths)) as trial,
    ):
        _follow(call, "paragraphs", trial.add(asked.paragraphs), len(asked.paragraphs))
        _follow(call, "tokens", trial.prepare(), trial.count)
        ranks: list[Ranks] = []
        _follow(call, "questions", _ask(trial, asked, ranks), len(asked.asked))
        methods = METHODS if reranker else METHODS[:-1]
        found = {name: measures([getattr(rank, name) for rank in ranks]) for name in methods}
        told = [
            {"question": question, "ranks": {name: getattr(rank, name) for name in methods}}
            for (question, _wanted), rank in zip(asked.asked, ranks, strict=True)
        ]
        return {
            **found[methods[-1]],
            "passages": len(asked.paragraphs),
            "questions": len(ranks),
            "seconds": round(time.monotonic() - begun, 1),
            "chunks": trial.count,
            "methods": found,
            "asked": told,
        }


def _reranking(
    workers: Workers, spec: Mapping[str, Any] | None, threads: int
) -> AbstractContextManager[Reranking | None]:
    if spec is None:
        return nullcontext()
    return closing(Reranking(workers, Reranker.from_json(spec), threads=threads))


def _ask(trial: Trial, asked: squad.Questions, ranks: list[Ranks]) -> Iterator[int]:
    for question, wanted in asked.asked:
        ranks.append(trial.ask(question, wanted))
        yield len(ranks)


def _follow(call: Call, phase: str, steps: Iterator[int], total: int) -> None:
    for done in steps:
        if call.is_cancelled:
            raise EngineError(_("Stopped."))
        if done % TOLD_EACH == 0 or done == total:
            call.emit("progress", phase=phase, done=done, total=total)
