"""Search by words, in Chinese and English."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse_documents.search import lexical
from tests.plugins.documents.indexes import Shelf

TEXTS = [
    "The tea house opens at nine in the morning.",
    "我们把服务部署到容器里，署名在最后。",
    "東京の天気は晴れです。",
    "Generators yield values one at a time.",
    "Cats and dogs; nobody drinks anything here.",
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add(TEXTS)
    return shelf


def found(shelf: Shelf, query: str) -> list[int]:
    with shelf.index.reading() as connection:
        return [hit.id for hit in lexical.search(connection, query)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("部署", [2]),
        ("署", [2]),
        ("容器", [2]),
        ("器", [2]),
        ("東京", [3]),
        ("天", [3]),
        ("generator", [4]),
        ("yielding", [4]),
        ("When does the tea house open?", [1]),
        ("“TEA”, HOUSE*", [1]),
        ('"); DROP TABLE fts', []),
        ("nowhere", []),
        ("", []),
        ("?!", []),
    ],
)
def test_what_is_found(shelf: Shelf, query: str, ids: list[int]) -> None:
    assert found(shelf, query)[: len(ids) or None] == ids


def test_words_that_say_nothing_are_not_searched() -> None:
    assert lexical.terms("What is the name of the house?") == ["name", "house"]
    assert lexical.terms("什么是部署？") == ["部署"] or "什么" not in lexical.terms("什么是部署？")
    assert lexical.terms("who is it") == ["who", "is", "it"]  # better than nothing


def test_rare_words_decide_and_common_ones_are_left_out_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "MOST_ROWS", 100)
    shelf = Shelf(tmp_path / "index.db")
    shelf.add([f"common words number{number}" for number in range(300)])
    with shelf.index.reading() as connection:
        lexicon = lexical.look_up(connection, "common number7 nowhere")
        assert lexicon.counts == (101, 1, 0)
        assert lexicon.used == ("number7",)
        assert [hit.id for hit in lexical.search(connection, "common number7 nowhere")] == [8]
        newest = [hit.id for hit in lexical.search(connection, "common words", limit=3)]
    assert newest == [300, 299, 298]  # nothing to rank by


def test_numbers_of_terms_are_remembered_until_the_index_has_grown(tmp_path: Path) -> None:
    shelf, counts = Shelf(tmp_path / "index.db"), lexical.Counts()
    shelf.add(["tea"] * 10)
    asked: list[str] = []
    with shelf.index.reading() as connection:
        connection.set_trace_callback(asked.append)
        assert counts.of(connection, ["tea", "cup"]) == [10, 0]
        assert counts.of(connection, ["tea", "cup"]) == [10, 0]
        connection.set_trace_callback(None)
    assert sum("MATCH" in statement for statement in asked) == 2
    shelf.add(["tea cup"] * 10, path="/b")
    with shelf.index.reading() as connection:
        assert counts.of(connection, ["tea", "cup"]) == [20, 10]


def test_better_matches_come_first_with_a_higher_score(shelf: Shelf) -> None:
    shelf.add(["tea tea tea house", "a house without"], path="/b")
    with shelf.index.reading() as connection:
        hits = lexical.search(connection, "tea house")
    assert [hit.id for hit in hits] == [6, 1, 7]
    assert hits[0].score > hits[1].score > hits[2].score > 0


def test_a_pasted_page_is_searched_by_its_beginning() -> None:
    assert len(lexical.terms(" ".join(f"word{number}" for number in range(5000)))) == lexical.MOST_TERMS
