"""The page “Reply”: a reply, or a pasted text, with what the model thinks of each token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.token import figures
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.questions import ask_consent, ask_text
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.parts import ColourRow, FigureRow, Split, Waiting
from teahouse_sampling.panel.probabilities.place_view import PlaceView
from teahouse_sampling.panel.probabilities.places import Places
from teahouse_sampling.panel.probabilities.reading import Reading, Sheet
from teahouse_sampling.panel.probabilities.sampling_words import sampling_in_words
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App


class ReplyPage(QWidget):
    """What the model could have said at each token of a reply."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._window = app, window
        self._reading: Reading | None = None
        self._sheet: Sheet | None = None
        self._job: Job | None = None
        self._asked: Operation | None = None
        look = window.look
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.paste = QToolButton(self)
        self.paste.setAccessibleName(_("A text of one's own …"))
        self.paste.setToolTip(_("A text of one's own …"))
        self.again = _plain(_("Score it"), self)
        self.waiting = Waiting(self)
        self.tokens = TokenView(look, self)
        self.tokens.set_about(_("Tokens of the reply"))
        self.figures = FigureRow(self.tokens, look, self)
        self.colours = ColourRow(look, ("probability", "entropy"), self)
        self.place = PlaceView(look, self)
        self.split = Split(look, self.tokens, self.place, self)
        self.places = Places(app, window, self.tokens, self.place)
        self._lay_out()
        self._connect()
        self._show_icon()
        self.show_nothing(_nothing())

    # --- what is shown ------------------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet | None:
        """What is shown; None where nothing has been scored."""
        return self._sheet

    def open_reply(self, message_id: str) -> None:
        """Show a stored reply; empty for none, a text of the person's stays."""
        if not message_id:
            if self._reading is None or self._reading.kind == "reply":
                self.show_nothing(_nothing())
            return
        self._forget()
        self.about.setText(_("Reading a reply …"))
        self._read(works.read_reply(self._app, message_id))

    def open_text(self, text: str) -> None:
        """Show a text of the person's."""
        if not text.strip():
            return
        self._forget()
        model, conversation = self._window.model, self._window.conversation
        if not model:
            self.show_nothing(_("There is no model that could score it."))
            return
        self._read(works.read_text(self._app, text, model=model, conversation=conversation))

    def show_nothing(self, text: str) -> None:
        """Nothing is shown; say why."""
        self._forget()
        self.about.setText(text)

    def set_look(self) -> None:
        """Take another theme."""
        look = self._window.look
        self._show_icon()
        for part in (self.tokens, self.colours, self.figures, self.place, self.split):
            part.set_look(look)

    # --- scoring ------------------------------------------------------------------------------------

    def score(self) -> None:
        """Score what is open: at once where its model is in memory, else after a yes."""
        reading = self._reading
        if reading is None or self._job is not None:
            return
        if self._window.is_busy:
            self._show_wait()
        elif self._app.engines.get(reading.model) is not None:
            self._start(reading)
        else:
            self.again.setText(_("Load the model and score it …"))
            self.again.show()
            self.about.setText(
                _("{what} Its model “{model}” is not in memory.").format(
                    what=self._title(reading), model=reading.model
                )
            )

    def ask_to_load(self) -> None:
        """What the button does: score, and ask before a model is loaded for it."""
        reading = self._reading
        if reading is None or self._window.is_busy:
            return
        if self._app.engines.get(reading.model) is not None:
            self._start(reading)
            return
        text = _("Load “{model}” to score this text?").format(model=reading.model)
        hint = _("Another model that is in memory makes room for it.")
        ask_consent(
            self._window.widget, text, hint, verb=_("Load and score"), done=lambda: self._start(reading)
        )

    def stop(self) -> None:
        """Stop scoring; the person can begin again."""
        if self._job is not None:
            job, self._job = self._job, None
            self._window.stop(job)
            self._offer_again()

    def on_busy(self) -> None:
        """A reply begins or has ended: the engine belongs to it first."""
        if self._window.is_busy:
            self.stop()
            if self._reading is not None and self._sheet is None:
                self._show_wait()
        elif self._reading is not None and self._sheet is None and self.isVisible():
            self.score()
        self.places.show_choice()

    # --- events -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What waited to be looked at is scored."""
        super().showEvent(event)
        if self._sheet is None:
            self.score()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the engine is free for replies."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.stop()

    # --- inside -----------------------------------------------------------------------------------

    def _start(self, reading: Reading) -> None:
        self.again.hide()
        self.about.setText(self._title(reading))
        self.waiting.show_step(_("Scoring …"))

        def progressed(step: object) -> None:
            if job is self._job:
                self.waiting.show_progress(step)

        def ended(end: JobEnded) -> None:
            if job is self._job:  # else another text is open, or it was stopped
                self._job = None
                self._on_scored(end)

        score = works.score(self._app, reading)
        job = self._job = self._window.run(score, progressed=progressed, ended=ended)

    def _read(self, operation: Operation) -> None:
        self._asked = operation

        def ended(end: JobEnded) -> None:
            if operation is self._asked:
                self._asked = None
                self._on_read(end)

        self._window.run(operation, ended=ended)

    def _on_read(self, ended: JobEnded) -> None:
        if ended.error is not None:
            self.show_nothing(sentences(*in_words(ended.error)))
        elif ended.result is not None:
            self._reading = ended.result
            self.about.setText(self._title(ended.result))
            if self.isVisible():
                self.score()

    def _on_scored(self, ended: JobEnded) -> None:
        self.waiting.hide()
        if ended.error is None and ended.result is not None and not ended.is_cancelled:
            self._show_scored(ended.result)
            return
        if self._window.is_busy:
            self._show_wait()
            return
        if ended.error is not None and not ended.is_cancelled:
            self.about.setText(sentences(*in_words(ended.error)))
        self._offer_again()

    def _offer_again(self) -> None:
        self.waiting.hide()
        self.again.setText(_("Score it"))
        self.again.setVisible(self._reading is not None)

    def _show_scored(self, sheet: Sheet) -> None:
        self._sheet, self._reading = sheet, sheet.reading
        self.places.open(sheet)
        self.about.setText(self._title(sheet.reading))
        self.again.hide()
        for part in (self.split, self.colours):
            part.show()
        self.figures.show_figures(figures(sheet.tokens))
        begins = sheet.reading.branched_at or 0
        self.tokens.show_tokens(sheet.tokens, current=begins)
        self.places.show(begins)

    def _title(self, reading: Reading) -> str:
        rules = sampling_in_words(reading.sampling) if reading.sampling else _("not known any more")
        if reading.kind == "text":
            text = _(
                "Your text, scored by “{model}”. The chain that is shown is the one in force now: {rules}."
            )
        else:
            text = _("Reply of “{model}” from its stored tokens, with the chain it was drawn by: {rules}.")
        said = text.format(model=reading.model, rules=rules)
        if reading.branched_at is not None:
            place = token_words.count(reading.branched_at + 1)
            said = sentences(said, _("It was begun again at token {place}.").format(place=place))
        return said

    def _show_wait(self) -> None:
        self.waiting.hide()
        self.again.hide()
        self.about.setText(_("A reply is being written. It is scored when that has ended."))

    def _forget(self) -> None:
        self.stop()
        self._reading = self._sheet = self._asked = None
        self.places.open(None)
        for part in (self.split, self.colours, self.again, self.waiting):
            part.hide()
        self.figures.show_figures(None)
        self.tokens.show_tokens(())

    def _ask_text(self) -> None:
        ask_text(
            self._window.widget,
            _("A text of one's own"),
            _("The text to score with “{model}”:").format(model=self._window.model),
            text="",
            done=self.open_text,
        )

    def _show_icon(self) -> None:
        look = self._window.look
        self.paste.setIcon(make_icon("clipboard-paste", look.colour("text")))
        self.paste.setIconSize(look.square(16))

    def _connect(self) -> None:
        self.paste.clicked.connect(self._ask_text)
        self.again.clicked.connect(self.ask_to_load)
        self.waiting.stopped.connect(self.stop)
        self.colours.changed.connect(self.tokens.set_colouring)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.about, 1)
        head.addWidget(self.paste, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(FlowRow(self, left=(self.again,)))
        for part in (self.waiting, self.figures, self.colours):
            column.addWidget(part)
        column.addWidget(self.split, 1)
        column.addStretch(0)


def _nothing() -> str:
    return _("Open “Probabilities” on a reply, or take a text of your own.")


def _plain(title: str, parent: QWidget) -> QPushButton:
    button = QPushButton(title, parent)
    button.setProperty("kind", "plain")
    return button
