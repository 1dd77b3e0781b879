"""The window in which a plugin is installed: what it is, that it runs with full rights, how it ends."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from teahouse.plugins.installing import Outcome, Plan
from teahouse_desktop.looks.look import Look
from teahouse_desktop.plugins.plugin_words import facts_of_plan, step_in_words
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.facts import Facts
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine

SIZE = (560, 430)


class InstallDialog(QDialog):
    """First it reads, then it asks, then it installs; each can be stopped.

    Signals:
        agreed: The person wants it installed.
        stop_requested: What runs is to stop.
        restart_requested: Teahouse is to be started again.
        closed: The window goes; nothing of what it showed is wanted any more.
    """

    agreed = Signal()
    stop_requested = Signal()
    restart_requested = Signal()
    closed = Signal()

    def __init__(self, name: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._is_busy = name, False
        self.plan: Plan | None = None
        self._heading, self._warning, self._outcome = make_label("title"), make_label("strong"), make_label()
        self._outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = Facts(self)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self._stop)
        self.install = make_button(self.agreed.emit, "primary")
        self.restart = make_button(self.restart_requested.emit, "primary")
        self.copy, self.close_button = make_button(self._copy), make_button(self.close)
        self._lay_out()
        self._say()
        self.resize(*(round(side * look.scale) for side in SIZE))

    def show_busy(self, step: object = None) -> None:
        """Something is being done."""
        self._is_busy = True
        words = step_in_words(step) if step is not None else self.tr("One moment …")
        self.progress.show_progress(words, 0.0)
        self._outcome.hide()
        self._say()

    def show_plan(self, plan: Plan) -> None:
        """Show what it is, and ask."""
        self._is_busy, self.plan = False, plan
        self._name = ", ".join(plan.wheel.plugins)
        self.progress.hide()
        self._fill()
        self._say()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)  # Return must not say yes by chance
        accessible.announce(self, self._warning.text())

    def show_outcome(self, outcome: Outcome) -> None:
        """It is installed."""
        names = ", ".join(outcome.plugins)
        text = self.tr("{name} {version} is installed.").format(name=names, version=outcome.version)
        if outcome.needs_restart:
            text += " " + self.tr("The earlier version runs until Teahouse is started again.")
        self._end(text, "")
        self.restart.setVisible(outcome.needs_restart)

    def show_failure(self, text: str) -> None:
        """It was not installed: say why."""
        self._end(text, "danger")

    def show_stopped(self) -> None:
        """The person stopped it."""
        self._end(self.tr("Stopped. Nothing was changed."), "")

    def reject(self) -> None:
        """Escape stops what runs, and else closes."""
        if self._is_busy:
            self._stop()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """The window goes; what runs ends with it."""
        if self._is_busy:
            self.stop_requested.emit()
        self.closed.emit()
        super().done(result)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
            self._say()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _stop(self) -> None:
        self.stop_requested.emit()

    def _end(self, text: str, kind: str) -> None:
        self._is_busy, self.plan = False, None
        self.progress.hide()
        self._outcome.setProperty("kind", kind)
        self._outcome.style().unpolish(self._outcome)
        self._outcome.style().polish(self._outcome)
        self._outcome.setText(text)
        self._outcome.show()
        self._say()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        accessible.announce(self, text)

    def _say(self) -> None:
        self.setWindowTitle(self.tr("Install a plugin"))
        self.setAccessibleName(self.windowTitle())
        plan = self.plan
        self._heading.setText(self._name)
        self._warning.setText(
            self.tr("This plugin runs with your full rights: it can do whatever you can do on this computer.")
        )
        self._warning.setVisible(plan is not None)
        self._facts.setVisible(bool(self._facts.lines))
        is_newer = plan is not None and bool(plan.version_before)
        self.install.setText(self.tr("Replace it") if is_newer else self.tr("Install"))
        self.install.setVisible(plan is not None and not self._is_busy)
        self.restart.setText(self.tr("Start Teahouse again"))
        if plan is not None or self._is_busy:
            self.restart.hide()
        self.copy.setText(self.tr("Copy all"))
        self.copy.setVisible(bool(self._facts.lines))
        self.close_button.setText(self.tr("Cancel") if plan is not None else self.tr("Close"))
        self.close_button.setVisible(not self._is_busy)

    def _fill(self) -> None:
        if self.plan is not None:
            self._facts.show_lines(facts_of_plan(self.plan))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(
            "\n".join([*self._facts.lines, self._outcome.text()]).rstrip() + "\n"
        )
        accessible.announce(self, self.tr("Copied."))

    def _lay_out(self) -> None:
        self._facts.setAccessibleName(self.tr("What it is"))
        self._outcome.hide()
        self.restart.hide()
        self.progress.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self._heading)
        column.addWidget(self._facts, 100)
        column.addStretch(1)
        for widget in (self._warning, self.progress, self._outcome):
            column.addWidget(widget)
        right = (self.restart, self.install, self.close_button)
        column.addWidget(FlowRow(self, left=(self.copy,), right=right))
