"""One place of a text: what could stand there, what each stage did, and choosing another token."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.bars import ProbabilityBars
from teahouse_desktop.tokens.stage_words import stage_name, stage_words
from teahouse_desktop.tokens.stages import Pieces, Stage, alternatives
from teahouse_desktop.tokens.token import Token
from teahouse_desktop.widgets.flow import Flow
from teahouse_sampling.panel.probabilities.scrolled import HighEnough
from teahouse_sampling.panel.words import _

ALL = -1
BUTTON_MARGIN = 56
"""Left and right of the button's text, in pixels: those of the column and of the button."""


class PlaceView(HighEnough):
    """What could stand at a place.

    Signals:
        chosen: (token id): the person wants to go on with this one.
        left: Back to the tokens.
    """

    chosen = Signal(int)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: Sequence[Stage] = ()
        self._pieces: Pieces = {}
        self._taken: int | None = None
        self._upto = ALL
        self._why_not = ""
        self.title = _label("strong")
        self.facts = _label("muted")
        self.strip = QWidget(self)
        self._strip_row = Flow(self.strip)
        self._strip_row.setSpacing(2)
        self._group = QButtonGroup(self)
        self.sentence = _label("muted")
        self.bars = ProbabilityBars(look, self)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self.note = _label("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(6)
        for widget in (self.title, self.facts, self.strip, self.sentence):
            column.addWidget(widget)
        column.addWidget(self.bars, 1)
        column.addWidget(self.note)
        column.addWidget(self.button)
        self.bars.current_changed.connect(self._show_button)
        self.bars.chosen.connect(self._choose)
        self.bars.left.connect(self.left)
        self.button.clicked.connect(self._press)
        self.show_nothing("")

    # --- what is shown ------------------------------------------------------------------------------

    def show_nothing(self, text: str) -> None:
        """No place is shown; say why."""
        self.title.setText(text)
        self.facts.setText("")
        self.show_stages((), {}, taken=None)

    def show_token(self, token: Token, place: int, total: int, *, joined: str = "") -> None:
        """Say which token stands there."""
        text = _("Token {place} of {total}: {text}")
        quoted = token_words.quoted(token)
        self.title.setText(
            text.format(place=token_words.count(place + 1), total=token_words.count(total), text=quoted)
        )
        about = [*token_words.facts(token), _("id {id}").format(id=token.id)]
        if joined:
            about.append(_("together with its neighbours: {text}").format(text=joined))
        self.facts.setText(" · ".join(about))

    def show_title(self, title: str, facts: str = "") -> None:
        """Say what the place is, where no token stands there yet."""
        self.title.setText(title)
        self.facts.setText(facts)

    def show_stages(
        self, stages: Sequence[Stage], pieces: Pieces, *, taken: int | None, keeps_mark: bool = False
    ) -> None:
        """Show what could stand there; one stage alone is the model itself."""
        names = [stage.name for stage in stages]
        if names != [stage.name for stage in self._stages]:
            self._upto = ALL
        self._stages, self._pieces, self._taken = stages, pieces, taken
        self._fill_strip()
        self._show_rows(keeps_mark=keeps_mark)

    def set_can_choose(self, why_not: str) -> None:
        """Offer to go on from another token, or say why that cannot be now."""
        self._why_not = why_not
        self._show_button()

    @property
    def taken(self) -> int | None:
        """Id of the token that stands there."""
        return self._taken

    @property
    def shown_stage(self) -> int:
        """Which stage the second bars stand for; the last one is the whole chain."""
        return len(self._stages) - 1 if self._upto == ALL else self._upto

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.bars.set_look(look)

    def focus_bars(self) -> None:
        """Let the keys go to the alternatives."""
        self.bars.setFocus()

    # --- words that the pages may change ------------------------------------------------------------

    def verb(self, token: Token) -> str:
        """What the button says for an alternative."""
        return _("Go on from here with {token}").format(token=token_words.quoted(token))

    def may_choose_taken(self) -> bool:
        """Whether the token that stands there can be chosen too."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button's text has another width."""
        super().resizeEvent(event)
        self._fit_button()

    # --- inside -----------------------------------------------------------------------------------

    def show_stage(self, upto: int) -> None:
        """Let the second bars stand for a stage; `ALL` for the last."""
        self._upto = ALL if upto == len(self._stages) - 1 else upto
        self._show_rows(keeps_mark=True)

    def _fill_strip(self) -> None:
        count = len(self._stages) if len(self._stages) > 1 else 0
        buttons = self._group.buttons()
        for button in buttons[count:]:
            self._group.removeButton(button)
            self._strip_row.removeWidget(button)
            button.deleteLater()
        for number in range(len(buttons), count):
            button = QToolButton(self.strip)
            button.setCheckable(True)
            button.clicked.connect(partial(self.show_stage, number))
            self._group.addButton(button)
            self._strip_row.addWidget(button)
        for number, button in enumerate(self._group.buttons()[:count]):
            stage = self._stages[number]
            arrow = "" if number == 0 else "› "
            button.setText(arrow + stage_name(stage.name))
            before = self._stages[number - 1] if number else None
            button.setToolTip(stage_words(stage, before, self._pieces))
            button.setChecked(number == self.shown_stage)
        self.strip.setVisible(count > 0)

    def _show_rows(self, *, keeps_mark: bool) -> None:
        upto = self.shown_stage
        rows = alternatives(self._stages, self._pieces, upto=upto, taken=self._taken)
        has_stages = len(self._stages) > 1 and upto > 0
        self.bars.show_rows(
            rows, has_stages=has_stages, keeps_mark=keeps_mark, marks_taken=self.may_choose_taken()
        )
        if len(self._stages) > 1:
            before = self._stages[upto - 1] if upto > 0 else None
            self.sentence.setText(stage_words(self._stages[upto], before, self._pieces))
        self.sentence.setVisible(len(self._stages) > 1)
        self._show_button()

    def _show_button(self, _row: int = -1) -> None:
        row = self.bars.marked
        self.button.setVisible(row is not None)
        if row is None:
            self.note.setText("")
            return
        self.button.setAccessibleName(self.verb(Token(row.id, row.piece, row.is_control)))
        self._fit_button()
        is_same = row.is_taken and not self.may_choose_taken()
        self.button.setEnabled(not self._why_not and not is_same)
        note = self._why_not or (_("This token stands there now; mark another one.") if is_same else "")
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _fit_button(self) -> None:
        """Let a long token end in dots where the panel is narrow."""
        full = self.button.accessibleName()
        room = self.width() - BUTTON_MARGIN
        text = self.button.fontMetrics().elidedText(full, Qt.TextElideMode.ElideRight, max(room, 40))
        self.button.setText(text.replace("&", "&&"))
        self.button.setToolTip("" if text == full else full)

    def _press(self) -> None:
        if (row := self.bars.marked) is not None:
            self._choose(row.id)

    def _choose(self, token: int) -> None:
        if self.button.isEnabled():
            self.chosen.emit(token)


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setProperty("kind", kind)
    label.setTextFormat(label.textFormat().PlainText)
    return label
