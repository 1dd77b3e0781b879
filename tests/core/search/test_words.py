"""What the index is given for a text."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from teahouse.search.index import INDEX
from teahouse.search.words import compose, cut, fold, index_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("部署容器", "部署 署容 容器 器"),
        ("署", "署"),
        ("部署Docker容器", "部署 署 docker 容器 器"),
        ("你好，世界", "你好 好 世界 界"),
        ("東京タワー", "東京 京タ タワ ワー ー"),
        ("서울에서 만나요", "서울에서 만나요"),
        ("สวัสดี", "สว วั ัส สด ดี ี"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("Café NAÏVE Straße", "cafe naive strasse"),
        ("Cafe\u0301", "cafe"),
        ("ＡＢＣ　１２ ｶﾞ", "abc 12 ガ"),
        ("snake_case node.js don't", "snake case node js don t"),
        ("ok 😀!", "ok u1f600"),
        ("𠮷野家", "𠮷野 野家 家"),
        ("\ud800 \x00 — ", ""),
        ("", ""),
    ],
)
def test_words_of_a_text(text: str, words: str) -> None:
    assert index_words(text) == words


def test_a_word_of_a_thousand_letters_is_shortened_and_a_book_is_cut() -> None:
    assert index_words("a" * 1000) == "a" * 64
    assert len(index_words("字" * 600_000).split()) == 500_000


@settings(deadline=None)
@given(st.text())
def test_sqlite_takes_every_word_as_one(text: str) -> None:
    """What is cut here is not cut again there: positions in a phrase would not fit any more."""
    words = index_words(text).split(" ") if index_words(text) else []
    connection = sqlite3.connect(":memory:")
    connection.execute(INDEX)
    connection.execute("CREATE VIRTUAL TABLE seen USING fts5vocab (search_index, instance)")
    connection.execute("INSERT INTO search_index (rowid, words) VALUES (1, ?)", (" ".join(words),))
    assert connection.execute("SELECT count(*) FROM seen").fetchone()[0] == len(words)
    connection.close()


@settings(deadline=None)
@given(st.text())
@example("\ufe49 a dashed overline, which is a blank and an accent")
def test_folding_twice_changes_nothing_more_and_pieces_are_in_the_text(text: str) -> None:
    folded = fold(compose(text))
    assert fold(folded) == folded
    assert all(piece.text in folded for piece in cut(folded))
