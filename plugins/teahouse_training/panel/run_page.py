"""The page of one training: how far it is, how it goes, and what is to become of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from teahouse_desktop.forms import FlowRow, Heading, make_text, put_in_order, say
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.answers_part import AnswersPart
from teahouse_training.panel.compare_part import ComparePart
from teahouse_training.panel.course import Course
from teahouse_training.panel.course_charts import CourseCharts
from teahouse_training.panel.figures import Figures
from teahouse_training.panel.run_words import facts_in_words, result_in_words, state_in_words
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _
from teahouse_training.values import State

STEPS = 1000
OFFERED: dict[State, tuple[str, ...]] = {
    "prepared": ("resume", "discard"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "discard"),
    "interrupted": ("resume", "anew", "discard"),
    "failed": ("resume", "anew", "discard"),
    "cancelled": ("resume", "anew", "discard"),
    "done": ("keep", "anew", "discard"),
    "kept": ("use", "anew", "discard"),
}
"""What can be done with a training in which state."""
UNDER_WAY: frozenset[State] = frozenset(("running", "paused", "interrupted"))
FIRST = frozenset(("keep", "resume", "use"))


class RunPage(QScrollArea):
    """One training.

    Signals:
        asked: (verb) `pause`, `cancel`, `resume`, `keep`, `discard`, `use`, `anew`.
        left: Back to the trainings.
    """

    asked = Signal(str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.run: ShownRun | None = None
        self.title, self.facts = Heading("", self), make_text(self, "muted")
        self.state, self.result = make_text(self), make_text(self)
        self.error, self.hint = make_text(self, "danger"), make_text(self, "muted")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.back = QPushButton(_("Back"), self)
        self.back.setProperty("kind", "plain")
        self.buttons = self._make_buttons()
        self.charts, self.figures = CourseCharts(look, self), Figures(look, self)
        self.answers, self.compare = AnswersPart(self), ComparePart(self)
        self._lay_out()
        self.back.clicked.connect(self.left)

    def show_run(self, run: ShownRun) -> None:
        """Show a training, or what is new of it."""
        if self.run is None or self.run.name != run.name:
            self.compare.clear()
            self.verticalScrollBar().setValue(0)
        self.run = run
        course = Course(run.metrics)
        self.title.setText(run.name)
        self.facts.setText(facts_in_words(run))
        self.state.setText(state_in_words(run))
        say(self.error, run.error)
        say(self.hint, run.hint)
        has_ended = run.state in ("done", "kept")
        say(self.result, result_in_words(run, course) if has_ended else "")
        self.bar.setVisible(run.state in UNDER_WAY)
        self.bar.setValue(round(STEPS * min(1.0, run.step / run.steps)) if run.steps else 0)
        self.bar.setAccessibleName(self.state.text())
        self.charts.show_course(course, steps=run.steps)
        self.figures.show_run(run, course)
        self.answers.show_answers(run.answers)
        self.compare.setVisible(has_ended and bool(run.adapter or run.made_model))
        self.compare.name_sides(has_adapter=not run.made_model)
        self._offer(run.state)
        self.buttons["use"].setVisible(run.state == "kept" and bool(run.adapter))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.charts.set_look(look)
        self.figures.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _offer(self, state: State) -> None:
        held = next((button for button in self.buttons.values() if button.hasFocus()), None)
        for verb, button in self.buttons.items():
            button.setVisible(verb in OFFERED[state])
        if held is not None and held.isHidden():
            self.buttons[OFFERED[state][0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_buttons(self) -> dict[str, QPushButton]:
        titles = {
            "pause": _("Pause"),
            "cancel": _("Cancel"),
            "resume": _("Go on"),
            "keep": _("Keep it"),
            "use": _("Use it in this conversation"),
            "anew": _("Change and train anew …"),
            "discard": _("Discard …"),
        }
        made: dict[str, QPushButton] = {}
        for verb, title in titles.items():
            button = made[verb] = QPushButton(title, self)
            button.setProperty("kind", "primary" if verb in FIRST else "plain")
            button.clicked.connect(lambda _on=False, verb=verb: self.asked.emit(verb))
        return made

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 2, 10, 8)
        column.setSpacing(7)
        for part in (self.title, self.facts, self.state, self.bar, self.error, self.hint, self.result):
            column.addWidget(part)
        column.addWidget(FlowRow(inside, left=(*self.buttons.values(), self.back)))
        for below in (self.charts, self.figures, self.answers, self.compare):
            column.addWidget(below)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        put_in_order(self)
