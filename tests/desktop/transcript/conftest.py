"""A transcript on the screen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.view import Transcript


@pytest.fixture
def view(qtbot: QtBot, look: Look) -> Transcript:
    made = Transcript(look)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made
