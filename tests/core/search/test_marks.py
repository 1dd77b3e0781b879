"""Snippets show the place, and the marks are exactly what was found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.search.marks import SNIPPET_CHARS, cut_snippets
from teahouse.search.query import parse


def marked(query: str, text: str) -> tuple[str, list[str]]:
    """(the snippet, what is marked in it)."""
    [(snippet, marks)] = cut_snippets(parse(query).terms, [text])
    return snippet, [snippet[start:end] for start, end in marks]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("部署", "部署容器，再部署", ["部署", "部署"]),
        ("署", "部署 署名", ["署", "署"]),
        ("list", "Lists of listed listings, enlist, 列list表", ["Lists", "listed", "listings", "list"]),
        ("lis", "Lists and list", ["Lists", "list"]),
        ('"lis"', "Lists and list", []),
        (
            '"machine learning"',
            "Machine-learning; machines. Learn; to learn",
            ["Machine-learning", "machines. Learn"],
        ),
        ("docker容器", "Docker 容器 dockers容器", ["Docker", "容器", "dockers容器"]),
        ('"docker 容器"', "Docker, 容器", ["Docker, 容器"]),
        ("cafe", "Cafe\u0301 CAFÉ ﬁn", ["Café", "CAFÉ"]),
        ("fin", "ﬁnal ½ fin ﷺ fin", ["ﬁnal", "fin", "fin"]),
        ("strasse", "Die STRAßE, Strasse", ["STRAßE", "Strasse"]),
        ("abc", "ＡＢＣ　abc", ["ＡＢＣ", "abc"]),
        ("서울", "서울에서 서울", ["서울에서", "서울"]),
        ("😀", "a😀b", ["😀"]),
        ("node.js", "node.js node_js node js", ["node.js", "node_js", "node js"]),
        ("a b", "a b c", ["a", "b"]),
        ("c++", "c C++ c++11 c#", ["C++", "c++"]),
        ('".net"', "net .NET ASP.NET .nets", [".NET", ".NET"]),
        ("a+b", "a+b a b", ["a+b", "a b"]),
        ("部署 署名", "部署署名", ["部署署名"]),
        ("in:work", "work", []),
    ],
)
def test_what_is_found_is_marked(query: str, text: str, found: list[str]) -> None:
    assert marked(query, text)[1] == found


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = "word " * 200 + "needle in\n\n\ta   haystack " + "word " * 200
    snippet, found = marked("needle", text)
    assert found == ["needle"]
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert "needle in a haystack" in snippet
    assert len(snippet) <= SNIPPET_CHARS + 2


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("x" * 30 + " words needle", "xxx"),
        ("A long way before the quick brown fox jumped over a needle", "…fox jumped over a needle"),
        ("长" * 40 + "，然后是needle", "…然后是needle"),
        ("长" * 40 + "needle", "…" + "长" * 20 + "needle"),
        ("x" * 60 + " needle", "…needle"),
        ("x" * 60 + " 部署needle", "…部署needle"),
        ("first " * 8 + "e\u0301te\u0301 needle", "…first first été needle"),
    ],
)
def test_a_snippet_begins_with_a_word(text: str, begins: str) -> None:
    snippet, found = marked("needle", text + " and more")
    assert snippet.startswith(begins)
    assert found == ["needle"]


def test_the_place_with_most_of_the_words_is_shown() -> None:
    text = "green " + "word " * 100 + "green tea " + "word " * 100
    assert marked("green tea", text)[1] == ["green", "tea"]


def test_a_chinese_snippet_is_as_wide_as_an_english_one() -> None:
    chinese, english = marked("针", "字" * 500 + "针" + "字" * 500)[0], marked("pin", "word " * 500)[0]
    assert len(chinese) < 0.6 * len(english)
    assert "针" in chinese


def test_what_lies_far_in_a_book_shows_its_beginning() -> None:
    assert marked("needle", "It begins. " + "word " * 60_000 + "needle") == (
        "It begins. " + "word " * 29 + "word…",
        [],
    )


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_fails_and_marks_lie_in_order_within(query: str, text: str) -> None:
    [(snippet, marks)] = cut_snippets(parse(query).terms, [text])
    ends = [0, *(place for mark in marks for place in mark), len(snippet)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in marks)
    assert len(snippet) <= SNIPPET_CHARS + 2


@settings(deadline=None)
@given(
    st.text(st.sampled_from("部署ß ½éab\u0301.ﷺ"), max_size=40), st.sampled_from(["部", "署部", "a", "ab"])
)
def test_marks_are_where_the_words_are(text: str, query: str) -> None:
    for part in marked(query, text)[1]:
        assert query in part.replace("\u0301", "").casefold() or part[0] in "aAáé"
