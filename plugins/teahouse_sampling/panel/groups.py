"""The groups of the panel: the basics, where a reply ends, and the chain of all stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.engine.sampling import ORDER as USUAL_ORDER
from teahouse.errors import SettingError
from teahouse_desktop.forms import Fold, SortedColumn, draw_icon, make_icon_button, make_text
from teahouse_desktop.looks.look import Look
from teahouse_sampling.forms import read_names, write_names
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.drawing import Effect
from teahouse_sampling.panel.reading import Read
from teahouse_sampling.panel.said import is_meant, searched, searched_stage, source_words
from teahouse_sampling.panel.stage_card import StageCard
from teahouse_sampling.panel.value_row import ValueRow
from teahouse_sampling.panel.words import _

FEW = 3
"""So many stages that a search finds are unfolded."""


class Groups(QWidget):
    """Everything below the search.

    Signals:
        changed: (key, value) that the person wants.
        reset_requested: Keys whose choice is taken back.
        row_made: A `ValueRow` that has just been made.
    """

    changed = Signal(str, object)
    reset_requested = Signal(object)
    row_made = Signal(object)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._read: Read | None = None
        self._effect: Callable[[str], Effect] = lambda stage: Effect()
        self.is_ready = False
        self.rows: dict[str, list[ValueRow]] = {}
        self.cards: dict[str, StageCard] = {}
        self.basics = Fold(_("Basics"), _column, look, self, is_card=False)
        self.ending = Fold(_("Where a reply ends"), _column, look, self, is_card=False)
        self.chain = Fold(_("All steps, in their order"), self._make_chain, look, self, is_card=False)
        words = _("Reset order and switches here")
        self.reset = make_icon_button(self.chain, "rotate-ccw", words, look)
        self.reset.clicked.connect(lambda: self.reset_requested.emit((shape.ORDER, shape.OFF)))
        self.reset.hide()
        self.chain.add_after(self.reset)
        self.ending.folded.connect(lambda is_open: self._fill_ending() if is_open else None)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for group in (self.basics, self.ending, self.chain):
            column.addWidget(group)

    # --- what is shown ------------------------------------------------------------------------------

    def build(self, read: Read) -> Iterator[None]:
        """Make the rows, one after the other: the window is to stay quick meanwhile."""
        self._read = read
        self.basics.set_folded(False)
        for key in shape.BASICS:
            if key in read.declared:
                self._add_row(self.basics, key)
                yield
        self.chain.set_folded(False)
        yield
        for stage in shape.STAGES:
            if all(key in read.declared for key in stage.keys):
                self._add_card(stage)
                yield
        self.is_ready = True
        self.show_read(read)

    def show_read(self, read: Read) -> None:
        """Show these values."""
        self._read = read
        preset = read.preset.title if read.preset else ""
        for key, rows in self.rows.items():
            for row in rows:
                row.show_value(read.values[key], preset=preset)
        if not self.is_ready:
            return
        off = self._names(shape.OFF)
        for name, card in self.cards.items():
            acts = name in read.acting
            card.show_values(read.values, is_on=name not in off, acts=acts, preset=preset)
        order = self._names(shape.ORDER)
        self._chain_column.set_order([*order, *(name for name in USUAL_ORDER if name not in order)])
        told = [one for key in (shape.ORDER, shape.OFF) if (one := read.values[key]).wins != "default"]
        self.chain.set_summary(source_words(told[0].wins, preset) if told else "")
        self.reset.setVisible(any(read.values[key].is_own for key in (shape.ORDER, shape.OFF)))

    def show_effects(self, effect: Callable[[str], Effect]) -> None:
        """Draw what each stage does.

        Args:
            effect: From a stage's name to what it does.
        """
        self._effect = effect
        for name, card in self.cards.items():
            card.show_effect(effect(name))
        for rows in self.rows.values():
            for row in rows:
                if row.drawing is not None:
                    row.drawing.show_effect(effect(row.stage))

    def filter(self, query: str) -> int:
        """Show only what a query means; returns how many things that are."""
        if self._read is None:
            return 0
        declared = self._read.declared
        meant = {key for key, one in declared.items() if not query or is_meant(searched(one), query)}
        stages = {one.name for one in shape.STAGES if query and is_meant(searched_stage(one), query)}
        found = [name for name, card in self.cards.items() if name in stages or meant & {*card.stage.keys}]
        for name, card in self.cards.items():
            card.setVisible(name in found)
            if query and name in found and len(found) <= FEW:
                card.set_folded(False)
        # With a search each control shows once: where it stands in the chain.
        rows = [key for key in meant if key in shape.BASICS and not (query and key in shape.OF_KEY)]
        for key in shape.BASICS:
            for row in self.rows.get(key, [])[:1]:
                row.setVisible(key in rows)
        ends = bool(meant & {*shape.ENDING})
        self.basics.setVisible(bool(rows))
        self.ending.setVisible(ends)
        if query and ends:
            self.ending.set_folded(False)
        self.chain.setVisible(bool(found))
        return len(found) + len(rows) + ends

    def flush(self) -> None:
        """What was typed last counts now."""
        for rows in self.rows.values():
            for row in rows:
                row.flush()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        draw_icon(self.reset, "rotate-ccw", look)
        for fold in (self.basics, self.ending, self.chain, *self.cards.values()):
            fold.set_look(look)
        for rows in self.rows.values():
            for row in rows:
                row.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _make_chain(self, parent: QWidget) -> QWidget:
        body = QWidget(parent)
        self._chain_column = SortedColumn(body)
        self._chain_column.sorted.connect(lambda names: self.changed.emit(shape.ORDER, write_names(names)))
        text = _("They act from top to bottom. Drag one, or move it with Alt+Up and Alt+Down.")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(make_text(body, "muted", text))
        column.addWidget(self._chain_column)
        return body

    def _add_card(self, stage: shape.Stage) -> None:
        assert self._read is not None
        card = self.cards[stage.name] = StageCard(stage, self._read.declared, self._look, self._chain_column)
        card.switched.connect(self._switch)
        card.rows_made.connect(self._take)
        self._chain_column.add(stage.name, card)

    def _add_row(self, fold: Fold, key: str) -> None:
        assert self._read is not None and fold.body is not None
        has_drawing = key in shape.OF_KEY
        row = ValueRow(self._read.declared[key], self._look, fold.body, has_drawing=has_drawing)
        layout = fold.body.layout()
        assert layout is not None
        layout.addWidget(row)
        self._take([row])

    def _fill_ending(self) -> None:
        if self._read is not None and shape.STOP not in self.rows:
            self._add_row(self.ending, shape.STOP)

    def _take(self, rows: Sequence[ValueRow]) -> None:
        """Rows that have just been made."""
        assert self._read is not None
        preset = self._read.preset.title if self._read.preset else ""
        for row in rows:
            key = row.setting.key
            self.rows.setdefault(key, []).append(row)
            row.show_value(self._read.values[key], preset=preset)
            if row.drawing is not None:
                row.drawing.show_effect(self._effect(row.stage))
            row.changed.connect(self.changed)
            row.reset_requested.connect(lambda key: self.reset_requested.emit((key,)))
            self.row_made.emit(row)

    def _switch(self, name: str, is_on: bool) -> None:
        off = [one for one in self._names(shape.OFF) if one != name]
        self.changed.emit(shape.OFF, write_names(off if is_on else [*off, name]))

    def _names(self, key: str) -> tuple[str, ...]:
        assert self._read is not None
        try:
            return read_names(key, str(self._read.values[key].value))
        except SettingError:
            return ()


def _column(parent: QWidget) -> QWidget:
    body = QWidget(parent)
    column = QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    return body
