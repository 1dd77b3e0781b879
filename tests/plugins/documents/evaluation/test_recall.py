"""Recall and the gate on a bilingual set of our own wording: 60 questions in each language."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from teahouse.models.gguf import read_header
from teahouse.models.library import Model
from teahouse.workers.process import Workers
from teahouse_documents.embedding.choice import of_model
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation import squad
from teahouse_documents.evaluation.measures import measures
from teahouse_documents.evaluation.trial import Trial
from teahouse_documents.retrieval.fitting import judge

DATA = Path(__file__).resolve().parents[3] / "data"
ELSEWHERE = {
    "en": ["Who won the football match on Sunday?", "What is the boiling point of mercury?",
           "Which planet has the most moons?", "How do I renew my passport?"],
    "zh": ["星期天的足球比赛谁赢了？", "水银的沸点是多少？", "哪颗行星的卫星最多？", "怎样更换护照？"],
}  # fmt: skip


def test_the_set_is_bilingual_and_each_answer_stands_in_its_paragraph() -> None:
    english, chinese = (squad.read(DATA / f"questions.{language}.json") for language in ("en", "zh"))
    assert len(english.asked) == len(chinese.asked) == 60
    assert len(english.paragraphs) == len(chinese.paragraphs) == 20
    assert [place for _q, place in english.asked] == [place for _q, place in chinese.asked]


@pytest.mark.gguf
@pytest.mark.parametrize("language", ["en", "zh"])
def test_recall_and_gate(tmp_path: Path, embedder_file: Path, language: str) -> None:
    header = read_header(embedder_file)
    embedder = of_model(Model("e5", "llama", embedder_file, header.size_bytes, header=header))
    asked = squad.read(DATA / f"questions.{language}.json")
    with (
        closing(Workers()) as workers,
        closing(Embedding(workers, embedder)) as embedding,
        closing(Trial(tmp_path, embedding)) as trial,
    ):
        for _done in trial.add(asked.paragraphs):
            pass
        ranks = [trial.ask(question, wanted) for question, wanted in asked.asked]
        found = measures([rank.second for rank in ranks])
        assert found["recall@5"] >= 0.98, found
        assert found["recall@1"] >= 0.9, found
        assert _fitting(trial, [question for question, _wanted in asked.asked[::4]], language) >= 13
        assert _fitting(trial, ELSEWHERE[language], language) <= 1


def _fitting(trial: Trial, questions: list[str], language: str) -> int:
    """For how many questions something fits."""
    fits: list[dict[str, Any]] = [trial.fits(question, [()])[0] for question in questions]
    within = [{**fit, "has_words": True, "share": fit["share"] or 0.0} for fit in fits]  # of one language
    return sum(judge(fit, language).is_fitting for fit in within)
