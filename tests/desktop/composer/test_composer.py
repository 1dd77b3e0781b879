from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse_desktop.composer.composer import Composer
from teahouse_desktop.composer.field import MOST_LINES
from teahouse_desktop.looks.look import Look

pytestmark = pytest.mark.gui


@pytest.fixture
def composer(qtbot: QtBot, look: Look) -> Composer:
    made = Composer(look)
    qtbot.addWidget(made)
    made.resize(500, 60)
    made.set_can_send(True)
    made.show()
    return made


def compose(composer: Composer, preedit: str, commit: str = "") -> None:
    """What an input method does."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(composer.field, event)


def test_enter_sends_and_empties(composer: Composer, qtbot: QtBot) -> None:
    sent = QSignalSpy(composer.sent)
    qtbot.keyClicks(composer.field, "Hello")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.at(0) == ["Hello"]
    assert composer.text == ""


def test_enter_before_the_models_are_known_counts_once_they_are(look: Look, qtbot: QtBot) -> None:
    made = Composer(look)
    qtbot.addWidget(made)
    sent = QSignalSpy(made.sent)
    qtbot.keyClicks(made.field, "Hello")
    qtbot.keyClick(made.field, Qt.Key.Key_Return)
    assert made.text == "Hello"
    made.set_can_send(True)
    assert (sent.count(), sent.at(0)) == (1, ["Hello"])
    made.set_can_send(True)
    assert sent.count() == 1


def test_text_changed_after_an_early_enter_is_not_sent(look: Look, qtbot: QtBot) -> None:
    made = Composer(look)
    qtbot.addWidget(made)
    sent = QSignalSpy(made.sent)
    qtbot.keyClicks(made.field, "Hello")
    qtbot.keyClick(made.field, Qt.Key.Key_Return)
    qtbot.keyClicks(made.field, "!")
    made.set_can_send(True)
    assert sent.count() == 0
    assert made.text == "Hello!"


def test_shift_enter_starts_a_line(composer: Composer, qtbot: QtBot) -> None:
    sent = QSignalSpy(composer.sent)
    qtbot.keyClicks(composer.field, "a")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer.field, "b")
    assert composer.text == "a\nb"
    assert sent.count() == 0


def test_nothing_is_sent_while_an_input_method_composes(composer: Composer, qtbot: QtBot) -> None:
    sent = QSignalSpy(composer.sent)
    compose(composer, "ni'hao")
    assert composer.field.is_composing
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.count() == 0
    compose(composer, "", commit="你好")
    assert not composer.field.is_composing
    qtbot.keyClick(composer.field, Qt.Key.Key_Enter)
    assert sent.at(0) == ["你好"]


def test_escape_of_a_composition_does_not_stop_the_reply(composer: Composer, qtbot: QtBot) -> None:
    composer.set_replying(True)
    stopped = QSignalSpy(composer.stop_requested)
    compose(composer, "ni")
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert stopped.count() == 0


def test_nothing_waits_while_an_input_method_composes(composer: Composer, qtbot: QtBot) -> None:
    composer.set_replying(True)
    queued = QSignalSpy(composer.queued)
    composer.set_text("你")
    compose(composer, "hao")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    qtbot.keyClick(composer.field, Qt.Key.Key_Enter)
    assert (queued.count(), composer.text) == (0, "你")
    compose(composer, "", commit="好")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert queued.at(0) == ["你好"]


def test_a_stop_that_takes_long_can_be_forced(composer: Composer) -> None:
    composer.set_replying(True)
    composer.button.set_stopping(True, can_force=False)
    assert composer.button.accessibleName() == "Stopping …"
    composer.button.set_stopping(True, can_force=True)
    assert composer.button.accessibleName() == composer.button.text().strip() == "Force stop"
    assert composer.button.width() > composer.button.height()
    composer.set_replying(False)
    assert (composer.button.accessibleName(), composer.button.text()) == ("Send", "")
    assert composer.button.width() == composer.button.height()


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_empty_text_is_not_sent(composer: Composer, qtbot: QtBot, text: str) -> None:
    sent = QSignalSpy(composer.sent)
    composer.set_text(text)
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.count() == 0
    assert not composer.button.isEnabled()


def test_nothing_is_sent_without_a_model(composer: Composer, qtbot: QtBot) -> None:
    composer.set_can_send(False)
    sent = QSignalSpy(composer.sent)
    qtbot.keyClicks(composer.field, "Hello")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert sent.count() == 0
    assert composer.text == "Hello"


def test_button_becomes_stop_while_replying(composer: Composer, qtbot: QtBot) -> None:
    stopped, sent = QSignalSpy(composer.stop_requested), QSignalSpy(composer.sent)
    queued = QSignalSpy(composer.queued)
    composer.set_replying(True)
    assert composer.button.accessibleName() == "Stop"
    qtbot.keyClicks(composer.field, "next question")
    qtbot.keyClick(composer.field, Qt.Key.Key_Return)
    assert (composer.text, queued.at(0)) == ("", ["next question"])
    qtbot.mouseClick(composer.button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert (stopped.count(), sent.count()) == (2, 0)
    composer.set_replying(False)
    assert composer.button.accessibleName() == "Send"


def test_grows_to_eight_lines(composer: Composer, qtbot: QtBot) -> None:
    heights = []
    for lines in (1, 3, MOST_LINES, MOST_LINES + 5):
        composer.set_text("\n".join("x" * lines))
        QApplication.processEvents()
        heights.append(composer.field.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    policy = composer.field.verticalScrollBarPolicy()
    assert policy == Qt.ScrollBarPolicy.ScrollBarAsNeeded


def test_draft_is_told_once_after_a_pause(composer: Composer, qtbot: QtBot) -> None:
    told = QSignalSpy(composer.draft_changed)
    qtbot.keyClicks(composer.field, "half a th")
    assert told.count() == 0
    qtbot.waitUntil(lambda: told.count() == 1, timeout=5_000)
    assert told.at(0) == ["half a th"]


def test_opened_draft_is_not_told_again(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(composer.draft_changed, wait=1_000):
        composer.set_text("kept from before")
        composer.flush_draft()


def test_editing_keeps_the_draft(composer: Composer, qtbot: QtBot) -> None:
    composer.set_text("my draft")
    composer.begin_edit("an earlier message")
    assert composer.text == "an earlier message"
    qtbot.keyClick(composer.field, Qt.Key.Key_Escape)
    assert composer.text == "my draft"
    assert not composer.is_editing


def test_tab_leaves_the_field(composer: Composer, qtbot: QtBot) -> None:
    composer.set_text("x")
    composer.activateWindow()
    composer.field.setFocus()
    qtbot.keyClick(composer.field, Qt.Key.Key_Tab)
    assert composer.text == "x"
    assert not composer.field.hasFocus()


def test_han_lines_are_not_cut(composer: Composer) -> None:
    heights = {}
    for name, text in {"latin": "abc\nabc\nabc", "han": "茶馆\n茶馆\n茶馆"}.items():
        composer.set_text(text)
        QApplication.processEvents()
        heights[name] = (composer.field.height(), sum(composer.field._line_heights()))
    assert all(height >= lines for height, lines in heights.values())


def test_nothing_typed_is_lost_while_an_earlier_message_is_edited(composer: Composer, qtbot: QtBot) -> None:
    told = QSignalSpy(composer.draft_changed)
    qtbot.keyClicks(composer.field, "a draft")
    composer.begin_edit("old words")  # before the draft was told
    assert composer.draft == "a draft"
    composer.flush_draft()
    assert told.at(told.count() - 1) == ["a draft"]
    qtbot.keyClicks(composer.field, " and new")
    assert composer.draft == "a draft\n\nold words and new"
    composer.flush_draft()
    assert told.at(told.count() - 1) == ["a draft\n\nold words and new"]
    composer.cancel_edit()
    assert composer.draft == composer.text == "a draft"
    composer.flush_draft()
    assert told.at(told.count() - 1) == ["a draft"]
