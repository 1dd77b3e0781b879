"""The panel “Probabilities” in the real window on the real model."""

from __future__ import annotations

import mmap
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # pytest-qt makes its QApplication before any fixture runs

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from teahouse.app import App
from teahouse.models.gguf import read_header
from teahouse_desktop.start import Desk, make_application, open_desk
from teahouse_sampling.panel.probabilities.compared import ComparePage
from teahouse_sampling.panel.probabilities.comparison import Other
from teahouse_sampling.panel.probabilities.cut import TokensPage
from teahouse_sampling.panel.probabilities.panel import ProbabilityPanel
from teahouse_sampling.panel.probabilities.replied import ReplyPage
from teahouse_sampling.panel.probabilities.sent import SentPage
from teahouse_sampling.panel.probabilities.stepping import StepPage

pytestmark = [pytest.mark.gui, pytest.mark.gguf]
WAIT_MS = 120_000


@pytest.fixture(scope="module")
def desk(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One window for the module, with one answered question; the model stays in memory."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("view") / "家"
        (home / "data" / "models").mkdir(parents=True)
        (home / "data" / "models" / starter.name).symlink_to(starter)
        patch.setenv("TEAHOUSE_HOME", str(home))
        patch.setenv("TEAHOUSE_LANGUAGE", "en")
        app = App.open()
        app.settings.set("engine.context", 1024)
        app.settings.set("chat.titles", "words")
        app.settings.set("chat.temperature", 0.0)
        app.settings.set("chat.max_tokens", 24)
        opened = open_desk(app, make_application())
        opened.window.resize(1300, 800)
        yield opened
        opened.window.close()
        opened.window.deleteLater()
        app.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def panel(desk: Desk, qtbot: QtBot) -> ProbabilityPanel:
    """The panel, opened on the reply to one question."""
    window = desk.window
    qtbot.waitUntil(
        lambda: window.topbar.picker.has_model and len(window.panels.actions) >= 2, timeout=WAIT_MS
    )
    if not window.chat.transcript.column.items:
        window.chat.send("What is the capital of France?")
        settled(desk, qtbot, 2)
    shown = window.chat.transcript.column.items[-1].shown.message
    offer = next(o for o in window.panels.offered.offers(shown) if o.title == "Probabilities")
    window.panels.offered.act(offer.name, shown.id)
    found = window.findChild(ProbabilityPanel)
    assert isinstance(found, ProbabilityPanel)
    return found


def settled(desk: Desk, qtbot: QtBot, count: int) -> None:
    """Wait until there are so many messages and none is being made."""
    chat = desk.window.chat
    items = chat.transcript.column
    qtbot.waitUntil(lambda: len(items.items) == count and chat.live is None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bool(items.items[-1].shown.generation), timeout=WAIT_MS)


def page_of(panel: ProbabilityPanel, qtbot: QtBot) -> ReplyPage:
    panel.show_page("reply")
    page = panel.page("reply")
    assert isinstance(page, ReplyPage)
    qtbot.waitUntil(lambda: page.sheet is not None, timeout=WAIT_MS)
    return page


def until(qtbot: QtBot, is_done: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(is_done()), timeout=WAIT_MS)


def test_a_reply_is_shown_by_its_stored_tokens(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    assert page.sheet is not None
    message = desk.window.chat.transcript.column.items[-1].shown
    assert message.generation is not None
    assert tuple(token.id for token in page.tokens.tokens) == message.generation.ids
    assert b"Paris" in b"".join(token.piece for token in page.tokens.tokens)
    assert all(token.rank == 0 for token in page.tokens.tokens)  # temperature 0 took the likeliest
    assert "perplexity" in page.figures.text.text()
    assert "always the likeliest" in page.about.text()
    page.tokens.set_current(1)
    until(qtbot, lambda: len(page.place._stages) > 1)  # the engine has explained
    assert [stage.name for stage in page.place._stages] == ["model", "temperature"]
    top = page.place.bars.rows[0]
    assert top.is_taken and top.own == pytest.approx(page.tokens.tokens[1].probability, abs=1e-4)
    assert page.place.bars.rows[1].cut_by == "temperature"


def test_surprises_are_gone_through(panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    page.figures._surprising = (1, 3)
    page.tokens.set_current(2)
    for direction, place in ((+1, 3), (+1, 1), (-1, 3), (-1, 1)):
        page.figures.step(direction)
        assert page.tokens.current == place


def test_return_leads_to_the_alternatives_and_escape_back(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page = page_of(panel, qtbot)
    desk.window.activateWindow()
    page.tokens.setFocus()
    page.tokens.set_current(1)
    QTest.keyClick(page.tokens, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.place.bars
    QTest.keyClick(page.place.bars, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.tokens


def test_another_token_branches_the_conversation_there(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page = page_of(panel, qtbot)
    chat = desk.window.chat
    before = chat.transcript.column.items[-1].shown
    assert before.generation is not None
    page.tokens.set_current(1)
    until(qtbot, lambda: page.place.bars.marked is not None and page.place.button.isEnabled())
    other = page.place.bars.marked
    assert other is not None and not other.is_taken
    page.place.button.click()
    until(qtbot, lambda: chat.transcript.column.items[-1].shown.message.id != before.message.id)
    settled(desk, qtbot, len(chat.transcript.column.items))
    after = chat.transcript.column.items[-1].shown
    assert after.generation is not None
    assert after.versions == before.versions + 1
    until(qtbot, lambda: page.sheet is not None and page.sheet.reading.message_id == after.message.id)
    ids = [token.id for token in page.tokens.tokens]
    assert ids[:2] == [before.generation.ids[0], other.id]
    assert [token.is_picked for token in page.tokens.tokens[:3]] == [False, True, False]
    assert page.tokens.current == 1
    assert "begun again at token 2" in page.about.text()


def test_a_text_of_one_s_own_is_scored_and_goes_nowhere(panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    page.open_text("The capital of France is Paris.")
    until(qtbot, lambda: page.sheet is not None and page.sheet.reading.kind == "text")
    assert page.tokens.tokens[0].logprob is None  # nothing comes before it
    assert page.tokens.tokens[1].logprob is not None
    assert "in force now" in page.about.text()
    page.tokens.set_current(3)
    assert not page.place.button.isEnabled()
    assert "no conversation" in page.place.note.text()
    page.open_text("   ")
    assert page.sheet is not None
    assert len(page.tokens.tokens) > 5  # nothing was pasted


def test_a_reply_under_other_settings(panel: ProbabilityPanel, qtbot: QtBot) -> None:
    panel.show_page("compare")
    page = panel.page("compare")
    assert isinstance(page, ComparePage)
    until(qtbot, lambda: page.choice.count() > 1)
    page.choice.setCurrentIndex(page.choice.findText("Preset: Creative"))
    page.compare()
    until(qtbot, lambda: page.comparison is not None)
    assert page.comparison is not None
    assert "First: perplexity" in page.result.text()
    assert "KL" in page.result.text()
    differences = [token.difference for token in page.tokens.tokens if token.difference is not None]
    assert differences and all(one <= 1e-6 for one in differences)  # greedy gives each token everything
    until(qtbot, lambda: page.bars.rows)
    assert page.bars.rows[0].own == pytest.approx(1.0)


def test_any_text_is_cut_into_tokens(panel: ProbabilityPanel, qtbot: QtBot) -> None:
    panel.show_page("tokens")
    page = panel.page("tokens")
    assert isinstance(page, TokensPage)
    page.field.setPlainText("tea <|im_end|> 壶")
    page.cut()
    until(qtbot, lambda: page.tokens.tokens)
    assert b"".join(token.piece for token in page.tokens.tokens).decode() == "tea <|im_end|> 壶"
    assert not any(token.is_control for token in page.tokens.tokens)  # in a text it is none
    assert page.model.rowCount() == len(page.tokens.tokens)
    page.chat.setChecked(True)
    page.cut()
    until(qtbot, lambda: any(token.is_control for token in page.tokens.tokens))
    page.copy_ids()
    assert QApplication.clipboard().text().startswith("[151644, ")
    page.table.selectRow(2)
    assert page.tokens.current == 2
    page.tokens.set_current(4)
    assert page.table.currentIndex().row() == 4
    cell = page.model.index(0, 4)
    assert page.model.data(cell, Qt.ItemDataRole.DisplayRole) == "control"


def test_what_was_sent_is_shown_as_it_was(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    panel.show_page("sent")
    page = panel.page("sent")
    assert isinstance(page, SentPage)
    until(qtbot, lambda: page.tokens.tokens)
    made = desk.window.chat.transcript.column.items[-1].shown.generation
    assert made is not None
    sent = [token.id for token in page.tokens.tokens]
    assert sent and len(sent) <= made.usage.prompt_tokens + len(made.ids)
    assert page.text.toPlainText().endswith("<|im_start|>assistant\n")
    assert "What is the capital of France?" in page.text.toPlainText()


def test_step_by_step(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    panel.show_page("steps")
    page = panel.page("steps")
    assert isinstance(page, StepPage)
    count = len(desk.window.chat.transcript.column.items)
    page.field.setText("Say yes or no.")
    page.start()
    until(qtbot, lambda: page.is_waiting)
    assert page.place.bars.rows[0].piece  # it has its text
    other = page.place.bars.rows[2]
    page.pick(other.id)
    until(qtbot, lambda: page.is_waiting and len(page.tokens.tokens) == 1)
    assert page.tokens.tokens[0].id == other.id
    assert page.tokens.tokens[0].is_picked
    page.let_sample()
    until(qtbot, lambda: len(page.tokens.tokens) == 2)
    assert not page.tokens.tokens[1].is_picked
    until(qtbot, lambda: page.is_waiting or desk.window.chat.live is None)  # it may have been the end
    page.let_run()
    settled(desk, qtbot, count + 2)
    made = desk.window.chat.transcript.column.items[-1].shown.generation
    assert made is not None
    assert made.ids[0] == other.id
    assert not page.is_waiting


def test_a_stepped_reply_can_be_stopped(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    panel.show_page("steps")
    page = panel.page("steps")
    assert isinstance(page, StepPage)
    chat = desk.window.chat
    page.start()  # the last message again
    until(qtbot, lambda: page.is_waiting)
    assert not page.begin.isEnabled()
    reply = panel.page("reply")
    assert isinstance(reply, ReplyPage)
    page.stop()
    until(qtbot, lambda: chat.live is None)
    assert not page.is_waiting


def test_while_a_reply_is_written_the_panel_waits(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    chat = desk.window.chat
    count = len(chat.transcript.column.items)
    chat.send("Count from 1 to 30.")
    until(qtbot, lambda: chat.live is not None)
    assert not page.place.button.isEnabled()
    page.open_reply(page.sheet.reading.message_id if page.sheet else "")
    until(qtbot, lambda: "being written" in page.about.text() or chat.live is None)
    assert "being written" in page.about.text()  # it stands there until the reply has been scored
    settled(desk, qtbot, count + 2)
    until(qtbot, lambda: page.sheet is not None)


def test_a_model_that_is_not_in_memory_is_asked_for(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot, app_of: App
) -> None:
    page = page_of(panel, qtbot)
    assert page.sheet is not None
    message_id, model = page.sheet.reading.message_id, page.sheet.reading.model
    app_of.engines.unload(model)
    page.open_reply(message_id)
    until(qtbot, lambda: page.again.isVisible())
    assert app_of.engines.get(model) is None
    assert "not in memory" in page.about.text()
    page.again.click()
    box = desk.window.findChild(QMessageBox)
    assert box is not None
    next(button for button in box.buttons() if "Load" in button.text()).click()
    until(qtbot, lambda: page.sheet is not None)
    assert app_of.engines.get(model) is not None


@pytest.fixture
def app_of(desk: Desk) -> App:
    """The app behind the window."""
    return desk.window._app


def test_a_message_without_tokens_says_so(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    page.open_reply(desk.window.chat.last_message_id("user"))
    until(qtbot, lambda: "not kept" in page.about.text())
    assert page.sheet is None
    assert page.split.isHidden()


def test_closed_it_listens_to_nothing_of_a_stream(desk: Desk, panel: ProbabilityPanel, qtbot: QtBot) -> None:
    desk.window._dock.close()
    page = panel.page("reply")
    assert isinstance(page, ReplyPage)
    page.show_nothing("")
    count = len(desk.window.chat.transcript.column.items)
    desk.window.chat.send("Say hi.")
    settled(desk, qtbot, count + 2)
    assert page.sheet is None
    assert page._job is None


def test_closed_it_scores_nothing_when_another_conversation_is_opened(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page, chat = page_of(panel, qtbot), desk.window.chat
    before = page.sheet
    desk.window._dock.close()
    chat.open("")
    until(qtbot, lambda: not chat.transcript.column.items)
    chat.send("Say hi.")
    settled(desk, qtbot, 2)
    QApplication.processEvents()
    assert page._job is None and page._asked is None
    assert page.sheet is before
    desk.window.panels.show_panel("sampling", "probabilities", None)
    until(qtbot, lambda: page.sheet is not None and page.sheet is not before)
    assert page.sheet is not None and page.sheet.reading.message_id == chat.last_message_id("assistant")


def test_a_conversation_without_replies_shows_none_of_another(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page, chat = page_of(panel, qtbot), desk.window.chat
    here = chat.conversation.id
    chat.open("")
    until(qtbot, lambda: page.sheet is None)
    assert "on a reply" in page.about.text()
    assert not page.tokens.tokens
    chat.open(here)
    until(qtbot, lambda: page.sheet is not None)


def test_a_reply_that_is_opened_while_another_is_scored_is_scored(
    panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page = page_of(panel, qtbot)
    assert page.sheet is not None
    message_id = page.sheet.reading.message_id
    page.open_text("The capital of France is Paris. " * 20)
    until(qtbot, lambda: page._job is not None)
    page.open_reply(message_id)
    until(qtbot, lambda: page.sheet is not None)
    assert page.sheet is not None and page.sheet.reading.message_id == message_id
    assert page.again.isHidden() and page.waiting.isHidden()


def test_a_score_that_is_stopped_can_be_begun_again(panel: ProbabilityPanel, qtbot: QtBot) -> None:
    page = page_of(panel, qtbot)
    page.open_text("The capital of France is Paris. " * 20)
    until(qtbot, lambda: page._job is not None)
    page.stop()
    assert page.again.isVisible() and page.waiting.isHidden()
    page.again.click()
    until(qtbot, lambda: page.sheet is not None)


def test_nothing_is_pressed_together_where_there_is_no_room(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot
) -> None:
    page = page_of(panel, qtbot)
    page.tokens.set_current(1)
    until(qtbot, lambda: len(page.place._stages) > 1)
    before = desk.window.size()
    desk.window.resize(1000, 420)
    desk.window.resizeDocks([desk.window._dock], [240], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    for label in (page.about, page.place.title, page.place.facts, page.place.sentence):
        until(qtbot, partial(_is_whole, label))
    assert page.place.bars.height() >= page.place.bars.minimumSizeHint().height()
    assert page.place.strip.height() >= page.place._strip_row.heightForWidth(page.place.strip.width())
    area = panel._areas["reply"]
    body = area.widget()
    assert body is not None and body.width() == area.viewport().width()  # nothing is cut at the right
    assert (
        page.place.button.fontMetrics().horizontalAdvance(page.place.button.text())
        < page.place.button.width()
    )
    assert area.verticalScrollBar().maximum() > 0
    desk.window.resize(before)


def test_two_models_of_the_same_tokens(
    desk: Desk, panel: ProbabilityPanel, qtbot: QtBot, app_of: App, starter: Path
) -> None:
    file = app_of.paths.data / "models" / "warmer.gguf"
    shutil.copyfile(starter, file)
    norm = next(one for one in read_header(file).tensors if one.name == "output_norm.weight")
    with file.open("r+b") as stream, mmap.mmap(stream.fileno(), 0) as data:
        weights = np.frombuffer(data, np.float32, norm.dims[0], read_header(file).data_offset + norm.offset)
        weights *= np.float32(0.7)  # so much is every logit multiplied by
        del weights
    panel.show_page("compare")
    page = panel.page("compare")
    assert isinstance(page, ComparePage)
    try:
        reply = panel.message_id
        page.open_reply(reply)
        until(qtbot, lambda: page._reading is not None)
        page.choice.setCurrentIndex(next(n for n in range(page.choice.count()) if _other(page, n).model))
        page.compare()
        box = desk.window.findChild(QMessageBox)
        assert box is not None  # it is not in memory: the person is asked
        next(button for button in box.buttons() if "Load" in button.text()).click()
        until(qtbot, lambda: page.comparison is not None)
        assert page.comparison is not None
        first, second = page.comparison.compared.perplexities
        assert second > first  # colder logits are less sure of what the first one likes best
        assert page.comparison.compared.divergence > 0
        assert "at least" in page.result.text()
        until(qtbot, lambda: page.bars.rows)
        assert page.bars.rows[0].own is not None and page.bars.rows[0].own != page.bars.rows[0].now
    finally:
        page.stop()
        for number in range(page.choice.count()):
            app_of.engines.unload(_other(page, number).model)
        file.unlink()


def _is_whole(label: QLabel) -> bool:
    return label.height() >= label.heightForWidth(label.width())


def _other(page: ComparePage, number: int) -> Other:
    found = page.choice.itemData(number)
    assert isinstance(found, Other)
    return found
