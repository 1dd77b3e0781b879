"""The page of the first steps: three of them, in the place of the chat."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from teahouse_desktop.first_run.first_run_machine import MachineStep
from teahouse_desktop.first_run.first_run_model import ModelStep
from teahouse_desktop.first_run.first_run_privacy import PrivacyStep
from teahouse_desktop.first_run.first_run_step import Step, make_button
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page


class FirstRunPage(Page):
    """Shows one step at a time; every step can be skipped.

    Signals:
        step_changed: Number of the step that is shown now, from 0.
    """

    step_changed = Signal(int)
    is_kept = False

    def __init__(self, look: Look, *, theme: str, host: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.privacy = PrivacyStep(look, theme)
        self.machine = MachineStep(look)
        self.model = ModelStep(look, host)
        self.steps: tuple[Step, ...] = (self.privacy, self.machine, self.model)
        self._stack = QStackedWidget(self)
        self._areas = [_scrolled(step) for step in self.steps]
        for area in self._areas:
            self._stack.addWidget(area)
        self._where = QLabel(self)
        self._where.setProperty("kind", "muted")
        self.skip = make_button(self, self.closed.emit, "")
        self.before = make_button(self, lambda: self.go(-1))
        self.following = make_button(self, self._on_following, "primary")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.before)
        foot.addWidget(self.following)
        self.head.addWidget(self._where)
        self.body.addWidget(self._stack, 1)
        self.body.addLayout(foot)

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("First steps")

    @property
    def number(self) -> int:
        """Which step is shown, from 0."""
        return self._stack.currentIndex()

    def enter(self, place: str = "") -> None:
        """Begin with what the step asks."""
        self._enter_step()

    def go(self, by: int) -> None:
        """Show the next step (1) or the one before (-1)."""
        self._stack.setCurrentIndex(min(max(self.number + by, 0), len(self.steps) - 1))
        self.say_state()
        self._enter_step()
        self.step_changed.emit(self.number)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        for step in self.steps:
            step.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.skip.setText(self.tr("Skip"))
        self.before.setText(self.tr("Back"))
        for step, area in zip(self.steps, self._areas, strict=True):
            area.setAccessibleName(step.title)
        self.say_state()

    def say_state(self) -> None:
        """Say which step it is and what comes next."""
        is_last = self.number == len(self.steps) - 1
        where = self.tr("Step {number} of {count}").format(number=self.number + 1, count=len(self.steps))
        self._where.setText(where)
        self.before.setVisible(self.number > 0)
        self.skip.setVisible(not is_last)
        if not is_last:
            self.following.setText(self.tr("Next"))
        elif self.model.has_model:
            self.following.setText(self.tr("Start chatting"))
        else:
            self.following.setText(self.tr("To the chat"))
        kind = "plain" if is_last and not self.model.has_model else "primary"
        if self.following.property("kind") != kind:
            self.following.setProperty("kind", kind)
            self.following.style().polish(self.following)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button with the focus, else goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            (focused if isinstance(focused, QPushButton) else self.following).click()
        else:
            super().keyPressEvent(event)

    def _enter_step(self) -> None:
        if not self.steps[self.number].enter():
            self.following.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        """Scroll to where the focus is; after the step has been laid out."""
        focused, area = self.focusWidget(), self._areas[self.number]
        if focused is not None and self.steps[self.number].isAncestorOf(focused):
            area.ensureWidgetVisible(focused)

    def _on_following(self) -> None:
        if self.number == len(self.steps) - 1:
            self.closed.emit()
        else:
            self.go(1)


def _scrolled(step: Step) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(step)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
