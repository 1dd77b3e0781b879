from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.legend import Legend

pytestmark = pytest.mark.gui


def test_a_legend_says_its_numbers_and_takes_the_lines_it_needs(qtbot: QtBot, look: Look) -> None:
    legend = Legend(look)
    qtbot.addWidget(legend)
    assert legend.accessibleName() == "Legend: Probability"
    assert legend.accessibleDescription().startswith("below 0.1 %, 0.1 % to 1 %")
    assert legend.heightForWidth(120) > legend.heightForWidth(2000)
    legend.set_colouring("entropy")
    assert "from 4.5" in legend.accessibleDescription()
    legend.set_colouring("none")
    assert legend.isHidden()
    legend.grab()
