"""What was found out about the data: how much there is, what was noticed, how the model sees it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.forms import CheckBox, Fold, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.preview_part import PreviewPart
from teahouse_training.panel.values import Looked, Remark
from teahouse_training.panel.words import _, count

MOST_REMARKS = 50


class LookedPart(QWidget):
    """Words, remarks that fold, and the preview; each hidden where there is nothing to say.

    Signals:
        changed: Rows with a remark are to be left out, or not.
    """

    changed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.words, self.error = make_text(self), make_text(self, "danger")
        self.hint = make_text(self, "muted")
        self.leaves_out = CheckBox(self)
        self.leaves_out.setText(_("Leave out the rows with a remark where that is possible"))
        self.leaves_out.setChecked(True)
        self.leaves_out.clicked.connect(lambda _is_on: self.changed.emit())
        self.remarks = make_text(self)
        self.fold = Fold("", lambda _parent: self._remarks(), look, self)
        self.preview = PreviewPart(look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.words, self.error, self.hint, self.fold, self.preview):
            column.addWidget(part)
        self.show_looked(Looked())

    def show_looked(self, looked: Looked) -> None:
        """Show what was found out."""
        say(self.error, "")
        say(self.hint, "")
        say(self.words, _rows_in_words(looked))
        self._show_remarks(looked.remarks)
        self.preview.show_examples(looked.examples)

    def show_waiting(self) -> None:
        """Say that it is being looked at; what was found before is not told as new."""
        self.show_looked(Looked())
        say(self.words, _("The data is being read …"))

    def show_problem(self, text: str, hint: str) -> None:
        """Say why the data cannot be used."""
        self.show_looked(Looked())
        say(self.error, text)
        say(self.hint, hint)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.fold.set_look(look)
        self.preview.set_look(look)

    def _show_remarks(self, remarks: Sequence[Remark]) -> None:
        one, many = _("1 remark about the rows"), _("{count} remarks about the rows")
        title = one if len(remarks) == 1 else many.format(count=count(len(remarks)))
        self.fold.set_title(title)
        self.remarks.setText("\n".join(_remark_in_words(remark) for remark in remarks[:MOST_REMARKS]))
        self.fold.setVisible(bool(remarks))

    def _remarks(self) -> QWidget:
        body = QWidget(self.fold)
        column = QVBoxLayout(body)
        column.setContentsMargins(2, 0, 2, 4)
        column.addWidget(self.remarks)
        column.addWidget(self.leaves_out)
        return body


def _rows_in_words(looked: Looked) -> str:
    if not looked.rows:
        return ""
    text = _("{rows} examples to learn from, {held_out} set aside to test it; {learned} tokens are learned.")
    return text.format(
        rows=count(looked.rows), held_out=count(looked.held_out), learned=count(looked.learned)
    )


def _remark_in_words(remark: Remark) -> str:
    text = (
        _("Row {row}: {text}").format(row=count(remark.row), text=remark.text) if remark.row else remark.text
    )
    return f"{text} {_('It is left out.')}" if remark.is_left_out else text
