"""Recall on XQuAD, and how often the gate says rightly and wrongly that nothing fits."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import xquad
from bench.answers.kept import Kept, Row
from bench.answers.xquad import Asked, Questions
from bench.finding import with_embedder
from bench.ratio import Count, Result
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation.measures import measures
from teahouse_documents.evaluation.trial import Trial
from teahouse_documents.retrieval.fitting import judge
from teahouse_documents.retrieval.phrasing import language_of

if TYPE_CHECKING:
    from bench.measurements import Say

METHODS = ("words", "vectors", "fused", "second")
WANTED = {
    ("en", "en"): {"recall@1": 0.96, "recall@5": 0.994},
    ("zh", "zh"): {"recall@1": 0.95, "recall@5": 0.99},
    ("zh", "en"): {"recall@5": 0.88},
}
"""Language of the questions, of the paragraphs → what must be reached."""
REFUSED_AT_MOST = 0.05
MISSED_AT_MOST = {"en": (0.08, 0.40), "zh": (0.08, 0.55)}
"""Questions for which something is said to fit: the whole article is absent, only the paragraph is."""


def measure(folder: Path, kept: Path, say: Say) -> list[Result]:
    """A table of recall for each pair of languages, and of the gate within each language."""
    sets = {language: xquad.read(xquad.file_of(folder, language)) for language in ("en", "zh")}
    rows: dict[tuple[str, str], list[Row]] = {}
    for searched in ("zh", "en"):
        pairs = [pair for pair in WANTED if pair[1] == searched]
        rows |= _rows(sets, pairs, kept, say)
    results: list[Result] = []
    for pair, wanted in WANTED.items():
        results += recall(pair, wanted, rows[pair])
    for language in ("en", "zh"):
        results += gate(language, sets[language].asked, rows[language, language])
    return results


def recall(pair: tuple[str, str], wanted: Mapping[str, float], rows: Sequence[Row]) -> list[Result]:
    """What is missed, after the second look, with all measures of each method beside it."""
    found: dict[str, Any] = {name: measures([row["ranks"][name] for row in rows]) for name in METHODS}
    title = f"XQuAD, {pair[0]} questions in {pair[1]} paragraphs"
    told = {"questions": len(rows), "methods": found}
    last = found[METHODS[-1]]
    return [
        Count(f"{title}: 1 - {name}", 1 - last[name], round(1 - w, 4), told) for name, w in wanted.items()
    ]


def gate(language: str, asked: Sequence[Asked], rows: Sequence[Row]) -> list[Result]:
    """The share of false refusals, and of questions that are let through though nothing answers them."""
    fitting = [
        [judge(_within(fit), language_of(one.question)).is_fitting for fit in row["fits"]]
        for one, row in zip(asked, rows, strict=True)
    ]
    there, no_paragraph, no_article = (sum(column) / len(rows) for column in zip(*fitting, strict=True))
    article, paragraph = MISSED_AT_MOST[language]
    title, told = f"gate, {language}", {"questions": len(rows)}
    return [
        Count(f"{title}: false refusals", 1 - there, REFUSED_AT_MOST, told),
        Count(f"{title}: the article is absent, not noticed", no_article, article, told),
        Count(f"{title}: only the paragraph is absent, not noticed", no_paragraph, paragraph, told),
    ]


def _within(fit: Mapping[str, Any]) -> dict[str, Any]:
    """As the retriever tells it where question and paragraphs are of one language."""
    return {**fit, "has_words": True, "share": fit.get("share") or 0.0}


def _rows(
    sets: Mapping[str, Questions], pairs: Sequence[tuple[str, str]], kept: Path, say: Say
) -> dict[tuple[str, str], list[Row]]:
    """The rows of the questions that are asked of one language's paragraphs."""
    files = {pair: Kept(kept / f"ranks-{pair[0]}-{pair[1]}.jsonl") for pair in pairs}
    ids = {pair: [one.id for one in sets[pair[0]].asked] for pair in pairs}
    if any(files[pair].missing(ids[pair]) for pair in pairs):
        searched = sets[pairs[0][1]]
        with (
            with_embedder() as (workers, embedder),
            tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder,
            closing(Embedding(workers, embedder)) as embedding,
            closing(Trial(Path(folder), embedding)) as trial,
        ):
            for done in trial.add(searched.paragraphs):
                say(f"XQuAD {pairs[0][1]}: paragraph {done} …")
            for pair in pairs:
                asked = {one.id: one for one in sets[pair[0]].asked}
                for done in files[pair].fill(ids[pair], lambda one, a=asked: _ask(trial, searched, a[one])):
                    say(f"XQuAD {pair[0]} in {pair[1]}: question {done} of {len(asked)} …")
    return {pair: files[pair].of(ids[pair]) for pair in pairs}


def _ask(trial: Trial, searched: Questions, one: Asked) -> Row:
    """Where its paragraph is ranked, and how well something fits: all there, paragraph or article away."""
    gone = [frozenset[int](), frozenset((one.place,)), searched.of_article(one.article)]
    return {
        "ranks": asdict(trial.ask(one.question, one.place)),
        "fits": trial.fits(one.question, gone),
    }
