"""The first page of the panel: what training is, and the trainings there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from teahouse.language import sentences
from teahouse_desktop.forms import FlowRow, make_text
from teahouse_desktop.language.dates import relative_date
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import breakable
from teahouse_desktop.widgets.cards import Card, CardList, make_button, make_name_label
from teahouse_training.panel.run_words import facts_in_words, state_in_words
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _, in_a_row
from teahouse_training.runs import Damaged

STEPS = 1000


class RunCard(Card):
    """One training.

    Signals:
        opened: (its name).
    """

    opened = Signal(str)

    def __init__(self, run: ShownRun, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.title, self.facts = make_name_label("strong"), make_name_label("muted")
        self.state = make_name_label()
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.run = run
        self.open = make_button(lambda: self.opened.emit(self.run.name))
        for part in (self.title, self.facts, self.state, self.bar):
            self.column.addWidget(part)
        self.column.addWidget(FlowRow(self, left=(self.open,)))
        self.entered.connect(lambda: self.opened.emit(self.run.name))
        self.show_run(run, now_ms=run.created_ms)

    def show_run(self, run: ShownRun, *, now_ms: int) -> None:
        """Show what is new of it."""
        self.run = run
        begun = relative_date(run.created_ms, now_ms=now_ms) if run.created_ms else ""
        self.title.setText(run.name)
        self.facts.setText(in_a_row((facts_in_words(run), begun)))
        failed = _("Failed: {text}").format(text=run.error)
        self.state.setText(failed if run.state == "failed" and run.error else state_in_words(run))
        self.bar.setVisible(run.state in ("running", "paused", "interrupted"))
        self.bar.setValue(round(STEPS * min(1.0, run.step / run.steps)) if run.steps else 0)
        self.bar.setAccessibleName(self.state.text())
        self.open.setText(_("Open"))
        self.open.setAccessibleName(_("Open {name}").format(name=run.name))
        self.setAccessibleName(run.name)
        self.setAccessibleDescription(in_a_row((self.facts.text(), self.state.text())))


class DamagedCard(Card):
    """A training that cannot be read: what is wrong, what is still there, what can be done.

    Signals:
        discard_requested: (its name).
    """

    discard_requested = Signal(str)

    def __init__(self, run: Damaged, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.run = run
        self.title, self.state = make_name_label("strong"), make_name_label("danger")
        self.hint = make_name_label("muted")
        self.open = make_button(self._open_folder)
        self.discard = make_button(lambda: self.discard_requested.emit(self.run.name))
        self.title.setText(run.name)
        self.state.setText(_("Damaged: {text}").format(text=breakable(run.text)))
        self.hint.setText(breakable(run.hint))
        self.open.setText(_("Open its folder"))
        self.open.setAccessibleName(_("Open the folder of {name}").format(name=run.name))
        self.discard.setText(_("Discard …"))
        self.discard.setAccessibleName(_("Discard {name}").format(name=run.name))
        for part in (self.title, self.state, self.hint):
            self.column.addWidget(part)
        self.column.addWidget(FlowRow(self, left=(self.open, self.discard)))
        self.entered.connect(self._open_folder)
        self.setAccessibleName(run.name)
        told = _("Damaged: {text}").format(text=run.text)
        self.setAccessibleDescription(sentences(told, run.hint))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.run.folder)))


class RunsPage(QWidget):
    """The list.

    Signals:
        new_requested: A new training is wanted.
        adapters_requested: The adapters are to be shown.
        opened: (name) of a training that is to be shown.
        discard_requested: (name) of a damaged one.
    """

    new_requested = Signal()
    adapters_requested = Signal()
    opened = Signal(str)
    discard_requested = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.about = make_text(
            self,
            "muted",
            _(
                "Training changes how a model answers, from examples that you give it: a way of speaking, or "
                "facts that it should know. It happens on this machine, the model's own file stays as it is, "
                "and what was learned can be turned up, down and off in each conversation."
            ),
        )
        self.new = QPushButton(_("Train a model …"), self)
        self.new.setProperty("kind", "primary")
        self.new.clicked.connect(self.new_requested)
        self.adapters = QPushButton(_("Adapters …"), self)
        self.adapters.setProperty("kind", "plain")
        self.adapters.clicked.connect(self.adapters_requested)
        self.list = CardList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(self.about)
        column.addWidget(FlowRow(self, left=(self.new, self.adapters)))
        column.addWidget(self.list, 1)

    def show_runs(self, runs: Sequence[ShownRun], damaged: Sequence[Damaged] = (), *, now_ms: int) -> None:
        """Show these, in the place of others; cards of those that stay are kept, with the focus."""
        known = {card.run.name: card for card in self.list.cards if isinstance(card, RunCard)}
        cards: list[Card] = []
        for run in runs:
            card = known.get(run.name)
            if card is None:
                card = RunCard(run, self._look, self.list)
                card.opened.connect(self.opened)
            card.show_run(run, now_ms=now_ms)
            cards.append(card)
        cards += self._damaged_cards(damaged)
        if cards != list(self.list.cards):
            self.list.set_cards(cards)
        self.about.setVisible(not cards)

    def _damaged_cards(self, damaged: Sequence[Damaged]) -> list[Card]:
        known = {card.run: card for card in self.list.cards if isinstance(card, DamagedCard)}
        cards: list[Card] = []
        for run in damaged:
            card = known.get(run)
            if card is None:
                card = DamagedCard(run, self._look, self.list)
                card.discard_requested.connect(self.discard_requested)
            cards.append(card)
        return cards

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)
