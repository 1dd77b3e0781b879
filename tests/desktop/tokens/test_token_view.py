from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.token import Token, figures, text_of
from teahouse_desktop.tokens.view import TokenView

pytestmark = pytest.mark.gui

WORDS = [b"Green", b" tea", b" is", b"\n", b"made", b" \xe8", b"\x8c", b"\xb6", b" here", b"."]


def sample(count: int = 60) -> list[Token]:
    pieces = [WORDS[n % len(WORDS)] for n in range(count)]
    return [Token(n, p, False, -0.1 * (n % 70), n % 4, 0.5) for n, p in enumerate(pieces)]


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> Iterator[TokenView]:
    shown = TokenView(look)
    qtbot.addWidget(shown)
    shown.resize(320, 200)
    shown.show()
    shown.show_tokens(sample())
    yield shown


def press(view: TokenView, *keys: Qt.Key, shift: bool = False, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.NoModifier
    held |= Qt.KeyboardModifier.ShiftModifier if shift else held
    held |= Qt.KeyboardModifier.ControlModifier if ctrl else held
    for key in keys:
        QTest.keyClick(view, key, held)


def test_arrows_go_by_token_and_line(view: TokenView) -> None:
    view.set_current(0)
    press(view, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert view.current == 2
    press(view, Qt.Key.Key_Left)
    assert view.current == 1
    line = view.flow.line_of(1)
    press(view, Qt.Key.Key_Down)
    assert view.flow.line_of(view.current) == line + 1
    press(view, Qt.Key.Key_Up)
    assert view.flow.line_of(view.current) == line


def test_home_and_end_go_to_the_ends_of_the_line_and_of_the_text(view: TokenView) -> None:
    view.set_current(5)
    press(view, Qt.Key.Key_Home)
    assert view.current == 4  # a line begins after the line's end that a token holds
    press(view, Qt.Key.Key_End, ctrl=True)
    assert view.current == 59
    press(view, Qt.Key.Key_Right)
    assert view.current == 59
    press(view, Qt.Key.Key_Home, ctrl=True)
    assert view.current == 0
    press(view, Qt.Key.Key_PageDown)
    assert view.current > 5


def test_shift_selects_and_copies_the_bytes_as_text(view: TokenView) -> None:
    view.set_current(4)
    press(view, *[Qt.Key.Key_Right] * 4, shift=True)
    assert list(view.selection) == [4, 5, 6, 7, 8]
    press(view, Qt.Key.Key_C, ctrl=True)
    assert QGuiApplication.clipboard().text() == "made 茶 here"
    press(view, Qt.Key.Key_A, ctrl=True)
    assert view.selected_text == text_of(view.tokens)


def test_return_asks_for_alternatives(view: TokenView, qtbot: QtBot) -> None:
    view.set_current(3)
    with qtbot.waitSignal(view.activated) as asked:
        press(view, Qt.Key.Key_Return)
    assert asked.args == [3]


def test_screen_readers_hear_the_token(view: TokenView) -> None:
    view.set_current(1)
    assert view.accessibleName() == "Tokens"
    assert view.accessibleDescription() == "Token 2 of 60: “ tea”, 90 %, second, entropy 0.50 bits"
    view.set_current(6)
    assert "the bytes ⟨8C⟩" in view.spoken
    assert "with its neighbours 茶" in view.spoken
    view.show_tokens([Token(9, b"<|im_end|>", is_control=True)], current=0)
    assert view.spoken == "Token 1 of 1: the control token <|im_end|>"


def test_the_pointer_finds_marks_and_hovers(view: TokenView, qtbot: QtBot) -> None:
    place = 8
    spot = view.box(place).center().toPoint()
    assert view.token_at(view.box(place).center()) == place
    with qtbot.waitSignal(view.hovered) as hovered:
        QTest.mouseMove(view.viewport(), spot)
    assert hovered.args == [place]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.current == place
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(315, 195))
    assert view.current == place  # nothing is there


def test_the_same_text_with_other_numbers_keeps_its_place(view: TokenView) -> None:
    view.set_current(20)
    view.show_tokens([Token(t.id, t.piece, logprob=-1.0) for t in view.tokens])
    assert view.current == 20
    view.show_tokens(sample(5))
    assert view.current == -1


def test_thousands_of_tokens_are_laid_out_as_they_are_needed(view: TokenView, qtbot: QtBot) -> None:
    view.show_tokens(sample(30_000))
    assert not view.flow.is_whole
    laid = len(view.flow.lines)
    view.set_current(29_999)
    assert len(view.flow.lines) > laid
    assert view.viewport().rect().intersects(view.box(29_999).toRect())
    qtbot.waitUntil(lambda: view.flow.is_whole)
    view.resize(500, 200)
    assert view.viewport().rect().intersects(view.box(29_999).toRect())


def test_a_token_wider_than_the_view_has_a_line_of_its_own(view: TokenView) -> None:
    view.show_tokens([Token(1, b"a"), Token(2, b"x" * 400), Token(3, b"b")])
    assert [view.flow.line_of(n) for n in range(3)] == [0, 1, 2]
    assert view.box(1).right() <= view.viewport().width()


def test_nothing_to_show_is_no_trouble(view: TokenView) -> None:
    view.show_tokens([])
    press(view, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert (view.current, view.selected_text, view.spoken) == (-1, "", "")
    view.grab()


def test_figures_of_a_text() -> None:
    known = [Token(1, b"a"), Token(2, b"b", logprob=math.log(0.5), entropy=1.0)]
    told = figures([*known, Token(3, b"c", logprob=math.log(1 / 32), entropy=3.0)])
    assert (told.count, told.judged, told.surprising) == (3, 2, (2,))
    assert told.perplexity == pytest.approx(8.0)
    assert told.entropy == pytest.approx(2.0)
    assert figures([]).perplexity is None
