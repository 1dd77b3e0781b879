"""Neighbours in one piece, the same only once."""

from __future__ import annotations

from teahouse.passages import Passage, Place
from teahouse_documents.retrieval.merging import distinct, merged, places


def passage(number: int, text: str = "", line: int | None = None) -> Passage:
    return Passage(text or f"text {number}", "/a.md", Place(line=line), id=number, score=1 / number)


def test_neighbours_become_one_in_the_order_of_the_file() -> None:
    first, other, before = (
        passage(1, "second half", 5),
        passage(2, "elsewhere", 50),
        passage(3, "first half", 1),
    )
    at = {1: (7, 4), 2: (7, 9), 3: (7, 3)}
    one, two = merged([first, other, before], at)
    assert (one.text, one.id, one.score) == ("first half\n\nsecond half", 1, 1.0)
    assert (one.place.line, one.place.last_line) == (1, 5)
    assert two == other


def test_neighbours_of_other_files_stay_apart() -> None:
    assert len(merged([passage(1), passage(2)], {1: (7, 3), 2: (8, 4)})) == 2
    assert len(merged([passage(1), passage(2)], {})) == 2


def test_what_says_the_same_goes() -> None:
    one = passage(1, "The tower was built in 1874 by Ingrid Falk of granite.")
    part = passage(2, "The tower was built in 1874 by Ingrid Falk.")
    other = passage(3, "The tower was painted in 1990 by its keeper.")
    assert distinct([one, part, other]) == [one, other]
    assert distinct([passage(1, "……"), passage(2, "……")])  # no words at all


def test_places_come_from_the_trace() -> None:
    trace = {
        "passages": [{"id": 1, "file": 2, "position": 3}, {"id": 4}, {"id": "x", "file": 1, "position": 1}]
    }
    assert places(trace) == {1: (2, 3)}
    assert places({}) == {}
