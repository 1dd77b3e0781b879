from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.passages import Place
from teahouse_documents.index.excerpts import BEFORE, SHOWN, excerpt
from teahouse_documents.owning.answers import READS
from teahouse_documents.reader.excerpt import Excerpt
from tests.plugins.documents.indexes import Shelf

TEXTS = [f"Chunk {number} says {number * 7}." for number in range(90)]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "index.db")
    made.add(TEXTS, path="/书/a.md", place=Place(heading=("Tea",)))
    made.add(["Another file."], path="/b.md")
    yield made
    made.index.close()


def told(shelf: Shelf, passage: str, first: int | None = None, path: str = "/书/a.md") -> Excerpt:
    found = excerpt(shelf.index, path, passage, first)
    assert found is not None
    return Excerpt.from_json(found)


def test_the_text_around_a_passage_is_told(shelf: Shelf) -> None:
    seen = told(shelf, TEXTS[40])
    assert (seen.file, seen.count, seen.at) == ("/书/a.md", 90, (40,))
    assert (seen.first, len(seen.chunks)) == (40 - BEFORE, SHOWN)
    assert seen.chunks[BEFORE].text == TEXTS[40]
    assert seen.chunks[0].place.heading == ("Tea",)


def test_chunks_that_were_put_together_are_all_found(shelf: Shelf) -> None:
    assert told(shelf, "\n\n".join(TEXTS[3:6])).at == (3, 4, 5)


def test_a_part_of_a_chunk_finds_it(shelf: Shelf) -> None:
    assert told(shelf, " 17 says 119").at == (17,)


def test_what_the_file_does_not_say_any_more_has_no_place(shelf: Shelf) -> None:
    for passage in ("Something else.", "", "  "):
        seen = told(shelf, passage)
        assert (seen.at, seen.first) == ((), 0)


def test_one_can_go_on_reading(shelf: Shelf) -> None:
    assert [one.text for one in told(shelf, TEXTS[40], 80).chunks] == TEXTS[80:]


def test_only_what_is_among_the_documents_is_told(shelf: Shelf) -> None:
    assert excerpt(shelf.index, "/etc/passwd", "root", None) is None
    assert "excerpt" in READS  # a guest of the index answers it too
