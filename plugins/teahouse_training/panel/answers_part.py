"""The questions that are asked while a model learns: what it said before, and what it says now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from teahouse_desktop.forms import Heading, make_text
from teahouse_training.panel.values import Answered
from teahouse_training.panel.words import _, count


class AnswerCard(QFrame):
    """One question with two answers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.question = make_text(self, "strong")
        self.before_words, self.before = make_text(self, "muted", _("Before")), make_text(self)
        self.now_words, self.now = make_text(self, "muted"), make_text(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 9)
        column.setSpacing(2)
        for part in (self.question, self.before_words, self.before, self.now_words, self.now):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(part)

    def show_answered(self, one: Answered) -> None:
        """Show what was said."""
        empty = _("(nothing)")
        self.question.setText(one.question)
        self.before.setText(one.before or empty)
        self.now.setText(one.now or empty)
        self.now_words.setText(_("Now, at step {step}").format(step=count(one.step)))
        for part in (self.now_words, self.now):
            part.setVisible(one.step > 0)
        told = (self.before_words, self.before, self.now_words, self.now)
        self.setAccessibleName(one.question)
        self.setAccessibleDescription("\n".join(part.text() for part in told))


class AnswersPart(QWidget):
    """All questions; hidden where there are none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[AnswerCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(Heading(_("Answers before and now"), self))
        words = _("Always the likeliest word is taken, so that only the training makes a difference.")
        self._column.addWidget(make_text(self, "muted", words))
        self.show_answers(())

    def show_answers(self, answers: Sequence[Answered]) -> None:
        """Show these."""
        while len(self.cards) < len(answers):
            self.cards.append(AnswerCard(self))
            self._column.addWidget(self.cards[-1])
        for card, one in zip(self.cards, answers, strict=False):
            card.show_answered(one)
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(answers))
        self.setVisible(bool(answers))
