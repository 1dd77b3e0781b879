"""The recall test of a whole set of questions: how often the right passage is among the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse_desktop.forms import ChoiceBox
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents import phrases
from teahouse_documents.evaluation import Step, Trying
from teahouse_documents.panel import recall_words
from teahouse_documents.panel.rank_table import RankTable, Row

_ = Translator("teahouse_documents")

LENGTHS = (0, 128, 256, 384, 480)
"""Tokens of a passage that can be tried; 0: as the library has them."""
STEPS = 1000


class RecallSet(QWidget):
    """A button, what may be tried, how far it is, and tables.

    Signals:
        load_requested: A file is to be chosen.
        stop_requested: No more of it.
        chosen: (question) that a person wants to look at.
    """

    load_requested = Signal()
    stop_requested = Signal()
    chosen = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked: Sequence[Mapping[str, Any]] = ()
        self._missed: list[int] = []
        self._runs: list[Row] = []
        self.about = make_label("muted")
        self.about.setText(
            _(
                "A table (CSV) with the headings question, file and text is searched for in your documents: "
                "file ends the path of the right passage, text stands in it. A file in SQuAD's format is "
                "indexed for the test, with the model and the length of passages that you choose."
            )
        )
        self.load = make_button(self.load_requested.emit)
        self.load.setText(_("Load questions …"))
        self.embedder, self.length = self._choice(_("Embedding model")), self._choice(_("Passages"))
        for tokens in LENGTHS:
            words = _("About {count} tokens").format(count=tokens) if tokens else _("Usual passages")
            self.length.addItem(words, tokens)
        self.state, self.error = make_label("muted"), make_label("danger")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.stop = make_button(self.stop_requested.emit)
        self.stop.setText(_("Stop"))
        self.table = RankTable(_("How often the right passage is found"), look, self, is_always_marked=False)
        self.runs_title, self.missed_title = make_label("strong"), make_label("strong")
        self.runs = RankTable(_("Sets that were measured"), look, self, is_always_marked=False)
        missed = _("Questions whose passage is not the first")
        self.missed = RankTable(missed, look, self, is_always_marked=False)
        self.missed.chosen.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addWidget(FlowRow(self, left=(self.embedder, self.length), right=(self.load,)))
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addWidget(FlowRow(self, left=(self.stop,)))
        for part in (
            self.error, self.table, self.runs_title, self.runs, self.missed_title, self.missed
        ):  # fmt: skip
            column.addWidget(part)
            part.hide()
        for part in (self.state, self.bar, self.stop):
            part.hide()

    @property
    def trying(self) -> Trying:
        """What is chosen to be tried."""
        return Trying(str(self.embedder.currentData() or ""), int(self.length.currentData() or 0))

    def show_embedders(self, names: Sequence[str]) -> None:
        """Offer these, beside the one in force."""
        before = self.embedder.currentData()
        self.embedder.clear()
        self.embedder.addItem(_("Usual model"), "")
        for name in names:
            self.embedder.addItem(name, name)
        self.embedder.setCurrentIndex(max(0, self.embedder.findData(before)))
        self.embedder.setVisible(len(names) > 1)

    def show_step(self, step: Step | None, *, is_running: bool = True) -> None:
        """Say how far it is; None before anything is known."""
        words = step.text if step is not None else _("One moment …")
        self.state.setText(words if is_running else "")
        self.bar.setAccessibleName(words)
        self.bar.setValue(round(STEPS * step.done / step.total) if step is not None and step.total else 0)
        for part in (self.state, self.bar, self.stop):
            part.setVisible(is_running)
        for choice in (self.load, self.embedder, self.length):
            choice.setEnabled(not is_running)

    def show_error(self, words: str) -> None:
        """Say what went wrong; empty for nothing."""
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def show_measured(self, name: str, result: Mapping[str, Any]) -> None:
        """Show the table of a measured set, and keep it beside those before."""
        self._asked = result.get("asked") or ()
        methods: Mapping[str, Mapping[str, float]] = result["methods"]
        self.state.setText(_in_words(name, result))
        self.state.show()
        heads = [_("Recall in %"), "R@1", "R@5", "R@10", "MRR"]
        self.table.show_rows(heads, recall_words.measure_rows(methods))
        self.table.show()
        self._keep_run(name, result)
        last = list(methods)[-1] if methods else ""
        self._missed, rows = recall_words.missed_rows(self._asked, last)
        self.missed_title.setText(_("Not the first: {count}").format(count=f"{len(rows):,}"))
        self.missed.show_rows([_("Question"), _("Rank")], rows)
        for part in (self.missed_title, self.missed):
            part.setVisible(bool(rows))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for table in (self.table, self.runs, self.missed):
            table.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _choice(self, name: str) -> ChoiceBox:
        box = ChoiceBox(self)
        box.set_title(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(11)
        return box

    def _keep_run(self, name: str, result: Mapping[str, Any]) -> None:
        """With others beside it, a run says which choice was the better one."""
        tried = [name]
        if embedder := self.trying.embedder:
            tried.append(embedder)
        if self.trying.target:
            tried.append(str(self.trying.target))
        cells = tuple(recall_words.percent(result[key]) for key in recall_words.SHARES)
        self._runs.append(Row(phrases.in_a_row(tried), cells))
        self.runs.show_rows([_("Recall in %"), "R@1", "R@5", "R@10"], self._runs)
        self.runs_title.setText(_("Measured so far"))
        for part in (self.runs_title, self.runs):
            part.setVisible(len(self._runs) > 1)

    def _choose(self, row: int) -> None:
        self.chosen.emit(str(self._asked[self._missed[row]]["question"]))


def _in_words(name: str, result: Mapping[str, Any]) -> str:
    count = int(result["questions"])
    asked = _("1 question") if count == 1 else _("{count} questions").format(count=f"{count:,}")
    took = _("{seconds} s").format(seconds=f"{result['seconds']:,.0f}")
    return phrases.in_a_row((name, asked, phrases.passages_in_words(int(result["passages"])), took))
