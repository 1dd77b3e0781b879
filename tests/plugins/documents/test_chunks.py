"""Pieces into chunks: nothing lost, nothing doubled, none too long, cut where a reader would."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.passages import Piece, Place
from teahouse_documents.chunking.boundaries import blocks, sentences
from teahouse_documents.chunking.chunks import MOST_TOKENS, TARGET_TOKENS, Chunk, cut

HAN = re.compile(r"[\u4e00-\u9fff]")


def count(texts: list[str]) -> list[int]:
    """A simple tokenizer: a token for each Han character, and for every four others of a word."""
    return [len(HAN.findall(t)) + sum(-(-len(w) // 4) for w in HAN.sub(" ", t).split()) for t in texts]


def bare(text: str) -> str:
    return "".join(text.split())


def texts(chunks: list[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


WORDS = st.text("abc déЖ部署。！？；，.!?\n \t“”'\"()", max_size=400)
PIECES = st.lists(
    st.builds(
        Piece,
        WORDS,
        st.sampled_from(["text", "heading", "code", "caption"]),
        st.builds(
            Place,
            page=st.sampled_from([None, 1, 2]),
            line=st.sampled_from([None, 1, 50]),
            heading=st.sampled_from([(), ("A",), ("A", "B")]),
        ),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.sampled_from([8, 40, 480]))
def test_nothing_is_lost_nothing_doubled_and_none_is_too_long(pieces: list[Piece], most: int) -> None:
    chunks = cut(pieces, count, most=most, target=most // 2)
    assert bare("".join(texts(chunks))) == bare("".join(piece.text for piece in pieces))
    assert [chunk.tokens for chunk in chunks] == count(texts(chunks))
    assert all(0 < chunk.tokens <= most or not bare(chunk.text) for chunk in chunks)
    assert all(chunk.text.strip() for chunk in chunks)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab 部.", max_size=60), min_size=1, max_size=40), st.sampled_from([12, 60]))
def test_each_row_of_a_table_stands_once(cells: list[str], most: int) -> None:
    rows = [f"| {number} {cell} |" for number, cell in enumerate(cells)]
    table = Piece("\n".join(["| n |", "| - |", *rows]), "table")
    chunks = cut([table], count, most=most, target=most // 2)
    assert all(chunk.tokens <= most for chunk in chunks)
    found = "".join(chunk.text.removeprefix("| n |\n| - |\n") for chunk in chunks)
    assert bare(found) == bare("".join(rows))


def test_a_paragraph_stays_whole_up_to_the_limit() -> None:
    whole = "Six words are in this one. " * 50
    [chunk] = cut([Piece(whole)], count)
    assert TARGET_TOKENS < chunk.tokens <= MOST_TOKENS
    assert chunk.text == whole.strip()


def test_a_longer_one_is_cut_at_sentences_into_parts_of_about_the_same_length() -> None:
    chunks = cut([Piece("Six words are in this one. " * 150)], count)
    assert len(chunks) > 2
    assert all(text.startswith("Six") and text.endswith("one.") for text in texts(chunks))
    lengths = [chunk.tokens for chunk in chunks]
    assert max(lengths) - min(lengths) <= 20
    assert all(0.6 * TARGET_TOKENS < length < 1.4 * TARGET_TOKENS for length in lengths)


def test_chinese_is_cut_after_its_own_stops_and_quotes() -> None:
    chunks = cut([Piece("他说：“我们明天去喝茶！”然后走了。" * 60)], count)
    assert len(chunks) > 2
    assert all(text.endswith("走了。") or text.endswith("！”") for text in texts(chunks))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("He left. She stayed.", ["He left. ", "She stayed."]),
        (
            "Dr. Smith met J. K. Rowling at 3.5 p.m. today.",
            ["Dr. Smith met J. K. Rowling at 3.5 p.m. today."],
        ),
        ("See Fig. 3 and No. 5, e.g. this. Then go.", ["See Fig. 3 and No. 5, e.g. this. ", "Then go."]),
        ("“Stop!” he said. “Why?”", ["“Stop!” ", "he said. ", "“Why?”"]),
        ("他来了。“好！”她说；走吧", ["他来了。", "“好！”", "她说；", "走吧"]),
        ("等等……好吧。", ["等等……", "好吧。"]),
        ("no end", ["no end"]),
        ("", [""]),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_code_is_cut_between_blocks() -> None:
    code = "".join(f"def f{n}():\n    x = {n}\n\n    return x + {n}\n\n\n" for n in range(200))
    chunks = cut([Piece(code, "code", Place(line=1))], count)
    assert len(chunks) > 2
    assert all(text.startswith("def f") for text in texts(chunks))
    assert {chunk.kind for chunk in chunks} == {"code"}
    lines = code.split("\n")
    assert all(
        lines[chunk.place.line - 1] == chunk.text.split("\n")[0] for chunk in chunks if chunk.place.line
    )


def test_a_table_stays_whole_where_it_fits_else_each_part_has_the_header() -> None:
    rows = [f"| {n} | tea {n} |" for n in range(400)]
    small = Piece("\n".join(["| a | b |", "|---|---|", *rows[:20]]), "table", Place(line=10))
    [whole] = cut([small], count)
    assert whole.text == small.text and whole.kind == "table"
    parts = cut([Piece("\n".join(["| a | b |", "|---|---|", *rows]), "table", Place(line=10))], count)
    assert len(parts) > 3
    assert all(part.text.startswith("| a | b |\n|---|---|\n| ") for part in parts)
    assert (parts[0].place.line, parts[-1].place.last_line) == (11, 410)
    assert all(a.place.last_line + 1 == b.place.line for a, b in pairwise(parts))  # type: ignore[operator]


def test_a_heading_goes_with_what_follows_and_its_path_is_kept() -> None:
    path = ("Tea", "Green")
    pieces = [
        Piece("Green", "heading", Place(line=3, heading=("Tea",))),
        Piece("Steep it briefly.", "text", Place(line=5, heading=path)),
        Piece("Black", "heading", Place(line=7, heading=("Tea",))),
        Piece("Steep it longer.", "text", Place(line=9, heading=("Tea", "Black"))),
    ]
    first, second = cut(pieces, count)
    assert first.text == "Green\n\nSteep it briefly."
    assert (first.place, first.heading) == (Place(line=3, last_line=5, heading=path), "Tea › Green")
    assert second.text == "Black\n\nSteep it longer."


def test_short_neighbours_go_together_but_not_over_pages() -> None:
    pages = [Piece("A short line.", place=Place(page=page)) for page in (1, 1, 1, 2)]
    first, second = cut(pages, count)
    assert first.text.count("short") == 3
    assert (first.place.page, second.place.page) == (1, 2)


def test_one_word_without_end_is_cut_too() -> None:
    chunks = cut([Piece("x" * 100_000)], count)
    assert "".join(texts(chunks)) == "x" * 100_000
    assert max(chunk.tokens for chunk in chunks) <= MOST_TOKENS


def test_tokens_are_counted_in_few_requests() -> None:
    asked: list[int] = []

    def counted(texts: list[str]) -> list[int]:
        asked.append(len(texts))
        return count(texts)

    cut([Piece(f"Line number {number} of many.") for number in range(2000)], counted)
    assert len(asked) < 20
    assert max(asked) <= 256


def test_blocks_put_together_are_the_code() -> None:
    code = "int a() {\n  x;\n}\n\nint b() {\n\n  y;\n}\n"
    assert "".join(blocks(code)) == code
    assert blocks(code)[1:] == ["int b() {\n\n  y;\n}\n"] or len(blocks(code)) >= 2
