"""Biases of tokens: a text or a token's id, with a number; the ids of a text come from the loaded model."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from teahouse.engine.allowed import BIAS_LIMITS
from teahouse.errors import SettingError
from teahouse.setting import Value
from teahouse_desktop.forms import NumberField, Span, make_icon_button, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_sampling.forms import Bias, read_biases, write_biases
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.entries import Entry, refusal
from teahouse_sampling.panel.words import _

SPAN = Span(*BIAS_LIMITS, usual=(-10, 10), step=0.5)


class BiasEntry(Entry):
    """The list with a line for a new one.

    Signals:
        tokens_wanted: (texts whose tokens are to be told); see `show_tokens`.
    """

    tokens_wanted = Signal(object)

    def __init__(self, look: Look, parent: QWidget) -> None:
        whole = QWidget(parent)
        super().__init__(whole)
        self._look = look
        self._biases: tuple[Bias, ...] = ()
        self._tokens: dict[str, str] = {}
        self._lines: dict[int | str, _BiasLine] = {}
        self.text = QLineEdit(whole)
        self.text.setPlaceholderText(_("A text, or #123 for an id"))
        self.add = QPushButton(_("Add"), whole)
        self.add.setProperty("kind", "plain")
        self.add.setEnabled(False)
        self.told = make_text(whole, "muted")
        say(self.told, "")
        self.text.textChanged.connect(self._on_text)
        self.text.returnPressed.connect(self._add)
        self.add.clicked.connect(self._add)
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.add)
        self._column = QVBoxLayout(whole)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(row)
        self._column.addWidget(self.told)

    @property
    def first(self) -> QWidget:
        """The line in which one types."""
        return self.text

    @property
    def biases(self) -> tuple[Bias, ...]:
        """What is shown."""
        return self._biases

    def set_value(self, value: Value) -> None:
        """Show biases."""
        try:
            wanted = read_biases(shape.BIAS, str(value))
        except SettingError as error:
            self.refused.emit(error.text)
            return
        if wanted == self._biases and len(self._lines) == len(wanted):
            return
        self._biases = wanted
        for token in [one for one in self._lines if one not in dict(wanted)]:
            self._lines.pop(token).deleteLater()
        for token, bias in wanted:
            if token not in self._lines:
                line = self._lines[token] = _BiasLine(token, bias, self._look, self.widget)
                line.changed.connect(partial(self._change, token))
                line.removed.connect(partial(self._remove, token))
                line.refused.connect(self.refused)
                self._column.addWidget(line)
            self._lines[token].field.set_value(bias)
        self._show_ids()
        self._want_tokens()

    def ask_again(self) -> None:
        """Ask for the tokens of what is shown: somebody hears it now."""
        self._want_tokens()

    def show_tokens(self, tokens: dict[str, str]) -> None:
        """Say which tokens texts have: by text, in words; empty where no model tells them."""
        self._tokens |= tokens
        self._show_ids()

    def name(self, name: str, description: str) -> None:
        """Of the line in which one types."""
        self.text.setAccessibleName(name)
        self.text.setAccessibleDescription(description)

    def flush(self) -> None:
        """What was typed or slid counts now."""
        for line in list(self._lines.values()):
            line.field.flush()

    # --- inside -----------------------------------------------------------------------------------

    def _on_text(self, text: str) -> None:
        self.add.setEnabled(bool(text))
        self._show_ids()
        self._want_tokens()

    def _want_tokens(self) -> None:
        texts = [one for one, _bias in self._biases if isinstance(one, str)]
        if isinstance(typed := read_token(self.text.text()), str) and typed:
            texts.append(typed)
        unknown = [text for text in texts if not self._tokens.get(text)]
        if unknown:
            self.tokens_wanted.emit(unknown)

    def _show_ids(self) -> None:
        typed = self.text.text()
        say(self.told, self._tokens.get(typed, "") if typed else "")
        for token, line in self._lines.items():
            if isinstance(token, str):
                say(line.ids, self._tokens.get(token, ""))

    def _add(self) -> None:
        typed = self.text.text()
        if not typed:
            return
        token = read_token(typed)
        if token in dict(self._biases):
            self.refused.emit(_("Not kept: it stands there already."))
            return
        self.text.clear()
        self._emit((*self._biases, (token, 1.0)))

    def _change(self, token: int | str, bias: float) -> None:
        self._emit(tuple((one, bias if one == token else old) for one, old in self._biases))

    def _remove(self, token: int | str) -> None:
        self.text.setFocus()
        self._emit(tuple(pair for pair in self._biases if pair[0] != token))

    def _emit(self, biases: tuple[Bias, ...]) -> None:
        self.changed.emit(write_biases(biases))


class _BiasLine(QWidget):
    """One bias."""

    changed = Signal(object)
    removed = Signal()
    refused = Signal(str)

    def __init__(self, token: int | str, bias: float, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        words = f"#{token}" if isinstance(token, int) else _("“{text}”").format(text=token)
        self.label = QLabel(words, self)
        self.label.setMinimumWidth(1)
        self.field = NumberField(SPAN, bias, self)
        self.field.name(_("Bias of {token}").format(token=words))
        self.remove = make_icon_button(self, "x", _("Remove {token}").format(token=words), look)
        self.ids = make_text(self, "muted")
        say(self.ids, "")
        self.field.changed.connect(self.changed)
        self.field.refused.connect(lambda typed: self.refused.emit(refusal(SPAN)))
        self.remove.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.addWidget(self.label, 1)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.ids)
        column.addWidget(self.field)


def read_token(typed: str) -> int | str:
    """The id that is typed behind a #, or a text."""
    number = typed[1:]
    is_id = typed.startswith("#") and number.isdecimal() and number.isascii()
    return int(number) if is_id else typed
