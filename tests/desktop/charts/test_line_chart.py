from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from teahouse_desktop.charts import LineChart, Series
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK, LIGHT, contrast

pytestmark = pytest.mark.gui

LOSS = Series("learned", tuple((float(x), 4.0 - x / 10) for x in range(31)))
HELD = Series("held out", ((0.0, 3.9), (30.0, 1.25)), "link", "dashed", has_marks=True)


@pytest.fixture
def chart(qtbot: QtBot, look: Look) -> LineChart:
    made = LineChart(look)
    made.resize(360, 200)
    made.name("Loss at each step", "step")
    made.show_series([LOSS, HELD])
    qtbot.addWidget(made)
    made.show()
    return made


def count(image: QImage, colour: str) -> int:
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_it_is_told_in_words(chart: LineChart) -> None:
    assert chart.accessibleName() == "Loss at each step"
    assert chart.accessibleDescription() == (
        "learned: from 4 to 1, lowest 1, 31 points\nheld out: from 3.9 to 1.25, lowest 1.25, 2 points"
    )


def test_keys_say_point_after_point(chart: LineChart, qtbot: QtBot) -> None:
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.spoken == "learned: 4 at step 0"
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleDescription() == "learned: 3.9 at step 1"
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.spoken == "held out: 3.9 at step 0"


def test_the_pointer_marks_the_nearest_point(chart: LineChart, qtbot: QtBot) -> None:
    qtbot.mouseMove(chart, QPoint(chart.width() - 12, 120))
    assert chart.spot in ((0, 30), (1, 1))
    qtbot.mouseMove(chart, QPoint(chart.width() - 12, chart.height() - 2))
    assert chart.spot is None


def test_a_mark_on_a_point_that_is_gone_goes(chart: LineChart) -> None:
    chart.set_spot((0, 30))
    chart.show_series([Series("learned", LOSS.points[:3])])
    assert chart.spot is None
    chart.grab()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_lines_are_drawn_in_the_colours_of_the_theme(chart: LineChart, look: Look, theme: object) -> None:
    assert theme in (LIGHT, DARK)
    chosen = LIGHT if theme is LIGHT else DARK
    chart.set_look(Look(chosen, look.font, look.reading, look.mono))
    image = chart.grab().toImage()
    assert count(image, chosen.accent) > 60 and count(image, chosen.link) > 20
    for colour in (chosen.accent, chosen.link, chosen.warning):
        assert contrast(colour, chosen.window) >= 3


@pytest.mark.parametrize("width", [60, 140, 320, 1400])
def test_any_width_any_numbers(chart: LineChart, width: int) -> None:
    chart.resize(width, 150)
    for points in ((), ((0.0, 0.0),), ((1.0, -5.0), (2.0, 1e9)), ((0.0, 1e-9), (1.0, 2e-9))):
        chart.show_series([Series("a long name that does not fit anywhere", points)], last_x=30)
        assert not chart.grab().isNull()
