"""Two lists into one, with a trace of how each passage was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from teahouse.passages import Passage, Place
from teahouse_documents.search import fusion
from teahouse_documents.search.lexical import WordHit
from teahouse_documents.values import Filters
from teahouse_documents.vectors import Hit, Vectors
from tests.plugins.documents.indexes import Shelf, unit_rows


def test_the_score_is_the_sum_over_both_lists() -> None:
    ranked = fusion.fuse([WordHit(7, 3.0), WordHit(8, 2.0)], [Hit(8, 0.9), Hit(9, 0.8)])
    assert [one.id for one in ranked] == [8, 7, 9]
    assert ranked[0].score == pytest.approx(1 / 12 + 1 / 11)
    assert (ranked[0].words_rank, ranked[0].vector_rank) == (2, 1)
    assert (ranked[1].words_rank, ranked[1].vector_rank, ranked[1].vector_score) == (1, None, None)


TEXTS = ["green tea is steeped briefly", "black tea longer", "coffee is another thing", "緑茶の歴史"]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add(TEXTS, unit_rows(4), place=Place(page=3))
    return shelf


def search(shelf: Shelf, query: str, vector: object = None, **options: object) -> fusion.Found:
    vectors = Vectors(None, token="t")
    with shelf.index.reading() as connection:
        return fusion.search(connection, vectors, query, vector, **options)  # type: ignore[arg-type]


def test_passages_with_their_ranks_and_scores(shelf: Shelf) -> None:
    found = search(shelf, "What is green tea?", unit_rows(4)[2])
    assert {hit.text for hit in found.hits} == set(TEXTS)
    assert found.hits[0].place == Place(page=3) and found.hits[0].collection == "all"
    assert found.hits[0].score >= found.hits[1].score >= found.hits[2].score
    first = {one["id"]: one for one in found.trace["passages"]}
    assert first[1]["words"]["rank"] == 1 and first[1]["words"]["score"] > 0
    assert first[3]["vectors"] == {"rank": 1, "score": pytest.approx(1.0, abs=1e-3)}
    assert first[3]["words"] is None
    assert found.trace["terms"] == [
        {"term": "green", "chunks": 1, "used": True},
        {"term": "tea", "chunks": 2, "used": True},
    ]
    assert found.trace["lists"]["vectors"]["by"] == "exact"


def test_a_list_whose_terms_match_nothing_takes_no_part(shelf: Shelf) -> None:
    found = search(shelf, "zebra quagga", unit_rows(4)[1])
    assert found.hits[0].id == 2
    assert found.trace["lists"]["words"]["found"] == 0
    assert [one["vectors"]["rank"] for one in found.trace["passages"]] == [1, 2, 3, 4]


def test_words_alone_where_there_is_no_vector(shelf: Shelf) -> None:
    found = search(shelf, "black tea", None)
    assert [hit.id for hit in found.hits] == [2, 1]
    assert found.trace["lists"]["vectors"] == {"found": 0, "ms": 0.0, "by": ""}


def test_a_vector_of_another_length_is_not_compared(shelf: Shelf) -> None:
    found = search(shelf, "coffee", np.ones(7, np.float32))
    assert [hit.id for hit in found.hits] == [3]


def test_filters_hold_for_both_lists(shelf: Shelf) -> None:
    shelf.add(["tea in a table"], unit_rows(1, seed=5), path="/b.csv", kind="table")
    found = search(shelf, "tea", unit_rows(4)[0], filters=Filters(kinds=("table",)))
    assert [hit.id for hit in found.hits] == [5]
    assert found.trace["allowed"] == 1


def test_copies_are_shown_once(shelf: Shelf) -> None:
    shelf.add(["green  tea is steeped briefly"], unit_rows(1), path="/copy.txt")
    found = search(shelf, "green tea", unit_rows(4)[0])
    assert [hit.text for hit in found.hits if "green" in hit.text] == [found.hits[0].text]


def test_a_chunk_that_is_gone_is_left_out(shelf: Shelf) -> None:
    vectors = Vectors(None, token="t")
    with shelf.index.reading() as connection:
        fusion.search(connection, vectors, "tea", unit_rows(4)[0])
    shelf.remove([1])
    with shelf.index.reading() as connection:
        found = fusion.search(connection, vectors, "green tea", unit_rows(4)[0])
    assert 1 not in [hit.id for hit in found.hits] and found.hits


def test_a_second_look_puts_the_first_ones_in_its_own_order(shelf: Shelf) -> None:
    asked: list[str] = []

    def again(passages: Sequence[Passage]) -> list[float]:
        asked.extend(passage.text for passage in passages)
        return [float("coffee" in passage.text) for passage in passages]

    plain = search(shelf, "green tea", unit_rows(4)[0])
    found = search(shelf, "green tea", unit_rows(4)[0], again=again, again_over=3)
    assert len(asked) == 3
    if "coffee is another thing" in asked:
        assert found.hits[0].text == "coffee is another thing"
        assert found.trace["passages"][0]["again"] == 1.0
    assert found.hits[3].id == plain.hits[3].id
    assert found.trace["passages"][3]["again"] is None


def test_the_limit_is_kept(shelf: Shelf) -> None:
    assert len(search(shelf, "tea", unit_rows(4)[0], limit=2).hits) == 2


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    found = search(Shelf(tmp_path / "index.db"), "tea", unit_rows(1)[0])
    assert found.hits == ()
