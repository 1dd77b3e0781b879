"""What could not be read and why, each as a card with what can be done about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse import Translator
from teahouse.language import sentences
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.widgets.cards import Card, make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents import phrases
from teahouse_documents.panel.growing import GrowingList
from teahouse_documents.values import Problem

_ = Translator("teahouse_documents")

OF_FILES = ("failed", "quarantined")


class ProblemCard(Card):
    """One problem.

    Signals:
        asked: (verb, problem): `retry`, `show`, `ignore`, `rescan`.
    """

    asked = Signal(str, object)

    def __init__(self, problem: Problem, look: Look, *, can_ignore: bool) -> None:
        super().__init__(look)
        self.problem = problem
        subject = phrases.problem_subject(problem)
        title, reason = make_name_label("strong"), make_name_label()
        title.setText(subject)
        title.setToolTip(with_name(problem.path, "") if problem.path else "")
        reason.setText(sentences(problem.text, problem.hint))
        self.setAccessibleName(f"{subject}: {reason.text()}")
        self.column.setContentsMargins(14, 10, 14, 10)
        self.column.addWidget(title)
        self.column.addWidget(reason)
        is_file = problem.kind in (*OF_FILES, "remark") and problem.file_id is not None
        verbs = [
            ("retry", _("Try again"), problem.kind in OF_FILES and is_file),
            ("rescan", _("Look again"), problem.kind == "source"),
            ("show", _("Show the folder"), bool(problem.path) and not _is_conversation(problem)),
            ("ignore", _("Leave it out"), can_ignore and problem.kind in OF_FILES),
        ]
        self.buttons = {}
        for verb, words, is_offered in verbs:
            if is_offered:
                button = make_button(partial(self.asked.emit, verb, problem))
                button.setText(words)
                button.setAccessibleName(f"{words}: {subject}")
                self.buttons[verb] = button
        if self.buttons:
            self.column.addWidget(FlowRow(self, left=tuple(self.buttons.values())))


class ProblemsPage(QWidget):
    """All of them.

    Signals:
        asked: As `ProblemCard.asked`.
        retry_all_requested: Try every file again.
        left: Back to the documents.
    """

    asked = Signal(str, object)
    retry_all_requested = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.back = make_button(self.left.emit)
        self.back.setText(_("Back"))
        self.back.setAccessibleName(_("Back to the documents"))
        self.retry_all = make_button(self.retry_all_requested.emit)
        self.retry_all.setText(_("Try all again"))
        self.heading = make_label("strong")
        self.list = GrowingList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(FlowRow(self, left=(self.back,), right=(self.retry_all,)))
        column.addWidget(self.heading)
        column.addWidget(self.list, 1)

    @property
    def cards(self) -> list[ProblemCard]:
        """The cards that are shown."""
        return [card for card in self.list.cards if isinstance(card, ProblemCard)]

    def show_problems(
        self, problems: tuple[Problem, ...], *, folders: frozenset[int], count: int = 0
    ) -> None:
        """Show these.

        Args:
            folders: Ids of the sources that are folders: what lies in them can be left out.
            count: How many there are, where not all are told.
        """
        has_files = any(problem.kind in OF_FILES for problem in problems)
        self.retry_all.setVisible(has_files)
        self.heading.setText(phrases.shown_problems_in_words(len(problems), count))
        had_focus = self.list.isAncestorOf(self.window().focusWidget() or self)
        self.list.show_keys([(problem, problem.source_id in folders) for problem in problems], self._make)
        if had_focus and not problems:
            self.back.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)

    def _make(self, key: tuple[Problem, bool]) -> ProblemCard:
        problem, can_ignore = key
        card = ProblemCard(problem, self._look, can_ignore=can_ignore)
        card.asked.connect(self.asked)
        return card


def _is_conversation(problem: Problem) -> bool:
    return problem.path.startswith(phrases.CONVERSATION)
