from __future__ import annotations

import random

import pytest

from teahouse_desktop.tokens.marks import Mark, is_whole, mark_of, marks_of, shown
from teahouse_desktop.tokens.token import Token


def tokens(*pieces: bytes) -> list[Token]:
    return [Token(number, piece) for number, piece in enumerate(pieces)]


@pytest.mark.parametrize(
    ("piece", "text"),
    [
        (b" tea", "⋅tea"),
        (b" ", "␣"),
        (b"    ", "␣␣␣␣"),
        (b" " * 30, "␣×30"),
        (b"\n\n", "⏎⏎"),
        (b"\tx", "⇥x"),
        (b"\r\n", "␍⏎"),
        ("茶".encode(), "茶"),
        (b"\xe8\x8c", "⟨E8⟩⟨8C⟩"),
        (b" \xe8", "⋅⟨E8⟩"),
        (b"\x07", "⟨U+0007⟩"),
        ("\u200b".encode(), "⟨U+200B⟩"),
        ("⋅".encode(), "⟨U+22C5⟩"),
        (b"", "∅"),
    ],
)
def test_nothing_is_invisible_and_no_byte_passes_for_a_character(piece: bytes, text: str) -> None:
    assert shown(piece) == text


def test_bytes_of_one_character_are_joined() -> None:
    marks = marks_of(tokens(b"a", b" \xe8", b"\x8c", b"\xb6", b"!"))
    assert [mark.text for mark in marks] == ["a", "⋅⟨E8⟩", "⟨8C⟩", "⟨B6⟩", "!"]
    assert [mark.is_inside for mark in marks] == [False, True, True, True, False]
    assert [mark.opens for mark in marks] == [False, True, False, False, False]
    assert [mark.joined for mark in marks] == ["", "", "", "茶", ""]


def test_bytes_that_never_become_a_character_stand_alone() -> None:
    marks = marks_of(tokens(b"\xe8", b"x", b"\xff"))
    assert [mark.text for mark in marks] == ["⟨E8⟩", "x", "⟨FF⟩"]
    assert not any(mark.is_inside for mark in marks)
    assert marks[0].has_bytes


def test_a_control_token_is_a_chip_and_no_text() -> None:
    control = Token(1, b"<|im_end|>", is_control=True)
    assert mark_of(control) == Mark("<|im_end|>", is_chip=True)
    assert marks_of([Token(2, b"\xe8"), control])[0].joined == ""


def test_a_line_breaks_after_its_end() -> None:
    assert [mark.breaks for mark in marks_of(tokens(b"a\n", b"b"))] == [True, False]


def test_any_cut_of_any_text_is_shown_token_by_token() -> None:
    rng = random.Random(7)
    text = "Tea 茶馆 🍵\n\té\u0301⋅␣".encode() * 5
    for _round in range(50):
        cuts = sorted(rng.sample(range(1, len(text)), 40))
        pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        marks = marks_of(tokens(*pieces))
        assert len(marks) == len(pieces)
        assert all(mark.text for mark in marks)
        for mark, piece in zip(marks, pieces, strict=True):
            assert mark.is_inside or mark.has_bytes == (not is_whole(piece))
