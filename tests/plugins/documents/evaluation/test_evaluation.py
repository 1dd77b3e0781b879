"""Recall of a set of questions: the files, the measures, and a small set for real."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.jobs import Cancel
from teahouse.models import catalogue
from teahouse.models.library import Library
from teahouse.paths import default_paths
from teahouse.workers.process import Workers
from teahouse_documents.evaluation import Step, evaluate, squad
from teahouse_documents.evaluation.measures import measures, rank_of
from teahouse_documents.values import DocumentsError

ENGLISH = {
    "The tea house opens at nine in the morning.": ["When does the tea house open?"],
    "Rust eats iron where water and air reach it.": ["What does rust do to iron?", "Where does iron rust?"],
    "The match was decided by a penalty.": ["How was the match decided?"],
}
CHINESE = {
    "茶馆早上九点开门。": ["茶馆几点开门？"],
    "水和空气会使铁生锈。": ["什么使铁生锈？", "铁在哪里生锈？"],
    "比赛以点球决定胜负。": ["比赛怎样决定胜负？"],
}


def write(file: Path, texts: dict[str, list[str]], **more: Any) -> Path:
    paragraphs = [{"context": t, "qas": [{"question": q} for q in asked]} for t, asked in texts.items()]
    file.write_text(json.dumps({"data": [{"paragraphs": paragraphs, **more}]}), "utf-8")
    return file


def test_questions_belong_to_distinct_paragraphs(tmp_path: Path) -> None:
    file = write(tmp_path / "q.json", ENGLISH)
    data = json.loads(file.read_text())
    data["data"].append({"paragraphs": [data["data"][0]["paragraphs"][0]]})  # once more the same one
    file.write_text(json.dumps(data))
    found = squad.read(file)
    assert found.paragraphs == tuple(ENGLISH)
    assert [place for _question, place in found.asked] == [0, 1, 1, 2, 0]
    assert found.articles == (0, 0, 0)


def test_a_parallel_corpus_is_searched_instead(tmp_path: Path) -> None:
    asked, corpus = write(tmp_path / "zh.json", CHINESE), write(tmp_path / "en.json", ENGLISH)
    found = squad.read(asked, corpus=corpus)
    assert found.paragraphs == tuple(ENGLISH)
    assert found.asked[1] == ("什么使铁生锈？", 1)
    write(corpus, dict(list(ENGLISH.items())[:2]))
    with pytest.raises(DocumentsError, match="not parallel"):
        squad.read(asked, corpus=corpus)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "SQuAD"), (b"[]", "SQuAD"), (b'{"data": [{}]}', "SQuAD"), (b"\xff\xfe", "SQuAD"),
     (b"[" * 99_999, "SQuAD"),
     (b'{"data": []}', "no questions"), (None, "cannot be read")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "q.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DocumentsError, match=words):
        squad.read(file)


def test_measures() -> None:
    assert measures([1, 2, None, 10]) == {
        "recall@1": 0.25,
        "recall@5": 0.5,
        "recall@10": 0.75,
        "mrr@10": pytest.approx((1 + 0.5 + 0.1) / 4),
    }
    assert measures([]) == {"recall@1": 0.0, "recall@5": 0.0, "recall@10": 0.0, "mrr@10": 0.0}


def test_ranks_count_distinct_paragraphs() -> None:
    assert rank_of(7, [3, 3, 3, 7]) == 2
    assert rank_of(7, range(20)) == 8
    assert rank_of(15, range(20)) is None
    assert rank_of(1, []) is None


def an_app(workers: Workers, embedder_file: Path) -> Any:
    folder = default_paths().models
    folder.mkdir(parents=True)
    (folder / catalogue.find("e5-small").file).symlink_to(embedder_file)
    plugins = SimpleNamespace(call_each=lambda _hook: [])
    settings = SimpleNamespace(get=lambda _key: "")
    return SimpleNamespace(
        models=Library(default_paths()), workers=workers, plugins=plugins, settings=settings
    )


@pytest.mark.gguf
def test_a_set_is_measured_in_both_languages_and_across(
    home: Path, tmp_path: Path, embedder_file: Path
) -> None:
    workers = Workers()
    app = an_app(workers, embedder_file)
    english, chinese = write(tmp_path / "en.json", ENGLISH), write(tmp_path / "zh.json", CHINESE)
    try:
        for asked, corpus in ((english, None), (chinese, None), (chinese, english)):
            steps, told = evaluate(app, asked, corpus)(Cancel()), []
            while True:
                try:
                    told.append(next(steps))
                except StopIteration as stop:
                    found = stop.value
                    break
            assert (found["passages"], found["questions"]) == (3, 4)
            assert found["recall@1"] == found["recall@10"] == found["mrr@10"] == 1.0
            assert found["seconds"] > 0
            assert set(found["methods"]) == {"words", "vectors", "fused", "second"}
            if corpus is not None:
                assert found["methods"]["words"]["recall@10"] == 0.0
            assert {step.phase for step in told} == {"paragraphs", "tokens", "questions"}
            assert Step("questions", 3, 4).text == "Asking questions: 3 of 4"
        assert not list(tmp_path.glob("teahouse-eval-*"))
    finally:
        workers.close()
