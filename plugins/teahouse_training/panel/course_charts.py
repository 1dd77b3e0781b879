"""The charts of a training: losses, and what was forgotten."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.charts import LineChart, Series
from teahouse_desktop.forms import Heading, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.course import Course
from teahouse_training.panel.words import _, title_of_text


class CourseCharts(QWidget):
    """Two charts above each other, each hidden while there is nothing to draw."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.losses, self.forgetting = LineChart(look, self), LineChart(look, self)
        self.losses.name(_("Loss at each step"), _("step"))
        self.forgetting.name(_("Forgetting at each look, in percent"), _("step"))
        self._loss_heading = Heading(_("Loss"), self)
        self._forgetting_heading = Heading(_("Forgetting, in percent"), self)
        self.said = make_text(self, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._loss_heading)
        column.addWidget(self.losses)
        column.addWidget(self.said)
        column.addWidget(self._forgetting_heading)
        column.addWidget(self.forgetting)
        self.show_course(Course(()), steps=0)

    def show_course(self, course: Course, *, steps: int) -> None:
        """Draw a run as far as it has come."""
        learned = Series(_("learned"), course.loss, "accent")
        held_out = Series(_("held out"), course.held_out, "link", "dashed", has_marks=True)
        self.losses.show_series([one for one in (learned, held_out) if one.points], last_x=steps)
        strokes = (("warning", "solid"), ("link", "dashed"), ("accent", "dotted"))
        lines = [
            Series(title_of_text(name), points, colour, stroke, has_marks=True)  # type: ignore[arg-type]
            for (name, points), (colour, stroke) in zip(course.forgetting.items(), strokes, strict=False)
        ]
        self.forgetting.show_series(lines, last_x=steps)
        has_loss, has_looks = bool(learned.points or held_out.points), bool(lines)
        for part in (self._loss_heading, self.losses):
            part.setVisible(has_loss)
        for part in (self._forgetting_heading, self.forgetting):
            part.setVisible(has_looks)
        say(self.said, _turn_in_words(course))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.losses.set_look(look)
        self.forgetting.set_look(look)
        self.said.setFont(look.small)


def _turn_in_words(course: Course) -> str:
    """Where the held-out loss turned, if it did."""
    points, best = course.held_out, course.best_step
    if best is None or len(points) < 3 or best >= points[-1][0]:
        return ""
    text = _("The held-out loss was lowest at step {step}; after that the model began to learn by heart.")
    return text.format(step=best)
