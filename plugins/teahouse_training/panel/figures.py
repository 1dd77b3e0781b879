"""The numbers of a training, each with its name and one plain sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from teahouse import N_
from teahouse_desktop.forms import make_text
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.course import Course
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _, count, number, percent, short
from teahouse_training.phrases import duration


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: what it is called, what it says, and how it is read off a run; empty where not known."""

    name: str
    sentence: str
    value: Callable[[ShownRun, Course], str]


def _last(points: tuple[tuple[float, float], ...]) -> str:
    return number(points[-1][1], 3) if points else ""


def _from_to(points: tuple[tuple[float, float], ...]) -> str:
    if len(points) < 2:
        return _last(points)
    return f"{number(points[0][1], 3)} → {number(points[-1][1], 3)}"


def _known(value: float | None, words: Callable[[float], str]) -> str:
    return "" if value is None else words(value)


def _memory(run: ShownRun, course: Course) -> str:
    taken = max(run.memory_bytes, course.memory_bytes)
    return size_in_words(taken) if taken else ""


FIGURES = (
    Figure(
        N_("Step"),
        N_("One step reads a few rows and changes the weights a little."),
        lambda run, course: f"{count(course.step)} / {count(run.steps)}" if run.steps else "",
    ),
    Figure(
        N_("Loss"),
        N_("How surprised the model was by the answers it learns from; it falls while it learns."),
        lambda run, course: _from_to(course.loss),
    ),
    Figure(
        N_("Held-out loss"),
        N_("The same for rows it never learns from; if it rises, the model only learns by heart."),
        lambda run, course: _from_to(course.held_out),
    ),
    Figure(
        N_("Forgetting"),
        N_("How much harder ordinary English and Chinese texts have become for it; 0 is as before."),
        lambda run, course: _known(course.forgotten, percent),
    ),
    Figure(
        N_("Change"),
        N_("How far the weights have moved; 0 would mean that nothing was learned."),
        lambda run, course: _known(course.moved, short),
    ),
    Figure(
        N_("Learning rate"),
        N_("How large the steps are; it grows at first, then shrinks."),
        lambda run, course: _known(course.rate, short),
    ),
    Figure(
        N_("Gradient"),
        N_("How strongly the last rows pulled at the weights; a sudden jump means: too high a rate."),
        lambda run, course: _known(course.gradient, short),
    ),
    Figure(
        N_("Tokens per second"),
        N_("How fast it reads; on this machine, over the last steps."),
        lambda run, course: _known(course.tokens_per_s, lambda speed: count(round(speed))),
    ),
    Figure(
        N_("Memory"),
        N_("The most that the training's process has taken."),
        _memory,
    ),
    Figure(
        N_("Time left"),
        N_("Reckoned from the steps so far."),
        lambda run, course: (
            _known(run.eta_s, duration) if run.state == "running" and course.step < run.steps else ""
        ),
    ),
)


class FigureRow(QWidget):
    """One number: name and value in a line, the sentence below."""

    def __init__(self, figure: Figure, parent: QWidget) -> None:
        super().__init__(parent)
        self.figure = figure
        self.name = make_text(self, "strong", _(figure.name))
        self.value = make_text(self, "strong")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence = make_text(self, "muted", _(figure.sentence))
        line = QHBoxLayout()
        line.addWidget(self.name, 1)
        line.addWidget(self.value, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.sentence)

    def show_value(self, words: str) -> None:
        """Show the number; one that is not known is not there."""
        self.value.setText(words)
        name = f"{self.name.text()}: {words}"
        self.setAccessibleName(name)
        self.value.setAccessibleName(name)
        self.setVisible(bool(words))


class Figures(QWidget):
    """All numbers that are known."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = [FigureRow(figure, self) for figure in FIGURES]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for row in self.rows:
            column.addWidget(row)
        self.set_look(look)

    def show_run(self, run: ShownRun, course: Course) -> None:
        """Show the numbers of a run."""
        for row in self.rows:
            row.show_value(row.figure.value(run, course))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for row in self.rows:
            row.sentence.setFont(look.small)
