"""The page on which a whole document is summarised: how far it is, each part, and the summary."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.forms.fold import Fold
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents.panel.summary_text import Section, SummaryText
from teahouse_documents.summary.steps import Made, Part, Step, told_of

_ = Translator("teahouse_documents")

STEPS = 1000


class SummaryPage(QScrollArea):
    """One summary at a time.

    Signals:
        left: Back to the documents.
        stop_requested: Write no more of it.
        again_requested: The same document once more.
    """

    left = Signal()
    stop_requested = Signal()
    again_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._written = ""
        self._noted: list[Section] = []
        self.back = make_button(self.left.emit)
        self.back.setText(_("Back"))
        self.back.setAccessibleName(_("Back to the documents"))
        self.title, self.state, self.error = make_label("strong"), make_label("muted"), make_label("danger")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.stop = make_button(self.stop_requested.emit)
        self.stop.setText(_("Stop"))
        self.again = make_button(self.again_requested.emit)
        self.again.setText(_("Summarise again"))
        self.copy = make_button(self._copy)
        self.copy.setText(_("Copy"))
        self.copy.setAccessibleName(_("Copy the summary"))
        self.text, self.facts = SummaryText(_("Summary"), look), make_label("muted")
        self.warning = make_label("muted")
        self.warning.setText(_("Written by the model from the document; it can be wrong."))
        self.parts = SummaryText(_("What was noted of each part"), look)
        self.parts.hide()  # until it is unfolded
        self.fold = Fold(_("What was noted of each part"), lambda _parent: self.parts, look, self)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        column.addWidget(FlowRow(self, left=(self.back, self.title)))
        for part in (self.state, self.bar):
            column.addWidget(part)
        column.addWidget(FlowRow(self, left=(self.stop, self.copy, self.again)))
        for part in (self.error, self.text, self.warning, self.facts, self.fold):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_begun("")

    def show_begun(self, name: str) -> None:
        """A document is begun."""
        self._written = ""
        self.title.setText(_("Summary of {name}").format(name=name))
        self._noted.clear()
        self.parts.show_sections(())
        self.text.show_sections(())
        self.bar.setValue(0)
        self._show_state(_("One moment …"), is_running=True)
        for part in (self.text, self.facts, self.warning, self.fold, self.error):
            part.hide()

    def show_step(self, step: Step) -> None:
        """Say how far it is, and show what has just been written."""
        if step.part:
            told = _("Part {number} of {total}").format(number=f"{step.done:,}", total=f"{step.total:,}")
            self._noted.append((told, step.part))
            self.parts.grow(self._noted)
            self.fold.show()
        if step.text:
            self._written += step.text
            self.text.grow([("", self._written.strip())])
            self.text.show()
        self.bar.setValue(round(STEPS * step.share))
        self._show_state(step.words, is_running=True)

    def show_made(self, made: Made) -> None:
        """Show the whole."""
        self._written = made.text
        self._show_state("", is_running=False)
        self.text.show_sections([("", made.text)])
        self.facts.setText(told_of(made.as_json()))
        self._noted = [_section(number, part) for number, part in enumerate(made.parts, 1) if part.summary]
        self.parts.show_sections(self._noted)
        self.fold.setVisible(bool(self._noted))
        for part in (self.text, self.facts, self.warning):
            part.show()

    def show_ended(self, error: str = "") -> None:
        """It was stopped, or failed; what was written stays."""
        self._show_state("" if error else _("Stopped. What was noted is kept here."), is_running=False)
        self.error.setText(error)
        self.error.setVisible(bool(error))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.fold.set_look(look)
        self.text.set_look(look)
        self.parts.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _show_state(self, words: str, *, is_running: bool) -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.bar.setAccessibleName(words)
        for part in (self.bar, self.stop):
            part.setVisible(is_running)
        self.again.setVisible(not is_running)
        self.copy.setVisible(not is_running and bool(self._written))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._written)


def _section(number: int, part: Part) -> Section:
    return part.place.words() or f"{number:,}", part.summary
