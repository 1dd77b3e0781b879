"""What the training is for, and every number of it for those who wish to change one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from teahouse import N_
from teahouse_desktop.forms import CheckBox, FlowRow, Fold, Heading, NumberField, Span, make_text
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.choice_row import ChoiceRow
from teahouse_torch.settings import ATTENTION, LIMITS, TARGETS, TrainingSettings
from teahouse_training.panel.words import _
from teahouse_training.presets import PRESETS

AUTO, TARGETED = "auto", "targets"
CHOICES = (AUTO, *PRESETS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number or a switch: its name in `TrainingSettings`, what people call it, and a plain sentence."""

    key: str
    name: str
    sentence: str
    usual: tuple[float, float] | None = None


NUMBERS = (
    Entry(
        "steps",
        N_("Steps"),
        N_("How often the weights are changed; too many and it learns by heart."),
        (10, 300),
    ),
    Entry(
        "learning_rate",
        N_("Learning rate"),
        N_("How large each change is; too large and it breaks."),
        (1e-5, 2e-3),
    ),
    Entry("rank", N_("Rank"), N_("How much the adapter can hold; more takes more memory."), (1, 64)),
    Entry("alpha", N_("Alpha"), N_("How strongly the adapter acts; usually twice the rank."), (1, 128)),
    Entry(
        "dropout",
        N_("Dropout"),
        N_("Share of inputs left out at each step, against learning by heart."),
        (0, 0.5),
    ),
    Entry("rows", N_("Rows at once"), N_("More rows make calmer steps and take more memory."), (1, 16)),
    Entry(
        "accumulation",
        N_("Batches for each step"),
        N_("The same as more rows, with time instead of memory."),
        (1, 16),
    ),
    Entry(
        "length",
        N_("Tokens in a row"),
        N_("Short examples share a row; a longer one stands alone."),
        (64, 2048),
    ),
    Entry(
        "look_every",
        N_("Steps between looks"),
        N_("How often it is tested on what it does not learn."),
        (1, 50),
    ),
    Entry(
        "patience",
        N_("Patience"),
        N_("Ends after so many looks without a better one; 0 never ends early."),
        (0, 10),
    ),
)
SWITCHES = (
    Entry("is_checkpointed", N_("Save memory"), N_("Takes less memory and more time.")),
    Entry(
        "is_rank_stabilised",
        N_("Stabilise the rank"),
        N_("Lets large ranks learn as fast as small ones (rsLoRA)."),
    ),
    Entry(TARGETED, N_("Only attention"), N_("Fewer matrices are changed: it takes less, and holds less.")),
    Entry(
        "is_full",
        N_("Train all weights"),
        N_("For small models: a whole new model comes out, and it takes far more memory."),
    ),
)


class SettingsPart(QWidget):
    """The preset, and a fold with all numbers.

    Signals:
        changed: Another choice than before.
    """

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._own: dict[str, Any] = {}
        self._shown: dict[str, Any] = TrainingSettings().as_json()
        self.numbers: dict[str, NumberField] = {}
        self.switches: dict[str, CheckBox] = {}
        self.preset = ChoiceRow(CHOICES, look, self)
        self.about = make_text(self, "muted")
        self.fold = Fold(_("All settings"), self._make_body, look, self)
        self.reset = QPushButton(_("As in the preset"), self)
        self.reset.setProperty("kind", "plain")
        self.reset.clicked.connect(self._on_reset)
        self.reset.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.preset)
        column.addWidget(self.about)
        column.addWidget(self.fold)
        titles: dict[str, str] = {AUTO: _("By the data")}
        titles.update({name: _(one.title) for name, one in PRESETS.items()})
        self.preset.name(_("What it is to learn"), titles)
        self.preset.chosen.connect(self._on_preset)
        self.show_choice("", {})

    @property
    def choice(self) -> tuple[str, dict[str, Any]]:
        """The preset (empty where the data chooses), and the numbers that a person has chosen."""
        preset = self.preset.value
        return ("" if preset == AUTO else preset), dict(self._own)

    def flush(self) -> None:
        """Do not wait any longer: what was typed counts now."""
        for field in self.numbers.values():
            field.flush()

    def show_choice(self, preset: str, own: Mapping[str, Any]) -> None:
        """Show what was chosen."""
        self._own = dict(own)
        self.preset.show_value(preset or AUTO)
        self._say()
        self._show()

    def show_settings(self, settings: Mapping[str, Any]) -> None:
        """Show the numbers that the preset and the data lead to."""
        self._shown = {**self._shown, **settings}
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.preset.set_look(look)
        self.fold.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _make_body(self, parent: QWidget) -> QWidget:
        body = QWidget(parent)
        column = QVBoxLayout(body)
        column.setContentsMargins(2, 0, 2, 4)
        column.setSpacing(2)
        for entry in NUMBERS:
            column.addWidget(Heading(_(entry.name), body))
            column.addWidget(self._make_number(entry, body))
            column.addWidget(make_text(body, "muted", _(entry.sentence)))
        for entry in SWITCHES:
            column.addWidget(self._make_switch(entry, body))
            column.addWidget(make_text(body, "muted", _(entry.sentence)))
        column.addWidget(FlowRow(body, left=(self.reset,)))
        self.reset.show()
        self._show()
        return body

    def _make_number(self, entry: Entry, body: QWidget) -> NumberField:
        least, greatest = LIMITS[entry.key]
        is_whole = isinstance(self._shown[entry.key], int)
        span = Span(least, greatest, is_whole=is_whole, usual=entry.usual, step=1 if is_whole else 0.05)
        field = NumberField(span, self._shown[entry.key], body)
        field.name(_(entry.name), _(entry.sentence))
        field.changed.connect(partial(self._on_value, entry.key))
        field.refused.connect(lambda _typed: self._show())
        self.numbers[entry.key] = field
        return field

    def _make_switch(self, entry: Entry, body: QWidget) -> CheckBox:
        box = CheckBox(body)
        box.setText(_(entry.name))
        box.setAccessibleDescription(_(entry.sentence))
        box.clicked.connect(lambda: self._on_value(entry.key, box.isChecked()))
        self.switches[entry.key] = box
        return box

    def _show(self) -> None:
        values = {**self._shown, **self._own}
        for key, field in self.numbers.items():
            field.set_value(values[key])
        for key, box in self.switches.items():
            is_on = tuple(values[key]) == ATTENTION if key == TARGETED else bool(values[key])
            box.setChecked(is_on)
        self.reset.setEnabled(bool(self._own))
        summary = _("{count} changed").format(count=len(self._own)) if self._own else ""
        self.fold.set_summary(summary)

    def _on_preset(self, _word: str) -> None:
        self._say()
        self.changed.emit()

    def _on_value(self, key: str, value: Any) -> None:
        if key == TARGETED:
            value = list(ATTENTION if value else TARGETS)
        self._own[key] = value
        self._show()
        self.changed.emit()

    def _on_reset(self) -> None:
        self._own.clear()
        self._show()
        self.changed.emit()

    def _say(self) -> None:
        preset = PRESETS.get(self.preset.value)  # type: ignore[call-overload]
        by_data = _("The number of examples and their length decide.")
        self.about.setText(_(preset.help) if preset is not None else by_data)
