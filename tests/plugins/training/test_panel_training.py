from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.theme import DARK
from teahouse_desktop.plugins.panel_check import _controls
from teahouse_training import needs
from teahouse_training.data.rows import Issue
from teahouse_training.panel import workshop as workshop_module
from teahouse_training.panel.runs_page import DamagedCard
from teahouse_training.panel.values import Wanted
from teahouse_training.panel.wishes import wanted_of
from teahouse_training.runs import ChosenChats, Damaged, Discarded, FileRows, ShortOfMemory, TypedRows
from teahouse_training.values import State
from tests.plugins.training.panel_stand_ins import (
    ANSWERS,
    MODEL,
    ROOM,
    FakeRuns,
    Shown,
    make_run,
    metrics,
    trainable,
)

pytestmark = pytest.mark.gui

PAIRS = (("Who are you?", "Arr, the captain."), ("What is tea?", "Leaves, matey."))


@pytest.fixture
def app(home: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    opened = App.open(has_plugins=False)
    monkeypatch.setattr(needs, "missing", list)
    monkeypatch.setattr(workshop_module, "list_trainable", trainable)
    monkeypatch.setattr(workshop_module, "room_of", lambda *_args, longest: ROOM)
    yield opened
    opened.close()


@pytest.fixture
def runs(app: App) -> FakeRuns:
    return FakeRuns(app)


@pytest.fixture
def show(app: App, qtbot: QtBot, runs: FakeRuns) -> Iterator[Callable[[], Shown]]:
    made: list[Shown] = []

    def make() -> Shown:
        made.append(Shown(app, qtbot, runs))
        return made[-1]

    yield make
    for shown in made:
        shown.close()


def fill(shown: Shown, name: str = "pirate") -> None:
    """Type two rows and a name, and wait until they have been looked at."""
    shown.panel.show_new()
    page = shown.panel.new
    page.data.typed.table.show_pairs(PAIRS)
    page.data.typed.table.changed.emit()
    page.name.setText(name)
    page.name.textEdited.emit(name)
    shown.wait(page.start.isEnabled)


# --- the first page -----------------------------------------------------------------------------------


def test_without_the_libraries_one_command_is_said(
    show: Callable[[], Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "missing", lambda: ["torch"])
    shown = show()
    part = shown.panel.missing
    assert part.isVisible() and not shown.panel.runs.new.isEnabled()
    assert "torch" in part.text.text() and part.command.text().endswith('pip install "teahouse[train]"')
    said = f"{part.text.text()} {part.hint.text()}"
    assert "MB" in said
    part.copy.click()
    assert QGuiApplication.clipboard().text() == part.command.text()
    monkeypatch.setattr(needs, "missing", list)
    part.retry.click()
    shown.wait(lambda: not part.isVisible() and shown.panel.runs.new.isEnabled())


def test_runs_are_listed_and_opened(show: Callable[[], Shown], runs: FakeRuns, qtbot: QtBot) -> None:
    runs.held = [make_run(), make_run("names", state="failed", error=("It broke.", "Mend it."), adapter="")]
    runs.rows["names"] = metrics(7)
    shown = show()
    cards = shown.panel.runs.list.cards
    assert [card.accessibleName() for card in cards] == ["pirate", "names"]
    assert "It broke." in cards[1].accessibleDescription()
    cards[1].setFocus()
    qtbot.keyClick(cards[1], Qt.Key.Key_Return)
    page = shown.panel.run
    assert shown.panel.pages.currentWidget() is page
    assert (page.error.text(), page.hint.text()) == ("It broke.", "Mend it.")
    assert page.buttons["resume"].isVisible() and not page.buttons["keep"].isVisible()
    shown.wait(lambda: len(page.charts.losses.series) == 2)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert shown.panel.pages.currentWidget() is shown.panel.runs
    assert not any("Main" in name for name in runs.threads)


def test_a_damaged_run_is_shown_with_what_can_be_done(show: Callable[[], Shown], runs: FakeRuns) -> None:
    runs.held = [make_run()]
    text, hint = "/家/run.json cannot be read (it is missing).", "Nothing was deleted."
    runs.damaged = [Damaged("broken", Path("/家/broken"), text, hint)]
    runs.going = Discarded("broken", made_model="broken", model_bytes=2_000_000_000, kept_model="old")
    shown = show()
    _sound, card = shown.panel.runs.list.cards
    assert card.accessibleName() == "broken" and isinstance(card, DamagedCard)
    assert card.accessibleDescription() == f"Damaged: {text} {hint}"
    assert "it is missing" in card.state.text() and card.hint.text() == hint
    shown.refresh()
    assert shown.panel.runs.list.cards[1] is card, "it keeps the focus"
    card.discard.click()
    shown.wait(lambda: shown._dialogs())
    asked = shown._dialogs()[-1]
    assert isinstance(asked, QMessageBox)
    assert "“broken” that came out of it would be deleted (2.0 GB)" in asked.informativeText()
    assert "“old” stays" in asked.informativeText() and not runs.asked("discard")
    shown.press("Discard")
    shown.wait(lambda: len(shown.panel.runs.list.cards) == 1)
    assert runs.asked("discard") == ["broken"]


# --- a new one ----------------------------------------------------------------------------------------


def test_typed_rows_are_looked_at_before_anything_starts(show: Callable[[], Shown], runs: FakeRuns) -> None:
    runs.issues = (Issue(2, "duplicate", True, "1"),)
    shown = show()
    page = shown.panel.new
    shown.panel.show_new()
    assert not page.start.isEnabled() and "Give it examples" in page.why.text()
    fill(shown)
    draft = runs.asked("check")[-1]
    assert (draft.model, draft.source, draft.questions) == (MODEL, TypedRows(PAIRS), None)
    assert page.looked.words.text() == (
        "3 examples to learn from, 1 set aside to test it; 30 tokens are learned."
    )
    assert "Line 2 is left out: it says the same as line 1." in page.looked.remarks.text()
    tokens = page.looked.preview.tokens
    assert [one.is_learned for one in tokens.tokens] == [False, False, True]
    assert tokens.palette_in_force.step_of(tokens.tokens[2]) != tokens.palette_in_force.step_of(
        tokens.tokens[1]
    )
    assert "1.7 GB" in page.memory.words.text() and MODEL in page.memory.unload.text()
    assert not page.memory.unload.isChecked() and not page.memory.warning.isVisible()


def test_files_and_conversations_are_sources_too(
    show: Callable[[], Shown], runs: FakeRuns, tmp_path: Path
) -> None:
    shown = show()
    shown.panel.show_new()
    data = shown.panel.new.data
    data.take_file(str(tmp_path / "rows.jsonl"))
    shown.wait(lambda: runs.asked("check"))
    assert runs.asked("check")[-1].source == FileRows(tmp_path / "rows.jsonl")
    data.filed.is_text.click()
    shown.wait(lambda: runs.asked("check")[-1].kind == "pretrain")
    data.origin.buttons["conversations"].click()
    data.talked.offer(["Harbour"], ["tea"])
    data.talked.folder.setCurrentIndex(1)
    data.talked.folder.activated.emit(1)
    data.talked.good.click()
    shown.wait(lambda: runs.asked("check")[-1].source == ChosenChats("Harbour", "", 1))


def test_a_model_that_cannot_be_trained_is_named(show: Callable[[], Shown]) -> None:
    shown = show()
    page = shown.panel.new
    fill(shown)
    page.model.setCurrentIndex(1)
    page.model.activated.emit(1)
    assert "rwkv" in page.model_words.text() and not page.start.isEnabled()


def test_own_numbers_go_before_those_of_the_preset(show: Callable[[], Shown], runs: FakeRuns) -> None:
    shown = show()
    fill(shown)
    part = shown.panel.new.settings
    part.fold.set_folded(False)
    assert part.numbers["steps"].value == 12  # as the preset leads to
    part.numbers["steps"].changed.emit(50)
    part.preset.buttons["style"].click()
    shown.wait(lambda: runs.asked("check")[-1].preset == "style")
    assert runs.asked("check")[-1].changes == {"steps": 50}
    part.switches["targets"].click()
    attention = {"steps": 50, "targets": ["attn_q", "attn_k", "attn_v", "attn_output"]}
    shown.wait(lambda: runs.asked("check")[-1].changes == attention)
    assert part.switches["targets"].isChecked()
    part.switches["is_full"].click()
    shown.wait(lambda: runs.asked("check")[-1].changes == attention | {"is_full": True})
    part.reset.click()
    shown.wait(lambda: runs.asked("check")[-1].changes == {})
    assert not part.switches["targets"].isChecked()


def test_what_was_typed_is_there_after_a_restart(show: Callable[[], Shown], app: App, runs: FakeRuns) -> None:
    fill(show())
    file = app.plugin_storage("training").folder / "wish.json"
    again = show()
    again.wait(lambda: file.exists() and "captain" in file.read_text("utf-8"))
    again = show()
    assert again.panel.new.wanted.pairs == PAIRS and again.panel.new.name.text() == "pirate"
    file.write_text('{"pairs": 7', "utf-8")
    assert show().panel.new.wanted == Wanted(model=MODEL)


def test_a_file_to_test_with_is_chosen_and_taken_out(show: Callable[[], Shown], runs: FakeRuns) -> None:
    shown = show()
    fill(shown)
    part = shown.panel.new.data.held_out
    assert part.remove.isHidden() and runs.asked("check")[-1].held_out is None
    part.choose.click()
    shown.wait(lambda: shown._dialogs())
    chooser = shown._dialogs()[-1]
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit("/家/apart.jsonl")
    chooser.close()
    shown.wait(lambda: runs.asked("check")[-1].held_out == FileRows(Path("/家/apart.jsonl")))
    assert part.remove.accessibleName() == "Take apart.jsonl out" and "jsonl" in part.name.text()
    file = shown.app.plugin_storage("training").folder / "wish.json"
    shown.wait(lambda: "apart.jsonl" in file.read_text("utf-8"))
    part.remove.setFocus()
    part.remove.click()
    assert shown.holder.focusWidget() is part.choose and part.name.isHidden()
    shown.wait(lambda: runs.asked("check")[-1].held_out is None)
    shown.panel.new.data.take_held_out("/家/again.jsonl")
    shown.wait(lambda: "again.jsonl" in file.read_text("utf-8"))
    assert show().panel.new.wanted.held_out == "/家/again.jsonl"


# --- training -----------------------------------------------------------------------------------------


def test_from_the_rows_to_the_adapter(show: Callable[[], Shown], runs: FakeRuns) -> None:
    shown = show()
    fill(shown)
    shown.panel.new.start.click()
    page = shown.panel.run
    shown.wait(lambda: shown.panel.pages.currentWidget() is page and runs.asked("start"))
    assert runs.asked("start") == [("pirate", False, False)]
    for _row in range(3):
        runs.go.release()
    shown.wait(lambda: "Step 2 of 4" in page.state.text())
    values = {row.figure.name: row.value.text() for row in page.figures.rows if not row.isHidden()}
    assert values["Step"] == "2 / 4" and values["Loss"] == "4.000 → 2.000"
    assert values["Tokens per second"] == "400" and values["Time left"] == "60 s"
    assert values["Memory"] == "1.5 GB" and values["Learning rate"] == "0.0003"
    assert page.answers.cards[0].before.text() == "Hello."
    assert not page.answers.cards[0].now.isVisible() and not page.compare.isVisible()
    for _row in range(3):
        runs.go.release()
    shown.wait(lambda: page.buttons["keep"].isVisible())
    assert page.answers.cards[1].now.text() == ANSWERS[1]
    assert "its loss fell from 4.00 to 3.60" in page.result.text() and page.compare.isVisible()
    page.buttons["keep"].click()
    shown.wait(lambda: page.buttons["use"].isVisible())
    assert runs.asked("keep") == ["pirate"]


@pytest.mark.parametrize("state", ["failed", "interrupted"])
def test_why_it_broke_off_is_said(show: Callable[[], Shown], runs: FakeRuns, state: State) -> None:
    error = ("The training was interrupted.", "Most likely memory ran out.")
    runs.held = [make_run(state=state, step=4, steps=9, adapter="", error=error)]
    page = (shown := show()).panel.run
    shown.panel.show_run("pirate")
    assert (page.error.text(), page.hint.text()) == error and page.error.isVisible()
    assert "step 4 of 9" in page.state.text()
    page.buttons["resume"].click()
    shown.wait(lambda: page.buttons["pause"].isVisible())
    assert page.error.isHidden() and page.hint.isHidden()


def test_a_failed_one_is_changed_and_trained_anew(show: Callable[[], Shown], runs: FakeRuns) -> None:
    """What was typed for another one stays where it was typed."""
    changes = {"rank": 16, "targets": ["attn_q"]}
    failed = {"state": "failed", "error": ("No number.", "A lower rate."), "adapter": ""}
    runs.held = [make_run("names", changes=changes, **failed)]
    shown = show()
    fill(shown)
    shown.panel.show_run("names")
    shown.panel.run.buttons["anew"].click()
    page = shown.panel.new
    assert shown.panel.pages.currentWidget() is page and page.name.text() == ""
    shown.wait(lambda: runs.asked("check")[-1].source == FileRows(Path("/nowhere/data.jsonl")))
    draft = runs.asked("check")[-1]
    assert draft.held_out == FileRows(Path("/nowhere/held_out.jsonl"))
    assert (draft.preset, draft.questions) == ("facts", ("Who are you?", "你是谁？"))
    assert draft.changes == changes
    assert page.wanted.pairs == PAIRS


def test_of_plain_text_pieces_are_held_out_anew() -> None:
    """Its copy of what was held out is of whole texts, which are learned, too."""
    text = make_run(kind="pretrain")
    assert wanted_of(text, Wanted()).held_out == ""
    assert wanted_of(replace(text, held_out_source="test.txt"), Wanted()).held_out.endswith("held_out.jsonl")
    assert wanted_of(replace(text, held_out=0), Wanted()).held_out == ""


def test_a_whole_new_model_is_compared_and_one_that_is_gone_is_not(
    show: Callable[[], Shown], runs: FakeRuns
) -> None:
    runs.held = [
        make_run(state="kept", adapter="", made_model="pirate"),
        make_run("gone", state="kept", adapter=""),
    ]
    shown = show()
    page = shown.panel.run
    shown.panel.show_run("pirate")
    assert "“pirate” is among the models" in page.state.text() and page.compare.isVisible()
    assert page.compare.tuned.title.text() == "The new model" and not page.buttons["use"].isVisible()
    shown.panel.show_run("gone")
    assert "not in the library any more" in page.state.text() and not page.compare.isVisible()


def test_pause_go_on_cancel_discard(show: Callable[[], Shown], runs: FakeRuns) -> None:
    runs.held = [make_run(state="paused", step=2, steps=4, adapter="")]
    shown = show()
    shown.panel.show_run("pirate")
    page = shown.panel.run
    assert page.state.text() == "Paused at step 2 of 4"
    page.buttons["resume"].click()
    shown.wait(lambda: page.buttons["pause"].isVisible())
    page.buttons["pause"].click()
    shown.wait(lambda: runs.asked("pause"))
    page.buttons["cancel"].click()
    shown.press("Cancel the training")
    shown.wait(lambda: runs.asked("cancel"))
    for _row in range(9):
        runs.go.release()
    shown.wait(lambda: page.buttons["discard"].isVisible())
    page.buttons["discard"].click()
    shown.press("Discard")
    shown.wait(lambda: not shown.panel.runs.list.cards)
    assert shown.panel.pages.currentWidget() is shown.panel.runs


def test_too_little_memory_is_a_question(
    show: Callable[[], Shown], runs: FakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show()
    runs.held = [make_run(state="prepared", step=0, steps=4, adapter="")]
    shown.refresh()
    shown.panel.show_run("pirate")
    runs.fault = ShortOfMemory("Too little memory.", "Unload.", loaded=[MODEL], would_do=True)
    shown.panel.run.buttons["resume"].click()
    shown.wait(lambda: shown._dialogs())
    runs.fault = None
    shown.press("Unload and train")
    shown.wait(lambda: runs.asked("start"))
    assert runs.asked("start") == [("pirate", True, False)]


# --- everything -----------------------------------------------------------------------------------------


def test_rows_of_a_spreadsheet_are_pasted_and_a_removed_row_comes_back(
    show: Callable[[], Shown], qtbot: QtBot
) -> None:
    shown = show()
    shown.panel.show_new()
    table = shown.panel.new.data.typed.table
    table.setCurrentCell(0, 0)
    QGuiApplication.clipboard().setText("Who?\tThe captain.\n你是谁？\t说书人\n")
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert table.pairs == (("Who?", "The captain."), ("你是谁？", "说书人"))
    assert table.rowCount() == 3
    table.setCurrentCell(0, 1)
    table.setFocus()
    table.clearFocus()
    assert not table.currentIndex().isValid()  # else a screen reader hears that the focus is still there
    shown.panel.new.data.typed.remove.click()
    assert table.pairs == (("你是谁？", "说书人"),)
    shown.panel.notices.act_button.click()
    assert table.pairs == (("Who?", "The captain."), ("你是谁？", "说书人"))


def test_every_control_has_a_name_and_is_reached(show: Callable[[], Shown], runs: FakeRuns) -> None:
    runs.held = [make_run()]
    runs.rows["pirate"] = metrics(12)
    shown = show()
    panel = shown.panel
    panel.new.settings.fold.set_folded(False)
    fill(shown)
    panel.show_run("pirate")
    shown.wait(lambda: panel.run.charts.losses.series)
    assert [str(finding) for finding in _controls(panel, "Training")] == []


@pytest.mark.parametrize("width", [320, 460])
def test_nothing_is_wider_than_the_panel(show: Callable[[], Shown], runs: FakeRuns, width: int) -> None:
    runs.held = [make_run()]
    runs.rows["pirate"] = metrics(12)
    shown = show()
    look = shown.window.look
    fill(shown)
    shown.panel.new.settings.fold.set_folded(False)
    shown.panel.show_run("pirate")
    shown.holder.resize(width, 700)
    shown.panel.setGeometry(shown.holder.rect())
    for page in (shown.panel.runs, shown.panel.new, shown.panel.run):
        shown.panel.pages.setCurrentWidget(page)
        QGuiApplication.processEvents()
        inside = page.widget() if hasattr(page, "widget") else page
        assert inside.minimumSizeHint().width() <= width - 18
        wide = [one for one in inside.findChildren(QWidget) if one.isVisible() and one.width() > width]
        assert wide == []
    shown.panel.set_look(Look(DARK, look.font, look.reading, look.mono))
    shown.panel.grab()
