"""The examples as the model will see them: token by token, those that it learns in colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from teahouse_desktop.forms import make_icon_button, make_text
from teahouse_desktop.forms.texts import draw_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.legend import Legend
from teahouse_desktop.tokens.token import Token
from teahouse_desktop.tokens.view import TokenView
from teahouse_training.panel.values import SeenToken
from teahouse_training.panel.words import _, count

Example = Sequence[SeenToken]
HEIGHT_EM = 7.5


class PreviewPart(QWidget):
    """One example at a time."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._examples: Sequence[Example] = ()
        self.place = 0
        self.words = make_text(self, "muted")
        self.back = make_icon_button(self, "chevron-left", _("The example before"), look)
        self.on = make_icon_button(self, "chevron-right", _("The next example"), look)
        self.tokens, self.legend = TokenView(look, self), Legend(look, self)
        self.tokens.set_about(_("The example as the model sees it"))
        self._limit(look)
        for part in (self.tokens, self.legend):
            part.set_colouring("learned")
        self.back.clicked.connect(lambda: self.show_place(self.place - 1))
        self.on.clicked.connect(lambda: self.show_place(self.place + 1))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.words, 1)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.on, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.tokens)
        column.addWidget(self.legend)
        self.show_examples(())

    def show_examples(self, examples: Sequence[Example]) -> None:
        """Show the first of these; one that is there already stays in view."""
        is_same = list(examples) == list(self._examples)
        self._examples = examples
        self.show_place(self.place if is_same else 0)
        self.setVisible(bool(examples))

    def show_place(self, place: int) -> None:
        """Show one of them, counted from 0."""
        self.place = min(max(place, 0), max(0, len(self._examples) - 1))
        example: Example = self._examples[self.place] if self._examples else ()
        first = next((at for at, one in enumerate(example) if one.is_learned), -1)
        self.tokens.show_tokens([_token(one) for one in example], current=first)
        learned = sum(one.is_learned for one in example)
        text = _("Example {place} of {total}: {count} tokens, {learned} of them are learned.")
        self.words.setText(
            text.format(
                place=count(self.place + 1),
                total=count(len(self._examples)),
                count=count(len(example)),
                learned=count(learned),
            )
        )
        self.back.setEnabled(self.place > 0)
        self.on.setEnabled(self.place < len(self._examples) - 1)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._limit(look)
        self.tokens.set_look(look)
        self.legend.set_look(look)
        draw_icon(self.back, "chevron-left", look)
        draw_icon(self.on, "chevron-right", look)

    def _limit(self, look: Look) -> None:
        """Some lines; what is longer is scrolled."""
        self.tokens.setFixedHeight(round(look.em * HEIGHT_EM))


def _token(seen: SeenToken) -> Token:
    return Token(seen.id, seen.piece, is_control=seen.is_control, is_learned=seen.is_learned)
