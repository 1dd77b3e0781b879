"""One stage of the chain as a card: it folds, it is switched on and off, it is dragged to another place."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.setting import Setting
from teahouse_desktop.forms import CheckBox, Fold, SortHandle, make_text
from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.stage_words import stage_name
from teahouse_sampling.panel.drawing import Drawing, Effect
from teahouse_sampling.panel.reading import Shown
from teahouse_sampling.panel.said import value_words
from teahouse_sampling.panel.shape import Stage
from teahouse_sampling.panel.value_row import ValueRow
from teahouse_sampling.panel.words import _


class StageCard(Fold):
    """A stage with the rows of its values, which are made when it is first unfolded.

    Signals:
        switched: (name of the stage, whether it acts).
        rows_made: (list of `ValueRow`): to be connected and filled.
    """

    switched = Signal(str, bool)
    rows_made = Signal(object)

    def __init__(
        self, stage: Stage, declared: Mapping[str, Setting], look: Look, parent: QWidget | None = None
    ) -> None:
        self.stage, self._declared = stage, declared
        self._effect = Effect()
        self.rows: dict[str, ValueRow] = {}
        self.drawing: Drawing | None = None
        title = stage_name(stage.name)
        super().__init__(title, self._make_body, look, parent)
        self.handle = SortHandle(look, self)
        words = _("Move {name}: drag, or Alt+Up and Alt+Down").format(name=title)
        self.handle.setAccessibleName(words)
        self.handle.setToolTip(words)
        self.switch = CheckBox(self)
        words = _("Use {name}").format(name=title)
        self.switch.setAccessibleName(words)
        self.switch.setToolTip(words)
        self.switch.clicked.connect(lambda is_on: self.switched.emit(stage.name, is_on))
        self.add_before(self.handle)
        self.add_after(self.switch)

    def show_values(self, values: Mapping[str, Shown], *, is_on: bool, acts: bool, preset: str) -> None:
        """Show the values, whether the stage is switched on, and whether it changes anything."""
        self.switch.setChecked(is_on)
        first = self.stage.keys[0]
        told = value_words(self._declared[first], values[first].value)
        self.set_summary(_("off") if not is_on else told if acts else _("no effect"))
        for key, row in self.rows.items():
            row.show_value(values[key], preset=preset)

    def show_effect(self, effect: Effect) -> None:
        """Draw what the stage does now."""
        self._effect = effect
        if self.drawing is not None:
            self.drawing.show_effect(effect)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.handle.set_look(look)
        for row in self.rows.values():
            row.set_look(look)
        if self.drawing is not None:
            self.drawing.set_look(look)

    def _make_body(self, parent: QWidget) -> QWidget:
        body = QWidget(parent)
        column = QVBoxLayout(body)
        column.setContentsMargins(4, 0, 4, 4)
        column.setSpacing(4)
        if self.stage.sentence:
            column.addWidget(make_text(body, "", _(self.stage.sentence)))
        self.drawing = Drawing(self._look, body)
        self.drawing.show_effect(self._effect)
        for place, key in enumerate(self.stage.keys):
            self.rows[key] = ValueRow(self._declared[key], self._look, body)
            column.addWidget(self.rows[key])
            if not place:
                column.addWidget(self.drawing)
        self.rows_made.emit(list(self.rows.values()))
        return body
