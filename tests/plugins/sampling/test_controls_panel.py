from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.chat.question import sampling_of
from teahouse_desktop.plugins import panel_check
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.bias_entry import BiasEntry
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.controls_desk import ControlsDesk
from teahouse_sampling.panel.entries import ChoiceEntry, FormalEntry, NumberEntry, SeedEntry, TextsEntry
from teahouse_sampling.panel.value_row import ValueRow
from teahouse_sampling.settings import PRESET
from teahouse_sampling.values import presets_of
from tests.plugins.sampling.inline_window import InlineWindow

pytestmark = pytest.mark.gui

WAIT_MS = 20_000
TEMPERATURE = "chat.temperature"


@dataclass
class Open:
    """The panel with what is behind it."""

    app: App
    window: InlineWindow
    panel: ControlsPanel
    desk: ControlsDesk
    qtbot: QtBot

    def row(self, key: str) -> ValueRow:
        """The row of a value; that of its stage where it has one."""
        if key in shape.OF_KEY:
            self.panel.groups.cards[shape.OF_KEY[key]].set_folded(False)
        if key == shape.STOP:
            self.panel.groups.ending.set_folded(False)
        return self.panel.rows[key][-1]

    def settle(self) -> None:
        """Until nothing is being read or kept any more."""
        for _ in range(3):
            self.qtbot.wait(1)
            self.qtbot.waitUntil(self._is_idle, timeout=WAIT_MS)

    def _is_idle(self) -> bool:
        return not (self.window.pending or self.desk._timer.isActive() or self.desk._keeping)

    def type_number(self, key: str, text: str) -> ValueRow:
        """Type a number and press Enter."""
        row = self.row(key)
        assert isinstance(row.entry, NumberEntry)
        spin = row.entry.field.spin
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
        row.flush()
        self.settle()
        return row

    def choose_scope(self, scope: str) -> None:
        self.panel.scope.chosen.emit(scope)
        self.settle()

    @property
    def own(self) -> dict[str, object]:
        """What was chosen for the conversation."""
        return self.app.store.conversation(self.window.conversation_id).settings


@pytest.fixture
def opened(app: App, qtbot: QtBot) -> Open:
    widget = QWidget()
    qtbot.addWidget(widget)
    window = InlineWindow(app, widget)
    panel = ControlsPanel(window.look, widget)
    desk = ControlsDesk(app, window, panel)  # type: ignore[arg-type]
    widget.resize(320, 900)
    panel.resize(320, 900)
    widget.show()
    made = Open(app, window, panel, desk, qtbot)
    qtbot.waitUntil(lambda: panel.is_ready, timeout=WAIT_MS)
    made.settle()
    return made


def test_every_value_has_a_row(opened: Open, app: App) -> None:
    for card in opened.panel.groups.cards.values():
        card.set_folded(False)
    opened.panel.groups.ending.set_folded(False)
    declared = {one.key for one in app.settings.declared if one.key.startswith("sampling.")}
    wanted = (declared | {TEMPERATURE, "chat.max_tokens"}) - {PRESET, shape.ORDER, shape.OFF}
    assert set(opened.panel.rows) == wanted
    assert list(opened.panel.groups.cards) == list(sampling_of(app, None).order)


def test_a_number_goes_to_the_conversation_and_back(opened: Open, app: App) -> None:
    row = opened.type_number(TEMPERATURE, "0,3")
    assert opened.own == {TEMPERATURE: 0.3}
    assert row.source.text() == "this conversation"
    assert not row.reset.isHidden()
    basic = opened.panel.rows[TEMPERATURE][0]
    assert isinstance(basic.entry, NumberEntry)
    assert basic.entry.field.value == 0.3
    assert sampling_of(app, opened.window.conversation).temperature == 0.3
    row.reset.click()
    opened.settle()
    assert opened.own == {}
    assert (row.source.text(), row.reset.isHidden()) == ("default", True)


@pytest.mark.parametrize("typed", ["9", "-1", "warm", "nan"])
def test_what_cannot_be_is_refused_with_the_range(opened: Open, typed: str) -> None:
    row = opened.type_number(TEMPERATURE, typed)
    assert row.problem == "Not kept. It takes a number, 0 to 5."
    assert isinstance(row.entry, NumberEntry)
    assert (row.entry.field.value, row.entry.field.spin.text()) == (0.7, "0.7")
    assert opened.own == {}
    opened.type_number(TEMPERATURE, "0.5")
    assert row.problem == ""


def test_a_change_goes_where_the_person_says(opened: Open, app: App) -> None:
    opened.choose_scope("app")
    opened.type_number("sampling.top_k", "7")
    assert app.settings.source("sampling.top_k") == "app"
    opened.choose_scope("model")
    row = opened.type_number("sampling.top_k", "9")
    assert app.settings.get("sampling.top_k", "echo/echo") == 9
    assert row.source.text() == "this model"
    opened.choose_scope("conversation")
    opened.type_number("sampling.top_k", "11")
    opened.choose_scope("app")
    assert isinstance(row.entry, NumberEntry)
    assert row.entry.field.value == 7
    assert row.elsewhere == "In force: 11 (this conversation)."
    assert opened.own == {"sampling.top_k": 11}


def test_stages_are_switched_and_moved(opened: Open, app: App) -> None:
    cards = opened.panel.groups.cards
    cards["top_p"].switch.click()
    opened.settle()
    assert opened.own[shape.OFF] == "top_p"
    assert cards["top_p"].summary.text() == "off"
    cards["min_p"].handle.setFocus()
    QTest.keyClick(cards["min_p"].handle, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    opened.settle()
    made = sampling_of(app, opened.window.conversation)
    assert made.order.index("min_p") == made.order.index("top_p") - 1
    assert (made.off, made.stages) == (("top_p",), ("top_k", "min_p", "temperature"))
    assert opened.panel.groups.chain.summary.text() == "this conversation"
    opened.panel.groups.reset.click()
    opened.settle()
    assert opened.own == {}
    assert opened.panel.groups._chain_column.keys == list(sampling_of(app, None).order)
    opened.panel.notices.act_button.click()  # Undo
    opened.settle()
    assert sampling_of(app, opened.window.conversation).order == made.order


def test_a_stage_is_dragged(opened: Open) -> None:
    opened.panel.resize(320, 2600)  # nothing scrolls meanwhile
    opened.settle()
    column = opened.panel.groups._chain_column
    handle, target = opened.panel.groups.cards["temperature"].handle, opened.panel.groups.cards["top_k"]
    column.drag(handle, target.mapToGlobal(QPoint(5, 2)))
    assert opened.own == {}  # not before it is dropped
    column.drop()
    opened.settle()
    order = str(opened.own[shape.ORDER]).split(", ")
    assert order.index("temperature") == order.index("top_k") - 1


def test_numbers_step_with_keys_but_not_with_alt(opened: Open) -> None:
    row = opened.row("sampling.top_k")
    assert isinstance(row.entry, NumberEntry)
    spin = row.entry.field.spin
    QTest.keyClick(spin, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert spin.text() == "40"
    QTest.keyClick(spin, Qt.Key.Key_Up)
    row.flush()
    opened.settle()
    assert opened.own["sampling.top_k"] == 50


def test_texts_seed_and_choices(opened: Open, app: App) -> None:
    stop = opened.row(shape.STOP)
    assert isinstance(stop.entry, TextsEntry)
    stop.entry.field.setPlainText("END\n\\n\\nUser:")
    stop.flush()
    seed = opened.row(shape.SEED)
    assert isinstance(seed.entry, SeedEntry)
    seed.entry.check.click()
    opened.settle()
    assert opened.own[shape.SEED] == 0
    seed.entry.number.spin.setFocus()
    seed.entry.number.spin.selectAll()
    QTest.keyClicks(seed.entry.number.spin, "42")
    seed.flush()
    mirostat = opened.row("sampling.mirostat")
    assert isinstance(mirostat.entry, ChoiceEntry)
    mirostat.entry.box.setCurrentIndex(2)
    mirostat.entry.box.activated.emit(2)
    opened.settle()
    assert json.loads(str(opened.own[shape.STOP])) == ["END", "\n\nUser:"]
    made = sampling_of(app, opened.window.conversation)
    assert (made.seed, made.mirostat) == (42, 2)


def test_a_bad_grammar_is_marked_and_not_kept(opened: Open, app: App) -> None:
    row = opened.row(shape.GRAMMAR)
    assert isinstance(row.entry, FormalEntry)
    field = row.entry.field
    field.setPlainText('root ::= "a"\nx ::= nothing')
    row.flush()
    opened.settle()
    assert field.mark[0] == 2
    assert "2" in row.problem
    assert opened.own == {}
    assert field.toPlainText().endswith("nothing")  # it stands there to be mended
    field.setPlainText('root ::= "a" | "b"')
    row.flush()
    opened.settle()
    assert (field.mark, row.problem) == ((0, 0), "")
    assert opened.own[shape.GRAMMAR] == 'root ::= "a" | "b"'
    schema = opened.row(shape.SCHEMA)
    assert isinstance(schema.entry, FormalEntry)
    schema.entry.field.setPlainText('{"type": "object"}')
    schema.flush()
    opened.settle()
    assert "cannot both hold" in schema.problem
    assert shape.SCHEMA not in opened.own
    assert sampling_of(app, opened.window.conversation).grammar


def test_biases_are_texts_or_ids(opened: Open, app: App) -> None:
    entry = opened.row(shape.BIAS).entry
    assert isinstance(entry, BiasEntry)
    for typed in (" tea", "#12", "#12"):
        entry.text.setText(typed)
        entry.add.click()
        opened.settle()
    assert json.loads(str(opened.own[shape.BIAS])) == [[" tea", 1.0], [12, 1.0]]
    assert opened.panel.groups.cards["logit_bias"].summary.text() == "2"
    assert "already" in opened.row(shape.BIAS).problem
    entry._lines[12].field.spin.stepBy(-3)
    entry.flush()
    opened.settle()
    assert dict(entry.biases)[12] == -0.5
    entry._lines[" tea"].remove.click()
    opened.settle()
    assert sampling_of(app, opened.window.conversation).logit_bias == ((12, -0.5),)


def test_a_search_finds_in_both_languages(opened: Open) -> None:
    groups, panel = opened.panel.groups, opened.panel

    def shown() -> list[str]:
        return [name for name, card in groups.cards.items() if not card.isHidden()]

    panel.search.setText("温度")
    assert "temperature" in shown()
    assert "top_k" not in shown()
    assert panel.rows[TEMPERATURE][0].isHidden()  # it stands in the chain
    panel.search.setText("Longest reply")
    assert shown() == []
    assert not panel.rows["chat.max_tokens"][0].isHidden()
    panel.search.setText("no such thing")
    assert panel.nothing.text() == "No control matches “no such thing”."
    assert not panel.nothing.isHidden()
    panel.search.setFocus()
    QTest.keyClick(panel.search, Qt.Key.Key_Escape)
    assert len(shown()) == len(groups.cards)


def test_without_a_model_nothing_is_drawn_or_loaded(opened: Open, app: App) -> None:
    opened.panel.groups.cards["top_k"].set_folded(False)
    opened.desk.explainer.ask()
    opened.qtbot.waitUntil(lambda: bool(opened.panel._explained.absence), timeout=WAIT_MS)
    drawing = opened.panel.groups.cards["top_k"].drawing
    assert drawing is not None
    assert drawing.words.text() == "No drawing: the model is not in memory."
    assert drawing.bars.isHidden()
    assert app.engines.loaded == []
    opened.window.is_busy = True
    opened.window.busy_changed.emit()
    opened.qtbot.waitUntil(lambda: "answering" in drawing.words.text(), timeout=WAIT_MS)


def test_everything_has_a_name_and_is_reached(opened: Open) -> None:
    for card in opened.panel.groups.cards.values():
        card.set_folded(False)
    opened.panel.groups.ending.set_folded(False)
    assert list(panel_check._controls(opened.panel, "Sampling")) == []


@pytest.mark.parametrize("width", [260, 340])
def test_nothing_is_wider_than_the_panel(opened: Open, width: int) -> None:
    for card in opened.panel.groups.cards.values():
        card.set_folded(False)
    opened.panel.resize(width, 900)
    opened.settle()
    inside = opened.panel.area.widget()
    assert inside.minimumSizeHint().width() <= opened.panel.area.viewport().width()


# --- presets ---------------------------------------------------------------------------------------


def choose_preset(opened: Open, name: str) -> None:
    box = opened.panel.presets.box
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())
    opened.settle()


def test_a_preset_is_used_and_what_goes_before_it_is_told(opened: Open, app: App) -> None:
    opened.type_number(TEMPERATURE, "0.4")
    choose_preset(opened, "creative")
    assert opened.own == {TEMPERATURE: 0.4, PRESET: "creative"}
    row = opened.row("sampling.top_p")
    assert row.source.text() == "preset “Creative”"
    assert "1" in opened.panel.notices.label.text()
    opened.panel.notices.act_button.click()  # Reset them
    opened.settle()
    assert sampling_of(app, opened.window.conversation).temperature == 1.1
    opened.panel.notices.act_button.click()  # Undo
    opened.settle()
    assert sampling_of(app, opened.window.conversation).temperature == 0.4


@pytest.fixture
def with_preset(opened: Open) -> Open:
    """With a preset of one's own in force."""
    opened.type_number(TEMPERATURE, "0.4")
    opened.panel.presets.save_wanted.emit("Tea")
    opened.settle()
    return opened


def test_a_preset_is_saved_and_changed_in_its_place(with_preset: Open, app: App) -> None:
    assert with_preset.own[PRESET] == "Tea"
    assert presets_of(app).get("Tea").values == {TEMPERATURE: 0.4}
    with_preset.choose_scope("preset")
    with_preset.type_number("sampling.min_p", "0.2")
    assert presets_of(app).get("Tea").values == {TEMPERATURE: 0.4, "sampling.min_p": 0.2}
    row = with_preset.row("sampling.min_p")
    row.reset.click()
    with_preset.settle()
    assert presets_of(app).get("Tea").values == {TEMPERATURE: 0.4}
    choose_preset(with_preset, "precise")
    assert with_preset.desk.read is not None
    assert with_preset.desk.read.place.scope == "conversation"  # what comes with the app stays as it is


def test_a_preset_is_renamed_wherever_it_was_chosen(with_preset: Open, app: App) -> None:
    app.settings.set(PRESET, "Tea")
    app.settings.set(PRESET, "Tea", "echo/echo")
    other = app.store.create_conversation()
    app.store.change_conversation(other.id, settings={PRESET: "Tea"})
    with_preset.panel.presets.rename_wanted.emit("Green tea")
    with_preset.settle()
    assert with_preset.own[PRESET] == "Green tea"
    assert (app.settings.get(PRESET), app.settings.get(PRESET, "echo/echo")) == ("Green tea", "Green tea")
    assert app.store.conversation(other.id).settings[PRESET] == "Green tea"
    with_preset.panel.presets.rename_wanted.emit("Precise")
    with_preset.settle()
    assert "Precise" in with_preset.panel.notices.label.text()


def test_a_preset_is_removed_and_taken_back(with_preset: Open, app: App) -> None:
    app.settings.set(PRESET, "Tea")
    with_preset.panel.presets.remove_wanted.emit()
    with_preset.settle()
    assert [one.name for one in presets_of(app).list() if not one.is_built_in] == []
    assert app.settings.source(PRESET) == "default"
    with_preset.panel.notices.act_button.click()
    with_preset.settle()
    assert presets_of(app).get("Tea").values == {TEMPERATURE: 0.4}
    assert app.settings.get(PRESET) == "Tea"


def test_a_preset_leaves_and_comes_by_a_file(with_preset: Open, app: App, tmp_path: Path) -> None:
    bar = with_preset.panel.presets
    bar.export_wanted.emit(str(tmp_path / "mine"))
    with_preset.settle()
    assert json.loads((tmp_path / "mine.json").read_text("utf-8"))["values"] == {TEMPERATURE: 0.4}
    (tmp_path / "theirs.json").write_text('{"name": "Theirs", "temperature": 1.5, "warp": 9}', "utf-8")
    bar.import_wanted.emit(str(tmp_path / "theirs.json"))
    with_preset.settle()
    assert presets_of(app).get("Theirs").values == {TEMPERATURE: 1.5}
    (tmp_path / "bad.json").write_text('{"temperature": 99}', "utf-8")
    bar.import_wanted.emit(str(tmp_path / "bad.json"))
    with_preset.settle()
    assert "between 0.0 and 5.0" in with_preset.panel.notices.label.text()


def asked(opened: Open, ask: Callable[[], object]) -> QWidget:
    """The window that a question opens."""
    ask()
    found = [one for one in opened.window.widget.findChildren(QDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_the_menu_offers_what_can_be_done(opened: Open) -> None:
    bar = opened.panel.presets
    bar.fill_menu()
    enabled = [action.isEnabled() for action in bar.menu.actions() if not action.isSeparator()]
    assert enabled == [True, False, False, False, True]
    choose_preset(opened, "precise")
    bar.fill_menu()
    enabled = [action.isEnabled() for action in bar.menu.actions() if not action.isSeparator()]
    assert enabled == [True, False, False, True, True]
    asked(opened, bar.ask_save).close()


def test_a_value_never_goes_to_a_conversation_that_was_opened_meanwhile(opened: Open) -> None:
    window = opened.window
    opened.desk.keep(TEMPERATURE, 0.3)
    window.conversation = opened.app.store.create_conversation()  # before the work has ended
    window.conversation_id = window.conversation.id
    opened.settle()
    assert TEMPERATURE not in opened.app.store.conversation(window.conversation.id).settings
