"""A reranker's scores, by the engine's verb `rank`, of tiny models whose order can be told beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.engine.configuration import EngineConfig
from teahouse.errors import ContextError
from teahouse.workers.process import Worker, Workers
from tests.core.engine import rerankers

TEXTS = ["tea house opens nine", "rust eats iron", "rust rust iron", "iron water"]


def load(workers: Workers, path: Path) -> Worker:
    worker = workers.start("teahouse.engine.child:serve", readable=[path])
    config = EngineConfig(context=512, batch=512, threads=1, gpu_layers=0, states_bytes=0)
    worker.call("load", path=str(path), config=config.as_json())
    return worker


@pytest.fixture(scope="module")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Worker]]:
    folder, workers = tmp_path_factory.mktemp("rerankers"), Workers()
    yield {
        "bert": load(workers, rerankers.write_bert(folder / "bert.gguf")),
        "qwen": load(workers, rerankers.write_qwen(folder / "qwen.gguf")),
    }
    workers.close()


def rank(child: Worker, query: str, texts: list[str]) -> list[float]:
    answer: dict[str, Any] = child.call("rank", query=query, texts=texts)
    scores: list[float] = answer["scores"]
    assert len(scores) == len(texts)
    return scores


@pytest.mark.parametrize("name", ["bert", "qwen"])
def test_texts_are_ranked(children: dict[str, Worker], name: str) -> None:
    texts = TEXTS if name == "bert" else ["abc", "rabc", "rrra", "bbcd"]
    scores = rank(children[name], "iron ?" if name == "bert" else "q", texts)
    assert sorted(range(4), key=lambda place: -scores[place])[:2] == [2, 1]
    assert min(scores[1:3]) > max(scores[0], scores[3])


def test_two_labels_give_a_probability(children: dict[str, Worker]) -> None:
    low, high = rank(children["qwen"], "q", ["abc" * 20, "r" * 60])
    assert 0.0 <= low < 0.9 < high <= 1.0


def test_a_text_cannot_speak_for_the_template(children: dict[str, Worker]) -> None:
    """`<|x|>` as a control token would send the score to 1; as letters it is nothing special."""
    plain, attack, in_question = (
        *rank(children["qwen"], "q", ["aaaaa", "<|x|>"]),
        *rank(children["qwen"], "<|x|>", ["aaaaa"]),
    )
    assert abs(attack - plain) < 0.35
    assert in_question < 0.95


def test_what_is_too_long_is_refused_and_not_cut(children: dict[str, Worker]) -> None:
    with pytest.raises(ContextError) as caught:
        rank(children["bert"], "tea", ["rust " * 900])
    assert caught.value.data["prompt_tokens"] > 900
    assert rank(children["bert"], "tea", ["rust"])
