"""What people type is understood, whatever it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.search import functions
from teahouse.search.finder import find
from teahouse.search.query import MAX_WORDS, VALUES, Filter, Term, parse
from teahouse.store import migrations
from tests.core.conftest import ROOT


def words(terms: tuple[Term, ...]) -> list[list[str]]:
    return [[piece.text for piece in term.pieces] for term in terms]


@pytest.mark.parametrize(
    ("text", "terms", "excluded"),
    [
        ("docker 部署", [["docker"], ["部署"]], []),
        ('"machine learning" tea', [["machine", "learning"], ["tea"]], []),
        ("“机器 学习”", [["机器", "学习"]], []),
        ("「東京」", [["東京"]], []),
        ('"never closed', [["never", "closed"]], []),
        ("docker -nginx -部署", [["docker"]], [["nginx"], ["部署"]]),
        ('tea -"green tea"', [["tea"]], [["green", "tea"]]),
        ("docker容器", [["docker"], ["容器"]], []),
        ("node.js", [["node", "js"]], []),
        ("well-known", [["well", "known"]], []),
        ("a - b", [["a"], ["b"]], []),
        ("12:30", [["12", "30"]], []),
        ("https://tea.house/x", [["https", "tea", "house", "x"]], []),
        ("note: this", [["note"], ["this"]], []),
        ("tea tea", [["tea"], ["tea"]], []),
        ("问题：部署", [["问题"], ["部署"]], []),
    ],
)
def test_words(text: str, terms: list[list[str]], excluded: list[list[str]]) -> None:
    query = parse(text)
    assert (words(query.terms), words(query.excluded), query.problems) == (terms, excluded, ())


def test_filters() -> None:
    query = parse('in:"my work" tag:x Model:qwen -has:thumb role:USER is:pinned has：attachment')
    assert query.filters == (
        Filter("in", "my work"),
        Filter("tag", "x"),
        Filter("model", "qwen"),
        Filter("has", "thumb", is_excluded=True),
        Filter("role", "user"),
        Filter("is", "pinned"),
        Filter("has", "attachment"),
    )
    assert (query.terms, query.problems) == ((), ())


def test_every_filter_is_documented() -> None:
    words = (ROOT / "docs" / "search.md").read_text("utf-8")
    for name, values in VALUES.items():
        assert f"`{name}:" in words
        for value in values or ():
            assert f"`{name}:{value}`" in words


def test_half_a_character_is_no_reason_to_fail() -> None:
    assert parse("in:\ud800x tea").filters == (Filter("in", "?x"),)


def test_dates_are_filters_too() -> None:
    query = parse("tea date:>2026-01-01 -date:2026-11")
    assert [span.is_excluded for span in query.spans] == [False, True]
    assert words(query.terms) == [["tea"]]


@pytest.mark.parametrize(
    ("text", "terms", "said"),
    [
        ("folder:work tea", [["folder", "work"], ["tea"]], "folder:"),
        ("has:wings", [["has", "wings"]], "wings"),
        ("is:", [["is"]], ""),
        ("date:someday", [["date", "someday"]], "someday"),
        ("date:2026-13", [["date", "2026", "13"]], "2026-13"),
        ("-nothing", [], "leave out"),
        ("?!…", [], "no letter"),
        ("tea " * 500, [["tea"]] * 30, "too long"),
    ],
)
def test_what_is_no_filter_is_text_and_said(text: str, terms: list[list[str]], said: str) -> None:
    query = parse(text)
    assert words(query.terms)[:30] == terms[: len(query.terms)]
    assert len(query.terms) == len(terms) or "too long" in said
    assert bool(query.problems) == bool(said)
    assert said in " ".join(query.problems)


@pytest.mark.parametrize(
    ("text", "is_beginning"),
    [
        ("gen", True),
        ("ge", False),
        ('"gen"', False),
        ("署", True),
        ("部署", False),
        ("서", True),
        ("😀", False),
    ],
)
def test_the_last_word_may_go_on(text: str, is_beginning: bool) -> None:
    assert parse(text).terms[-1].is_beginning == is_beginning


def test_a_word_that_is_followed_by_another_is_complete() -> None:
    assert [term.is_beginning for term in parse("gen docker").terms] == [False, True]
    assert [term.is_beginning for term in parse("gen docker in:work").terms] == [False, False]


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    functions.add_to(connection)
    migrations.migrate(connection)
    yield connection
    connection.close()


SIGNS = [*"\"“”「-:：*^()+{}'>.%_\\\x00\ud800", "NEAR(", " AND ", " OR ", " NOT ", ".."]
WORDS = ["in:", "tag:", "model:", "date:", "has:thumb", "is:trashed", "role:user", "words:", "2026-11"]
SCRIPTS = ["部署", "署", "gen", "東京", "서울", "สวัสดี", "😀", "é", "ﷺ", "½"]
PIECES = st.sampled_from([*SIGNS, *WORDS, *SCRIPTS, " "])


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=12).map("".join))
def test_no_query_fails(connection: sqlite3.Connection, text: str) -> None:
    query = parse(text)
    assert query == parse(text)
    assert all(isinstance(problem, str) and problem for problem in query.problems)
    assert find(connection, text) == []


def test_a_phrase_of_hundreds_of_words_is_cut_and_said() -> None:
    query = parse('"' + "a " * 300 + '"')
    assert len(query.terms[0].pieces) == MAX_WORDS
    assert query.problems == ("The query is too long; its end was left out.",)
