"""A reranker of the person's own: which files are one, and what it does to the order of the passages."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.errors import EngineCrashed, ModelError
from teahouse.events import changed
from teahouse.models.gguf import read_header
from teahouse.models.library import Model
from teahouse.passages import Passage
from teahouse.workers.process import Workers
from teahouse_documents.embedding.choice import is_embedder
from teahouse_documents.search import reranker
from teahouse_documents.search.finder import Finder
from teahouse_documents.search.reranker import Reranker
from teahouse_documents.search.reranking import Reranking
from tests.core.engine import rerankers
from tests.plugins.documents.fakes import Bench


def a_model(path: Path) -> Model:
    header = read_header(path)
    return Model("mine", "llama", path, header.size_bytes, header=header)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rerankers.write_bert(tmp_path_factory.mktemp("rerankers") / "mine.gguf")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def reranking(workers: Workers, file: Path) -> Iterator[Reranking]:
    reranking = Reranking(workers, Reranker("mine", str(file)))
    yield reranking
    reranking.close()


def test_which_files_are_rerankers(file: Path, tmp_path: Path, starter: Path) -> None:
    model, qwen = a_model(file), a_model(rerankers.write_qwen(tmp_path / "q.gguf"))
    assert reranker.of_model(model) == Reranker("mine", str(file))
    assert reranker.of_model(qwen).path.endswith("q.gguf")
    assert not is_embedder(model), "it gives scores, no vectors"
    undeclared = a_model(rerankers.write_bert(tmp_path / "u.gguf", is_declared=False))
    assert reranker.is_reranker(undeclared.header)
    lost = a_model(rerankers.write_bert(tmp_path / "l.gguf", has_head=False))
    with pytest.raises(ModelError, match="lost what ranks"):
        reranker.of_model(lost)
    with pytest.raises(ModelError, match="no reranker"):
        reranker.of_model(a_model(starter))


def test_the_one_that_was_named_is_used(file: Path) -> None:
    values = {"documents.reranker": ""}
    models = SimpleNamespace(find=lambda name: a_model(file), list=lambda: [a_model(file)])
    app: Any = SimpleNamespace(settings=SimpleNamespace(get=values.get), models=models)
    assert reranker.choose(app) is None
    values["documents.reranker"] = "mine"
    assert reranker.choose(app) == Reranker("mine", str(file))
    assert reranker.available(app) == ["mine"]


def test_it_crosses_the_pipe(file: Path) -> None:
    mine = Reranker("mine", str(file))
    assert Reranker.from_json(mine.as_json()) == mine


def test_passages_are_scored(reranking: Reranking) -> None:
    said = ["tea house opens", "rust rust rust", "iron"]
    scores = reranking.scores("iron ?", [Passage(text, "/x") for text in said])
    assert max(scores) == scores[1]


def test_a_long_passage_counts_by_its_better_half(reranking: Reranking) -> None:
    long = "tea house " * 500 + "rust " * 400
    [found, plain] = reranking.scores("iron", [Passage(long, "/x"), Passage("tea house " * 500, "/x")])
    assert found > plain + 0.1
    assert len(reranking.scores("iron " * 5000, [Passage("tea", "/x")])) == 1


@pytest.fixture
def found_by(tmp_path: Path) -> Iterator[Any]:
    """Searches three files of one paragraph each, with a second look by a given reranker."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (("a", "iron tea tea"), ("b", "iron rust rust"), ("c", "iron water")):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    bench = Bench(tmp_path / "documents")
    owner = bench.owner

    def find(given: Any) -> Any:
        finder = Finder(owner.vectors, None, given)
        with owner.index.reading() as connection:
            assert isinstance(connection, sqlite3.Connection)
            return finder.find(connection, "iron", None, has_second_look=True)

    from teahouse_documents.owning.answers import Answers

    Answers(owner).add("mine", str(folder), {})
    bench.settle()
    yield find
    owner.close()


def test_its_order_holds_and_every_rank_is_told(found_by: Any, reranking: Reranking) -> None:
    plain, found = found_by(None), found_by(reranking)
    assert Path(found.hits[0].path).name == "b.txt"
    first = found.trace["passages"][0]
    assert first["rerank"]["rank"] == 1
    assert first["fused"]["rank"] in (1, 2, 3)
    assert {one["rerank"]["rank"] for one in found.trace["passages"]} == {1, 2, 3}
    assert [one["rerank"] for one in plain.trace["passages"]] == [None] * 3
    assert [one["fused"]["rank"] for one in plain.trace["passages"]] == [1, 2, 3]


def test_where_it_fails_the_order_stays_and_that_is_said(found_by: Any) -> None:
    class Broken:
        def scores(self, query: str, passages: Sequence[Passage], cancel: object = None) -> list[float]:
            raise EngineCrashed("The reranker stopped twice.")

    plain, found = found_by(None), found_by(Broken())
    assert found.hits == plain.hits
    assert "stopped twice" in found.trace["problem"]


@pytest.mark.gguf
def test_the_library_ranks_with_it_and_says_where_it_cannot(home: Path, tmp_path: Path) -> None:
    """Through setting, child and grandchild; there is no embedder, so words alone find the passages."""
    from teahouse.app import App
    from teahouse_documents.library import Library

    (home / "data" / "models").mkdir(parents=True)
    rerankers.write_bert(home / "data" / "models" / "tiny.gguf")
    rerankers.write_bert(home / "data" / "models" / "lost.gguf", has_head=False)
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (("a", "iron tea tea"), ("b", "iron rust rust rust"), ("c", "iron water")):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    app = App.open()
    names = {model.path.name: model.name for model in app.models.list() if model.path}
    app.settings.set("documents.reranker", names["tiny.gguf"])
    library = Library.of(app.plugins.seat("documents"))
    try:
        library.add("Mine", folder)
        give_up_at = time.monotonic() + 60
        while library.status().done < 3:
            assert time.monotonic() < give_up_at, library.status()
            time.sleep(0.1)
        found = library.search("iron", has_second_look=True)
        assert Path(found.hits[0].path).name == "b.txt"
        assert [row["rerank"]["rank"] for row in found.trace["passages"]] == [1, 2, 3]
        assert library.search("iron").trace["passages"][0]["rerank"] is None, "only where it was asked for"
        app.settings.set("documents.reranker", names["lost.gguf"])
        app.events.publish(changed("settings"))
        while not (told := [one for one in library.problems() if one.kind == "reranker"]):
            assert time.monotonic() < give_up_at, library.problems()
            time.sleep(0.2)
        assert "lost what ranks" in told[0].text
        assert library.search("iron", has_second_look=True).trace["passages"][0]["rerank"] is None
    finally:
        library.close()
        app.close()
