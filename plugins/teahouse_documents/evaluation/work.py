"""Measuring a set of questions, as a job of the app."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import N_, Translator
from teahouse.jobs import Cancel, Work

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")

ENTRY = "teahouse_documents.evaluation.child:serve"
PHASES = {
    "paragraphs": N_("Indexing paragraphs: {done} of {total}"),
    "tokens": N_("Preparing the second look: {done} of {total}"),
    "questions": N_("Asking questions: {done} of {total}"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a measurement is; `phase` is a key of `PHASES`."""

    phase: str
    done: int
    total: int

    @property
    def text(self) -> str:
        """In words."""
        return _(PHASES[self.phase]).format(done=self.done, total=self.total)


def evaluate(app: App, questions: Path, corpus: Path | None = None) -> Work:
    """Work that measures how well questions find their paragraphs; yields `Step`, returns a JSON object.

    The object has `recall@1`, `recall@5`, `recall@10`, `mrr@10` (0 … 1), `passages`, `questions`, `seconds`,
    and `methods`: the same measures of each list alone, both fused, and after the second look.

    Args:
        corpus: A parallel file whose paragraphs are searched: questions in one language, texts in another.

    Raises:
        ModelError: There is no embedder.
        DocumentsError: A file cannot be used.
    """

    def work(cancel: Cancel) -> Generator[Step, None, dict[str, Any]]:
        from teahouse_documents.embedding.choice import choose, to_json

        embedder = choose(app)
        worker = app.workers.start(ENTRY, cancel=cancel)
        try:
            steps = worker.ask(
                "evaluate",
                cancel,
                questions=str(questions.expanduser().absolute()),
                corpus=str(corpus.expanduser().absolute()) if corpus else "",
                embedder=to_json(embedder),
            )
            while True:
                try:
                    event = next(steps)
                except StopIteration as stop:
                    result: dict[str, Any] = stop.value
                    return result
                if event["event"] == "progress":
                    yield Step(event["phase"], event["done"], event["total"])
        finally:
            worker.close()

    return work
