"""The page “Sent”: what the model was really given for a reply, as tokens and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from teahouse.jobs import JobEnded
from teahouse.language import sentences
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.token import text_of
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.page import AskingPage
from teahouse_sampling.panel.probabilities.reading import Reading
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App


class SentPage(AskingPage):
    """The prompt of a reply."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(app, window, parent)
        self._reading: Reading | None = None
        self.read = QPushButton(_("Read it with the model …"), self)
        self.read.setProperty("kind", "plain")
        self.tokens = TokenView(window.look, self)
        self.tokens.set_about(_("Tokens that were sent"))
        self.tokens.set_colouring("none")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Text that was sent"))
        self.text.setFont(window.look.mono)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.tokens)
        self.pages.addWidget(self.text)
        self._group = QButtonGroup(self)
        self.as_tokens, self.as_text = self._choice(_("As tokens"), 0), self._choice(_("As text"), 1)
        self.as_tokens.setChecked(True)
        self._lay_out()
        self.read.clicked.connect(self.ask)
        self._show(None, _nothing())

    def open_reply(self, message_id: str) -> None:
        """Show what was sent for a reply; empty for none."""
        self.stop()
        if not message_id:
            self._show(None, _nothing())
            return
        self._show(None, _("Reading a reply …"))
        self._window.run(works.read_reply(self._app, message_id), ended=self._on_read)

    def ask(self) -> None:
        """Read the tokens with the model that has their bytes; ask before it is loaded."""
        reading = self._reading
        if reading is not None:
            operation = works.read_sent(self._app, reading.message_id)
            self.with_model(reading.model, lambda: self.start(operation, self.show_sent))

    def show_sent(self, sent: works.CutText) -> None:
        """Show a prompt."""
        text = _("Sent to “{model}”: {count} tokens, {control} of them control tokens.")
        control = sum(token.is_control for token in sent.tokens)
        self.about.setText(
            text.format(
                model=sent.model,
                count=token_words.count(len(sent.tokens)),
                control=token_words.count(control),
            )
        )
        self.read.hide()
        self.tokens.show_tokens(sent.tokens, current=0)
        self.text.setPlainText(text_of(sent.tokens))
        for part in (self.pages, self.as_tokens, self.as_text):
            part.show()

    def on_busy(self) -> None:
        """A reply begins or has ended."""
        super().on_busy()
        if not self._window.is_busy and self._reading is not None and not self.tokens.tokens:
            self._begin()

    def set_look(self) -> None:
        """Take another theme."""
        self.tokens.set_look(self._window.look)
        self.text.setFont(self._window.look.mono)

    # --- inside -----------------------------------------------------------------------------------

    def _on_read(self, ended: JobEnded) -> None:
        if ended.error is not None:
            self._show(None, sentences(*in_words(ended.error)))
        elif ended.result is not None:
            count = token_words.count(len(ended.result.sent.prompt_ids))
            text = _("{count} tokens were sent to “{model}”.").format(count=count, model=ended.result.model)
            self._show(ended.result, text)
            self._begin()

    def _begin(self) -> None:
        """At once where the model is in memory; else a button asks."""
        reading = self._reading
        if reading is None or self.is_working or self._window.is_busy:
            return
        if self._app.engines.get(reading.model) is not None:
            self.ask()
        else:
            self.read.show()

    def _show(self, reading: Reading | None, text: str) -> None:
        self._reading = reading
        self.about.setText(text)
        self.tokens.show_tokens(())
        self.text.clear()
        for part in (self.pages, self.read, self.as_tokens, self.as_text):
            part.hide()

    def _choice(self, title: str, number: int) -> QPushButton:
        button = QPushButton(title, self)
        button.setProperty("kind", "plain")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.pages.setCurrentIndex(number))
        self._group.addButton(button)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.about)
        column.addWidget(FlowRow(self, left=(self.read, self.as_tokens, self.as_text)))
        column.addWidget(self.waiting)
        column.addWidget(self.pages, 1)
        column.addStretch(0)


def _nothing() -> str:
    return _("Open “Probabilities” on a reply to see what was sent for it.")
