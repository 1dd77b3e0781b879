"""Measuring a set of questions, as a job of the app."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel, Work
from teahouse_documents.chunking import chunks
from teahouse_documents.evaluation import own
from teahouse_documents.evaluation.steps import Step

if TYPE_CHECKING:
    from teahouse.app import App

ENTRY = "teahouse_documents.evaluation.child:serve"


@dataclass(frozen=True, slots=True)
class Trying:
    """What is tried in the place of what is in force; for sets in SQuAD's format, which are indexed for it.

    Attributes:
        embedder: Name of an embedding model; empty for the one in force.
        target: Tokens that a passage of longer text should have; 0 for the usual ones.
    """

    embedder: str = ""
    target: int = 0

    @property
    def lengths(self) -> dict[str, int]:
        """As the child takes them; none for the usual ones."""
        return {"target": self.target, "most": max(self.target, chunks.MOST_TOKENS)} if self.target else {}


USUAL = Trying()


def evaluate(
    app: App,
    questions: Path,
    corpus: Path | None = None,
    *,
    trying: Trying = USUAL,
    collections: Sequence[str] = (),
) -> Work:
    """Work that measures how well questions find what answers them; yields `Step`, returns a JSON object.

    The object has `recall@1`, `recall@5`, `recall@10`, `mrr@10` (0 … 1), `passages`, `questions`, `seconds`,
    `methods`: the same measures of each list alone, both fused, after the second look and the reranker;
    and `asked`: each question with its ranks.

    A set in SQuAD's format is indexed in a temporary collection; one of the person's own (`own.is_own`) is
    searched for in their library.

    Args:
        corpus: A parallel file whose paragraphs are searched: questions in one language, texts in another.
        collections: Where one's own set is searched; empty for everywhere.

    Raises:
        ModelError: There is no embedder.
        DocumentsError: A file cannot be used.
    """

    questions = questions.expanduser().absolute()

    def work(cancel: Cancel) -> Generator[Step, None, dict[str, Any]]:
        if own.is_own(questions):
            from teahouse_documents.library import Library

            asked = own.read_own(questions)
            return (yield from own.measure(Library.of(app), asked, cancel, collections=collections))
        from teahouse_documents.embedding.choice import choose, of_model, to_json
        from teahouse_documents.search import reranker

        embedder = of_model(app.models.find(trying.embedder)) if trying.embedder else choose(app)
        ranks = reranker.choose(app)
        worker = app.workers.start(ENTRY, cancel=cancel)
        try:
            steps = worker.ask(
                "evaluate",
                cancel,
                questions=str(questions),
                corpus=str(corpus.expanduser().absolute()) if corpus else "",
                embedder=to_json(embedder),
                reranker=ranks.as_json() if ranks else None,
                **trying.lengths,
            )
            return (yield from _steps(steps))
        finally:
            worker.close()

    return work


def _steps(events: Generator[dict[str, Any], None, Any]) -> Generator[Step, None, dict[str, Any]]:
    """How far the child is, then what it found."""
    while True:
        try:
            event = next(events)
        except StopIteration as stop:
            result: dict[str, Any] = stop.value
            return result
        if event["event"] == "progress":
            yield Step(event["phase"], event["done"], event["total"])
