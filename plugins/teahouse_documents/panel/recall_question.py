"""The recall test of one question: its passages and their rank by each method."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from teahouse import Translator
from teahouse.passages import Passage
from teahouse_desktop.forms import ChoiceBox
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.cards import make_button, make_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_documents import phrases
from teahouse_documents.panel import recall_words
from teahouse_documents.panel.marked import plain_text
from teahouse_documents.panel.rank_table import RankTable
from teahouse_documents.panel.recall_words import Tested

_ = Translator("teahouse_documents")

MOST_WORDINGS = 4
SHOWN = 600


class RecallQuestion(QWidget):
    """A field, what may be chosen, and a table.

    Signals:
        asked: (question) is to be searched for.
        opened: (passage): its file is to be opened.
        wordings_chosen: (how many other wordings are searched from now on)
    """

    asked = Signal(str)
    opened = Signal(object)
    wordings_chosen = Signal(int)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tested: Tested | None = None
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(_("A question whose passage you know"))
        self.field.setAccessibleName(_("Question to test"))
        self.field.setClearButtonEnabled(True)
        for button in self.field.findChildren(QToolButton):
            button.setAccessibleName(_("Question to test"))
        self.field.returnPressed.connect(self._ask)
        self.ask = make_button(self._ask, "primary")
        self.ask.setText(_("Test"))
        self.collection = ChoiceBox(self)
        self.collection.set_title(_("Collection"))
        self.collection.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.collection.setMinimumContentsLength(9)
        self.wordings = ChoiceBox(self)
        for count in range(MOST_WORDINGS + 1):
            self.wordings.addItem(_wordings_in_words(count), count)
        self.wordings.set_title(_("Other wordings (RAG-Fusion)"))
        self.wordings.setToolTip(
            _(
                "RAG-Fusion: so many other wordings of the question, written by the model, are searched as "
                "well, here and for answers. It takes time, and helps with larger models only."
            )
        )
        self.wordings.currentIndexChanged.connect(self.wordings_chosen)
        self.state, self.error = make_label("muted"), make_label("danger")
        self.table = RankTable(_("Passages with their ranks"), look, self)
        self.table.currentItemChanged.connect(lambda: self._show_passage())
        self.table.chosen.connect(lambda _row: self._open())
        self.place, self.text, self.ranks = make_label("strong"), make_label(), make_label("muted")
        self.open = make_button(self._open)
        self.open.setText(_("Open"))
        self._detail = (self.place, self.text, self.ranks, self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(FlowRow(self, left=(self.collection, self.wordings), right=(self.ask,)))
        for part in (self.state, self.error, self.table, self.place, self.text, self.ranks):
            column.addWidget(part)
        column.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        for hidden in (self.state, self.error, self.table, *self._detail):
            hidden.hide()

    @property
    def names(self) -> list[str]:
        """Collections that are searched; empty for all."""
        chosen = self.collection.currentData()
        return [chosen] if chosen else []

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer these; the chosen one stays where it is still there."""
        before = self.collection.currentData()
        self.collection.clear()
        self.collection.addItem(_("All collections"), "")
        for name in names:
            self.collection.addItem(name, name)
        self.collection.setCurrentIndex(max(0, self.collection.findData(before)))
        self.collection.setVisible(len(names) > 1)

    def show_wordings(self, count: int) -> None:
        """Show how many are in force."""
        self.wordings.blockSignals(True)
        self.wordings.setCurrentIndex(count)
        self.wordings.blockSignals(False)

    def show_state(self, words: str, *, error: str = "") -> None:
        """Say what goes on, or what went wrong."""
        for label, text in ((self.state, words), (self.error, error)):
            label.setText(text)
            label.setVisible(bool(text))

    def show_tested(self, tested: Tested | None) -> None:
        """Show what came of a question; None for nothing."""
        self._tested = tested
        methods = recall_words.methods_of(tested) if tested else []
        rows = recall_words.rows_of(tested, methods) if tested else []
        self.table.setVisible(bool(rows))
        self.table.show_rows(recall_words.titles(methods), rows, tips=recall_words.tips(methods))
        if tested is not None:
            self.show_state(_in_words(tested))
        self._show_passage()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.table.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _ask(self) -> None:
        if words := self.field.text().strip():
            self.asked.emit(words)

    def _current(self) -> Passage | None:
        row = self.table.indexOfTopLevelItem(self.table.currentItem())
        hits = self._tested.hits if self._tested else ()
        return hits[row] if 0 <= row < len(hits) else None

    def _show_passage(self) -> None:
        hit = self._current()
        for part in self._detail:
            part.setVisible(hit is not None)
        if hit is None or self._tested is None:
            return
        text = plain_text(hit)
        self.place.setText(phrases.place_of(hit))
        self.text.setText(text if len(text) <= SHOWN else f"{text[:SHOWN]} …")
        self.ranks.setText(recall_words.told_of(hit, self._tested, recall_words.methods_of(self._tested)))
        self.open.setAccessibleName(_("Open {name}").format(name=phrases.title_of(hit)))

    def _open(self) -> None:
        if (hit := self._current()) is not None:
            self.opened.emit(hit)


def _wordings_in_words(count: int) -> str:
    if not count:
        return _("No other wordings")
    return _("1 other wording") if count == 1 else _("{count} other wordings").format(count=count)


def _in_words(tested: Tested) -> str:
    problem = str(tested.found.trace.get("problem") or "")
    if not tested.hits:
        none = _("Nothing was found. Try other words, or the words of the document itself.")
        return "\n".join(line for line in (none, problem) if line)
    took_ms = tested.found.trace.get("ms")
    took = _("{count} ms").format(count=round(took_ms)) if isinstance(took_ms, (int, float)) else ""
    lines = [phrases.in_a_row((phrases.passages_in_words(len(tested.hits)), took)), problem]
    lines += [_("Also searched: {words}").format(words=one) for one in tested.wordings]
    return "\n".join(line for line in lines if line)
