from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.bars import ProbabilityBars
from teahouse_desktop.tokens.stage_words import stage_name, stage_words
from teahouse_desktop.tokens.stages import alternatives, ids_in, only_model, read_stages

pytestmark = pytest.mark.gui

TOLD: list[dict[str, Any]] = [
    {"stage": "model", "kept": 1000, "sum": 1.0, "ids": [1, 2, 3, 4], "probabilities": [0.5, 0.3, 0.1, 0.01]},
    {
        "stage": "top_k", "kept": 3, "sum": 0.9, "ids": [1, 2, 3], "probabilities": [0.556, 0.333, 0.111],
        "cut": [[4, 0.01]], "why": {"kind": "top_k", "limit": 3},
    },
    {
        "stage": "top_p", "kept": 2, "sum": 0.8, "ids": [1, 2], "probabilities": [0.625, 0.375],
        "cut": [[3, 0.111]], "why": {"kind": "top_p", "limit": 0.8, "reached": 0.889},
    },
    {
        "stage": "temperature", "kept": 2, "sum": 0.8, "ids": [2, 1], "probabilities": [0.5, 0.5],
        "cut": [], "why": {"kind": "temperature", "temperature": 2.0},
    },
]  # fmt: skip


@pytest.fixture(autouse=True)
def plain_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    yield
    QLocale.setDefault(before)


PIECES = {1: (b" tea", False), 2: (b"\n", False), 3: (b"<|im_end|>", True), 4: (b"\xe8", False)}


def test_what_each_stage_leaves_and_what_it_cuts() -> None:
    stages = read_stages(TOLD)
    rows = {row.id: row for row in alternatives(stages, PIECES, taken=2)}
    assert {token: row.cut_by for token, row in rows.items()} == {1: "", 2: "", 3: "top_p", 4: "top_k"}
    assert (rows[1].own, rows[1].now) == (0.5, 0.5)
    assert rows[3].now is None
    assert [row.is_taken for row in alternatives(stages, PIECES, taken=2)] == [False, True, False, False]
    first = {row.id: row for row in alternatives(stages, PIECES, upto=1)}
    assert (first[3].now, first[3].cut_by, first[4].cut_by) == (0.111, "", "top_k")


def test_a_token_that_none_of_the_likeliest_is_told_all_the_same() -> None:
    rows = alternatives(read_stages(TOLD), PIECES, taken=77)
    assert rows[-1].id == 77
    assert (rows[-1].own, rows[-1].is_taken) == (None, True)
    assert rows[-1].cut_by == "top_k"  # three were kept, and all three are told
    assert ids_in(read_stages(TOLD)) == {1, 2, 3, 4}


def test_sentences_say_what_was_cut_and_why() -> None:
    stages = read_stages(TOLD)
    said = [
        stage_words(stage, stages[number - 1] if number else None, PIECES)
        for number, stage in enumerate(stages)
    ]
    assert said[0] == "What the model itself finds likely, before any rule."
    assert said[1].startswith("Keeps the 3 likeliest. 997 of 1000 tokens were cut; 3 are left, with 90 %")
    assert "the bytes ⟨E8⟩ 1 %" in said[1]
    assert "Keeps the likeliest that together reach 80 %; they reach 89 %." in said[2]
    assert "the control token <|im_end|> 11 %" in said[2]
    assert said[3].startswith("Divides the logits by 2.00")
    assert "Nothing was cut; the probabilities have changed." in said[3]


def test_an_unknown_stage_keeps_its_name_and_needs_no_reason() -> None:
    [model, other] = read_stages([TOLD[0], {**TOLD[1], "stage": "brand_new", "why": {"kind": "brand_new"}}])
    assert stage_name(other.name) == "brand_new"
    assert stage_words(other, model, PIECES).startswith("997 of 1000 tokens were cut")
    broken = read_stages([TOLD[0], {**TOLD[1], "why": {"limit": "no number"}}])
    assert stage_words(broken[1], broken[0], PIECES).startswith("997 of")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "100 %"),
        (0.9997, "99.97 %"),
        (0.43, "43 %"),
        (0.0432, "4.3 %"),
        (0.00043, "0.043 %"),
        (0.000001, "<0.001 %"),
        (0.0, "0 %"),
    ],
)
def test_shares_in_words(value: float, said: str) -> None:
    assert words.share(value) == said


@pytest.fixture
def bars(qtbot: QtBot, look: Look) -> Iterator[ProbabilityBars]:
    shown = ProbabilityBars(look)
    qtbot.addWidget(shown)
    shown.resize(320, 120)
    shown.show()
    shown.show_rows(alternatives(read_stages(TOLD), PIECES, taken=1), has_stages=True)
    yield shown


def test_the_likeliest_other_token_has_the_mark(bars: ProbabilityBars) -> None:
    assert bars.marked is not None and bars.marked.id == 2
    bars.show_rows(alternatives(read_stages(TOLD), PIECES, taken=1), has_stages=True, marks_taken=True)
    assert bars.marked is not None and bars.marked.id == 1


def test_keys_mark_choose_and_leave(bars: ProbabilityBars, qtbot: QtBot) -> None:
    QTest.keyClick(bars, Qt.Key.Key_End)
    assert bars.marked is not None and bars.marked.id == 4
    assert bars.viewport().rect().contains(bars.row_box(3).toRect().adjusted(0, 0, 0, -2))
    QTest.keyClick(bars, Qt.Key.Key_Up)
    with qtbot.waitSignal(bars.chosen) as chosen:
        QTest.keyClick(bars, Qt.Key.Key_Return)
    assert chosen.args == [3]
    with qtbot.waitSignal(bars.left):
        QTest.keyClick(bars, Qt.Key.Key_Escape)


def test_screen_readers_hear_the_alternative(bars: ProbabilityBars) -> None:
    assert bars.accessibleName() == "Alternatives"
    assert bars.spoken == "Alternative 2 of 4: “new line”, model 30 %, after the chain 50 %, id 2"
    bars.set_current(2)
    assert "cut by Top-p" in bars.accessibleDescription()
    bars.set_current(0)
    assert "stands there now" in bars.accessibleDescription()


def test_the_mark_stays_on_its_token_when_the_engine_has_explained(bars: ProbabilityBars) -> None:
    bars.show_rows(alternatives(only_model([1, 2, 3], [0.5, 0.3, 0.2]), PIECES), has_stages=False)
    bars.set_current(2)
    bars.show_rows(alternatives(read_stages(TOLD), PIECES), has_stages=True, keeps_mark=True)
    assert bars.marked is not None and bars.marked.id == 3


def test_bars_are_drawn_to_a_scale_that_is_said(bars: ProbabilityBars) -> None:
    assert bars.scale == 0.5
    bars.show_rows(alternatives(only_model([1], [0.03]), PIECES), has_stages=False)
    assert bars.scale == 0.05
    bars.show_rows([], has_stages=False)
    assert bars.marked is None
    bars.grab()


def test_a_double_click_chooses(bars: ProbabilityBars, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bars.chosen) as chosen:
        spot = bars.row_box(0).center().toPoint()
        QTest.mouseDClick(bars.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert chosen.args == [1]
