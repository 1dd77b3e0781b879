"""Places, pieces and passages: what crosses a process, and what people read."""

from __future__ import annotations

import json

import pytest

from teahouse.language import activate
from teahouse.passages import Loader, Passage, Piece, Place

FULL = Place(3, 4, "价格", 5, ("Tea", "产地"), 9, 3661.5)


def test_a_place_crosses_as_json() -> None:
    assert Place.from_json(json.loads(json.dumps(FULL.as_json()))) == FULL
    assert Place().as_json() == {}


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {"page": "3", "slide": True, "sheet": 4, "line": 1.5, "heading": "x", "time_s": "1", "?": 1},
    ],
)
def test_a_place_of_wrong_types_is_empty(value: object) -> None:
    assert Place.from_json(value) == Place()


@pytest.mark.parametrize(
    ("place", "english", "chinese"),
    [
        (Place(), "", ""),
        (Place(page=3, heading=("Tea", "产地")), "page 3, Tea › 产地", "Tea › 产地"),
        (Place(slide=2), "slide 2", "2"),
        (Place(sheet="价格", line=3, last_line=7), "sheet “价格”, rows 3–7", "价格"),
        (Place(line=3, last_line=3), "line 3", "3"),
        (Place(time_s=3661.5), "1:01:01", "1:01:01"),
    ],
)
def test_a_place_in_words(place: Place, english: str, chinese: str) -> None:
    assert place.words() == english
    activate("zh_CN")
    try:
        assert chinese in place.words()
    finally:
        activate("en")


def test_pieces_and_passages_cross_as_json() -> None:
    piece = Piece("龙井", "table", FULL)
    assert Piece.from_json(json.loads(json.dumps(piece.as_json()))) == piece
    assert Piece.from_json({"text": 3, "kind": "song"}) == Piece("3")
    passage = Passage("龙井", "/a/b.pdf", FULL, "Tea", 0.5, "code", 7)
    assert Passage.from_json(json.loads(json.dumps(passage.as_json()))) == passage
    assert Passage.from_json({"score": "high", "id": "x"}) == Passage("", "")


def test_a_loader_is_known_by_its_version() -> None:
    assert Loader("pdf", (".pdf",), "a:b", version=3).identity == "pdf/3"
