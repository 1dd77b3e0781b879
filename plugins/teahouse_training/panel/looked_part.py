"""What was found out about the data: how much there is, what was noticed, how the model sees it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse_desktop.forms import Fold, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_training.data.rows import Issue
from teahouse_training.panel.preview_part import PreviewPart
from teahouse_training.panel.values import Looked
from teahouse_training.panel.words import _, count

MOST_REMARKS = 50


class LookedPart(QWidget):
    """Words, remarks that fold, and the preview; each hidden where there is nothing to say."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.words, self.error = make_text(self), make_text(self, "danger")
        self.hint = make_text(self, "muted")
        self.remarks = make_text(self)
        self.remarks.hide()
        self.fold = Fold("", lambda _parent: self.remarks, look, self)
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
        self._show_issues(looked.issues)
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

    def _show_issues(self, issues: Sequence[Issue]) -> None:
        one, many = _("1 remark about the rows"), _("{count} remarks about the rows")
        self.fold.set_title(one if len(issues) == 1 else many.format(count=count(len(issues))))
        left_out = sum(issue.is_left_out for issue in issues)
        text = _("{count} left out").format(count=count(left_out)) if left_out else ""
        self.fold.set_summary(text)
        more = len(issues) - MOST_REMARKS
        rest = [_("… and {count} more.").format(count=count(more))] if more > 0 else []
        self.remarks.setText("\n".join([*(issue.text for issue in issues[:MOST_REMARKS]), *rest]))
        self.fold.setVisible(bool(issues))


def _rows_in_words(looked: Looked) -> str:
    if not looked.rows:
        return ""
    whole = _("{rows} examples to learn from; {learned} tokens are learned. None is set aside to test it.")
    parted = _(
        "{rows} examples to learn from, {held_out} set aside to test it; {learned} tokens are learned."
    )
    text = parted if looked.held_out else whole
    return text.format(
        rows=count(looked.rows), held_out=count(looked.held_out), learned=count(looked.learned)
    )
