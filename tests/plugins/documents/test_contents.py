"""Tables of contents: recognised line by line, kept apart from text, and below it in what is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.passages import LoadContext, Piece
from teahouse_documents.chunking import contents
from teahouse_documents.chunking.chunks import cut
from teahouse_documents.loaders import pdf
from teahouse_documents.search import fusion
from tests.plugins.documents.indexes import Shelf
from tests.plugins.documents.loaders.made import Row, write_pdf
from tests.plugins.documents.test_chunks import count

ENTRIES = {
    "Chapter 3 ........ 27": "Chapter 3 ···· 27",
    "3.1 Piers . . . . . . . . . . 27": "3.1 Piers ···· 27",
    "Preface….…. iv": "Preface ···· iv",
    "第三章 …………… 27": "第三章 ···· 27",
    "第四章 港口的费用····················第 31 页": "第四章 港口的费用 ···· 第 31 页",
}
NONE = (
    *(
        "Wait .... 27 times",
        "他说……27",
        "Espresso .... 3.50",
        "Tea .... € 3",
        "1984",
        "so on ... 5",
        "....",
        "",
    ),
    *("Chapter 3 27", "He waited....", "…………… 沉默", "It was a mild day .... civil", "x" * 300 + " .... 27"),
)


def test_which_lines_are_entries() -> None:
    for line, plain in ENTRIES.items():
        assert contents.is_entry(line) and contents.plain(line) == plain, line
        assert contents.is_entry(plain) and contents.plain(plain) == plain
    for line in NONE:
        assert not contents.is_entry(line) and contents.plain(line) == line, line


LINES = st.one_of(st.sampled_from([*ENTRIES, *NONE]), st.text("ab .·…章3 7", max_size=30))


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=14), st.integers(0, 40))
def test_only_entries_and_what_stands_between_two_are_taken(lines: list[str], pages: int) -> None:
    found = contents.find(lines, pages)
    for number in found:
        around = {number - 1, number + 1}
        assert contents.is_entry(lines[number]) or (around <= found and all(map(contents.is_entry, (
            lines[number - 1], lines[number + 1]))))  # fmt: skip
    assert not found or sum(contents.is_entry(lines[number]) for number in found) >= 3
    for line in lines:
        kept = [one for one in contents.plain(line) if one.isalnum()]
        assert kept == [one for one in line if one.isalnum()], "nothing but leaders goes"


def test_a_price_list_is_text() -> None:
    prices = ["Espresso .... 3", "Cake ..... 5", "Tea ..... 2", "Water .... 1"]
    assert not contents.find(prices, 900) and not contents.is_contents("\n".join(prices))
    assert not contents.find([*list(ENTRIES)[:3], "Index ..... 400"], 90), "the document has no such page"
    assert not contents.is_contents("\n".join([*ENTRIES, "One.", "Two.", "Three.", "Four.", "Five."]))
    assert contents.is_contents("\n".join(ENTRIES))


def test_a_long_run_of_dots_costs_no_time() -> None:
    assert not contents.is_contents("." * 2_000_000) and not contents.find(["." * 2_000_000 + "x"] * 9, 9)


EN = ["Harbour fees", "Piers and boats", "The lighthouse"]
ZH = ["港口的费用", "码头与船只", "灯塔看守人"]
SAID = {
    "Harbour fees": "The keeper collects the harbour fees in dried apricots every evening before the bell.",
    "Piers and boats": "Boats longer than eleven metres moor at the western one of both piers all summer.",
    "The lighthouse": "It was painted red in the year of the flood and has been so ever since that day.",
    "港口的费用": "看守人每天晚上敲钟之前收取港口的费用，用杏干支付，每条船三十个。",
    "码头与船只": "长于十一米的船只整个夏天都停靠在西边的码头。",
    "灯塔看守人": "灯塔在发大水的那一年漆成红色，看守人一直住在里面。",
}


def book(path: Path) -> Path:
    """A table of contents on two pages, then a page for each chapter."""
    titles = [*EN, *ZH]
    dots = {True: " . . . . . . . . . . . . . . . ", False: " …………… "}
    lines = [f"{title}{dots[title.isascii()]}{at}" for at, title in enumerate(titles, 3)]
    first: list[Row] = [(720, 20, "Contents")]
    first += [(680 - 16 * at, 10, line) for at, line in enumerate(lines[:5])]
    pages: list[list[Row]] = [first, [(700, 10, lines[5]), (560, 10, "All of it was seen by the author.")]]
    pages += [[(700, 10, SAID[title])] for title in titles]
    return write_pdf(path, pages)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Piece]:
    return list(pdf.load(book(tmp_path_factory.mktemp("book") / "harbour.pdf"), LoadContext()))


def test_a_pdf_keeps_its_contents_apart_and_whole(pieces: list[Piece]) -> None:
    listed = [one for one in pieces if contents.is_contents(one.text)]
    assert [one.place.page for one in listed] == [1, 2]
    titles = [*EN, *ZH]
    assert "\n".join(one.text for one in listed).split("\n") == [
        f"{title} ···· {at}" for at, title in enumerate(titles, 3)
    ]
    text = [one.text for one in pieces if one not in listed]
    assert text == ["Contents", "All of it was seen by the author.", *SAID.values()]
    chunks = cut(pieces, count)
    mixed = [
        one for one in chunks if contents.PLAIN in one.text and any(said in one.text for said in text[1:])
    ]
    assert mixed == [], "no text goes down with it"


@pytest.mark.parametrize("question", ["harbour fees", "piers and boats", "港口的费用", "码头与船只"])
@pytest.mark.parametrize("has_second_look", [False, True])
def test_text_stands_above_contents(
    pieces: list[Piece], tmp_path: Path, question: str, has_second_look: bool
) -> None:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add([chunk.text for chunk in cut(pieces, count)])
    again = (lambda found: [float(contents.PLAIN in one.text) for one in found]) if has_second_look else None
    with shelf.index.reading() as connection:
        found = fusion.search(connection, None, question, None, again=again, rerank=again)
    are_listed = [contents.is_contents(hit.text) for hit in found.hits]
    assert are_listed == sorted(are_listed) and are_listed[-1], "found, and below"
    wanted = next(said for title, said in SAID.items() if title.lower() == question)
    assert found.hits[0].text == wanted
    shelf.index.close()
