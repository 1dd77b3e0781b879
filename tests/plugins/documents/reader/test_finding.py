from __future__ import annotations

import time

import pytest

from teahouse_documents.reader.finding import find


def marked(page: str, passage: str) -> list[str]:
    return [page[start : start + length] for start, length in find(page, passage).spans]


@pytest.mark.parametrize(
    ("page", "passage", "found"),
    [
        ("x Its chim\x02\nney is  swept. y", "Its chimney is swept.", "Its chim\x02\nney is  swept"),
        ("The ﬁrst “day”\r\nof May", 'the first "day" of May', "The ﬁrst “day”\r\nof May"),
        ("岩茶要用龙\n眼木炭慢慢焙火。", "岩茶要用龙眼木炭慢慢焙火。", "岩茶要用龙\n眼木炭慢慢焙火"),
    ],
)
def test_spaces_hyphens_and_ligatures_make_no_difference(page: str, passage: str, found: str) -> None:
    assert marked(page, passage) == [found]
    assert find(page, passage).share == 1.0


def test_what_stands_between_is_not_marked() -> None:
    page = "Guests are counted by the lumps of sugar ~ Page 7 ~ that are left on the silver tray"
    passage = "Guests are counted by the lumps of sugar that are left on the silver tray"
    assert marked(page, passage) == [
        "Guests are counted by the lumps of sugar",
        "that are left on the silver tray",
    ]
    assert find(page, passage).share == 1.0


def test_the_end_of_a_passage_is_found_on_the_next_page() -> None:
    passage = "The first half of it stands before. The second half of it stands on this page."
    spot = find("The second half of it stands on this page. And more.", passage)
    assert 0.3 < spot.share < 0.7
    assert len(spot.spans) == 1


def test_a_long_passage_that_is_not_there_is_looked_for_quickly() -> None:
    page, passage = "abracadabra " * 5_000, "abracadabrx " * 2_000
    began = time.process_time()
    assert find(page, passage).share == 0.0
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize(
    ("page", "passage"),
    [
        ("", "words"),
        ("words", ""),
        ("…!?", "—"),
        ("The harbour master counts the boats at noon.", "Its chimney is swept every ninth day."),
        ("武夷山的采茶人清晨四点上山。", "岩茶要用龙眼木炭慢慢焙火。"),
    ],
)
def test_what_is_not_there_is_not_marked(page: str, passage: str) -> None:
    assert find(page, passage).spans == ()
    assert find(page, passage).share == 0.0
