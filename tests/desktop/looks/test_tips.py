from __future__ import annotations

from teahouse_desktop.looks.tips import with_keys, with_name


def test_keys_stand_behind_the_words_where_there_are_any() -> None:
    assert with_keys("New conversation", "Ctrl+N") == "New conversation (Ctrl+N)"
    assert with_keys("New conversation", "") == "New conversation"


def test_a_name_is_never_taken_for_markup() -> None:
    assert with_name("<img src=x> & co", "") == "<qt>&lt;img src=x&gt; &amp; co</qt>"
    assert with_name("Model", "Choose it\n2 cards") == "<qt>Model<br>Choose it<br>2 cards</qt>"
