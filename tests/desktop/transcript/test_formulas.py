from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.formulas import set_formula
from teahouse_desktop.transcript.mathematics import LONGEST, is_formula
from teahouse_desktop.transcript.selection import select_all, selected_text
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.samples import shown

pytestmark = pytest.mark.gui


def body(look: Look, text: str) -> Body:
    made = Body(look)
    made.set_text(text)
    return made


def formulas(look: Look, text: str) -> list[str]:
    """The LaTeX of what is shown as formulas."""
    found = []
    for piece in body(look, text).pieces:
        block = piece.document.begin()
        while block.isValid():
            form_at = block.begin()
            while not form_at.atEnd():
                form = form_at.fragment().charFormat()
                found += [str(form.property(1048576 + 12))] if form.objectType() else []
                form_at += 1
            block = block.next()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $x^2$ b", ["x^2"]),
        (r"a \(x^2\) b", ["x^2"]),
        ("$$\nx\n$$", ["x"]),
        ("\\[\nx\n\\]", ["x"]),
        ("so $$x$$ is", ["x"]),
        ("$$x$$", ["x"]),
        ("- $a$\n- $$b$$", ["a", "b"]),
        ("|a|\n|-|\n|$x$|", ["x"]),
        ("It costs $5 and $6.", []),
        ("from $5-$6", []),
        ("$ x $", []),
        ("价格$5和$6元", []),
        ("一共$5，还有$ 的", []),
        (r"\$x\$", []),
        ("`$x$`", []),
        ("```\n$$\nx\n$$\n```", []),
        ("$$\nopen", []),
        ("$" + "x" * (LONGEST + 1) + "$", []),
    ],
)
def test_what_is_a_formula(look: Look, text: str, expected: list[str]) -> None:
    assert formulas(look, text) == expected


def test_open_or_foreign_formulas_stay_text(look: Look) -> None:
    assert [piece.text for piece in body(look, "$$\nopen\n\nnext").pieces] == ["$$\nopen", "next"]
    assert [piece.text for piece in body(look, "\\[a\\] b").pieces] == ["[a] b"]


def test_formula_is_set_beside_the_window_and_drawn_in_the_text_colour(
    view: Transcript, qtbot: QtBot
) -> None:
    view.open([shown(0, "assistant", "$$\n\\frac{a}{b}\n$$")])
    view.grab()
    document = view.column.items[0].pieces[0].document
    before = document.idealWidth()  # of the LaTeX, which is shown meanwhile
    qtbot.waitUntil(lambda: not view.column.look.formulas.is_waiting, timeout=10_000)
    assert 0 < document.idealWidth() < before
    for look in (view.column.look, Look(DARK, *[view.column.look.font] * 2, view.column.look.mono)):
        view.set_look(look)
        view.grab()
        qtbot.waitUntil(lambda at=look: not at.formulas.is_waiting, timeout=10_000)
        assert darkest_difference(view.viewport().grab().toImage(), look.colour("text")) < 30


def darkest_difference(image: QImage, wanted: QColor) -> int:
    """How near the nearest pixel of the first message comes to a colour."""
    colours = (image.pixelColor(x, y) for x in range(300, 500) for y in range(0, 80))
    return min(sum(abs(a - b) for a, b in zip(c.getRgb(), wanted.getRgb(), strict=True)) for c in colours)


@pytest.mark.parametrize("latex", [r"\frac{1", r"\text{面积}", "{" * 400 + "}" * 400, "\\left("])
def test_what_cannot_be_set_is_shown_as_it_is(view: Transcript, qtbot: QtBot, latex: str) -> None:
    view.open([shown(0, "assistant", f"Look: ${latex}$ here")])
    view.grab()
    qtbot.waitUntil(lambda: not view.column.look.formulas.is_waiting, timeout=10_000)
    view.grab()
    assert view.column.items[0].pieces[0].text == f"Look: ${latex}$ here"
    with pytest.raises(Exception):  # noqa: B017
        set_formula(latex, 16, "#000000", is_display=False)


def test_copying_gives_the_latex(view: Transcript) -> None:
    view.open([shown(0, "assistant", "One $a_1$ two \\(b\\).\n\n$$\nc\n$$")])
    view.grab()
    assert selected_text(view.column, select_all(view.column)) == "One $a_1$ two \\(b\\).\n\n$$c$$"  # type: ignore[arg-type]


def test_wide_formula_fits_its_column(view: Transcript, qtbot: QtBot) -> None:
    view.resize(420, 500)
    view.open([shown(0, "assistant", "$$\n" + "+".join(f"x_{{{n}}}" for n in range(25)) + "\n$$")])
    view.grab()
    qtbot.waitUntil(lambda: not view.column.look.formulas.is_waiting, timeout=10_000)
    view.grab()
    piece = view.column.items[0].pieces[0]
    assert piece.document.idealWidth() <= view.column.width + 1


def test_is_formula() -> None:
    assert is_formula(r"\text{面积} = x")
    assert not is_formula("5 元和 x")
    assert not is_formula(" ")
