"""Choosing a model to download: what is recommended, what each option says, the keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.engine import suitability
from teahouse.engine.devices import Machine
from teahouse.engine.suitability import Level, Suitability
from teahouse.jobs import Job
from teahouse.models import catalogue
from teahouse.models.kept import Kept
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.models.model_choice import ModelChoice
from teahouse_desktop.models.model_offers import Offer, read_offers, recommended

pytestmark = pytest.mark.gui

SMALL, LARGE = (entry for entry in catalogue.load() if entry.can_chat)


def offers(small: Level = "fits", large: Level = "fits") -> list[Offer]:
    return [
        Offer(SMALL, Suitability(small, 900_000_000, 8192)),
        Offer(LARGE, Suitability(large, 1_800_000_000, 2048)),
    ]


@pytest.fixture
def choice(qtbot: QtBot, look: Look) -> ModelChoice:
    made = ModelChoice(look)
    qtbot.addWidget(made)
    made.show_entries(offers())
    made.show()
    return made


@pytest.mark.parametrize(
    ("small", "large", "key"),
    [
        ("fits", "fits", LARGE.key),
        ("fits", "shorter", SMALL.key),
        ("shorter", "tight", LARGE.key),
        ("shorter", "short", SMALL.key),
        ("short", "short", SMALL.key),
        ("unknown", "unknown", SMALL.key),
    ],
)
def test_the_largest_that_fits_is_recommended(small: Level, large: Level, key: str) -> None:
    found = recommended(offers(small, large))
    assert found is not None and found.entry.key == key
    assert recommended([]) is None


def test_the_recommended_one_is_marked_and_told(qtbot: QtBot, look: Look) -> None:
    made = ModelChoice(look)
    qtbot.addWidget(made)
    chosen = QSignalSpy(made.chosen)
    assert made.entry is None
    made.show_entries(offers(large="shorter"))
    assert chosen.count() == 1 and chosen.at(0) == [SMALL]
    assert made.entry == SMALL
    assert [option.is_recommended for option in made.options] == [True, False]
    assert "recommended" in made.options[0].button.accessibleDescription()


def test_keys_and_clicks_choose(choice: ModelChoice, qtbot: QtBot) -> None:
    chosen = QSignalSpy(choice.chosen)
    choice.activateWindow()
    choice.options[1].button.setFocus()
    qtbot.keyClick(choice.options[1].button, Qt.Key.Key_Up)
    assert choice.entry == SMALL
    qtbot.mouseClick(choice.options[1], Qt.MouseButton.LeftButton)
    assert choice.entry == LARGE
    assert [chosen.at(index)[0] for index in range(chosen.count())] == [SMALL, LARGE]
    choice.choose(SMALL.key)
    assert choice.entry == SMALL


def test_what_was_chosen_stays_when_the_offers_are_read_again(choice: ModelChoice) -> None:
    choice.choose(SMALL.key)
    chosen = QSignalSpy(choice.chosen)
    choice.show_entries(offers())
    assert choice.entry == SMALL
    assert chosen.count() == 0


def test_each_option_says_what_it_is_to_eyes_and_ears(choice: ModelChoice) -> None:
    button = choice.options[1].button
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.role() == QAccessible.Role.RadioButton
    assert button.accessibleName() == LARGE.name
    spoken = button.accessibleDescription()
    for part in ("1.1 GB", "1.5B parameters", "English, Chinese", "Apache-2.0", "fits", LARGE.purpose_text):
        assert part in spoken


def test_long_names_wrap_and_are_never_markup(qtbot: QtBot, look: Look) -> None:
    made = ModelChoice(look)
    qtbot.addWidget(made)
    name = "<b>A model</b> " + "with a long name " * 12
    made.show_entries([Offer(replace(SMALL, name=name.strip()), Suitability("short"))])
    made.resize(320, 400)
    made.show()
    assert made.minimumSizeHint().width() <= 320
    assert "&lt;b&gt;" in made.options[0]._title.text()


def test_it_follows_the_theme(choice: ModelChoice, look: Look) -> None:
    before = choice.grab().toImage()
    choice.set_look(replace(look, theme=DARK))
    assert choice.grab().toImage() != before
    assert DARK.accent in choice.options[1]._title.text()


def test_offers_are_read_with_what_was_begun(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suitability, "look_at", lambda _app: Machine(free_bytes=1_500_000_000))
    kept = Kept(app.paths.models, LARGE)
    kept.take()
    kept.partial.path.write_bytes(b"x" * 7)
    operation = read_offers(app=app)
    told = Job(operation.title, operation.work).run(lambda _event: None).result
    found = [offer for offer in told if offer.entry.can_chat]
    assert [offer.entry for offer in found] == [SMALL, LARGE]
    assert [offer.kept_bytes for offer in found] == [0, 7]
    assert [offer.suitability.level for offer in found] == ["fits", "short"]
    assert not any(offer.is_here for offer in found)
    kept.release()
