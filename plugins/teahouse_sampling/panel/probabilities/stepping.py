"""The page “Step by step”: the model stops before each token, and the person chooses."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from teahouse.engine.steering import Steering
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse.language import sentences
from teahouse.messages import TokenStep
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.stages import Stage, read_stages
from teahouse_desktop.tokens.token import Token
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.parts import Split, Waiting
from teahouse_sampling.panel.probabilities.place_view import PlaceView
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_sampling.panel.probabilities.reading import Pieces


class StepPlace(PlaceView):
    """The place before which the model waits: every token may be taken."""

    def verb(self, token: Token) -> str:
        """What the button says."""
        return _("Take {token}").format(token=token_words.quoted(token))

    def may_choose_taken(self) -> bool:
        """The drawn token may be taken too."""
        return True


class StepPage(QWidget):
    """A reply that is made token by token."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app, self._window = app, window
        self._steering: Steering | None = None
        self._job: Job | None = None
        self._taken: list[Token] = []
        self._pieces: Pieces = {}
        self._vocabulary_of = ""
        self._asked = ("", "")
        self._reading: Job | None = None
        self._waits_for: TokenStep | None = None
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(_("A message; empty answers the last one again"))
        self.field.setAccessibleName(_("A message to answer step by step"))
        self.begin = _button(_("Answer step by step"), self, kind="primary")
        self.sample = _button(_("Let chance choose"), self)
        self.run = _button(_("Run to the end"), self)
        self.end = _button(_("Stop"), self)
        self.waiting = Waiting(self)
        self.tokens = TokenView(window.look, self)
        self.tokens.set_about(_("Tokens that were taken"))
        self.place = StepPlace(window.look, self)
        self.split = Split(window.look, self.tokens, self.place, self)
        self._lay_out()
        self._connect()
        self._show_state()

    # --- what people do -----------------------------------------------------------------------------

    @property
    def is_waiting(self) -> bool:
        """Whether the model waits for a choice."""
        return self._waits_for is not None

    def start(self) -> None:
        """Let the model answer what stands in the field, or the last message again, step by step."""
        text, last = self.field.text().strip(), self._last_reply()
        if self._window.is_busy or not self._window.conversation_id or not (text or last):
            return
        self._asked = (text, "" if text else last)
        model = self._window.model
        if self._vocabulary_of == model:
            self._ask()
            return
        self.waiting.show_step(_("Reading the vocabulary …"))
        self.begin.setEnabled(False)
        self._reading = self._window.run(
            works.read_vocabulary(self._app, model),
            progressed=self.waiting.show_progress,
            ended=lambda ended: self._on_vocabulary(model, ended),
        )

    def pick(self, token: int) -> None:
        """Take this token."""
        self._choose(lambda steering: steering.pick(token))

    def let_sample(self) -> None:
        """Take the token that the chain has drawn."""
        self._choose(lambda steering: steering.sample())

    def let_run(self) -> None:
        """Ask no more for this reply."""
        self._choose(lambda steering: steering.run())

    def stop(self) -> None:
        """End the reply; what was taken stays."""
        for job in (self._job, self._reading):
            if job is not None:
                self._window.stop(job)

    # --- for the panel --------------------------------------------------------------------------------

    def set_look(self) -> None:
        """Take another theme."""
        for part in (self.tokens, self.place, self.split):
            part.set_look(self._window.look)

    def on_busy(self) -> None:
        """A reply begins or has ended, or another conversation is open."""
        self._show_state()

    def open_reply(self, message_id: str) -> None:
        """Steps are for the next reply, whichever is looked at."""

    # --- inside -----------------------------------------------------------------------------------

    def _on_vocabulary(self, model: str, ended: JobEnded) -> None:
        self._reading = None
        self.waiting.hide()
        if ended.error is not None and not ended.is_cancelled:
            self.about.setText(sentences(*in_words(ended.error)))
        elif ended.result is not None:
            self._pieces, self._vocabulary_of = ended.result, model
            self._ask()
            return
        self.begin.setEnabled(True)

    def _ask(self) -> None:
        text, replaces = self._asked
        steering = Steering()
        self._taken, self._waits_for = [], None
        self.tokens.show_tokens(())
        self._job = self._window.ask(
            step_turn(self._app, self._window.conversation_id, steering, text=text, replaces=replaces),
            replaces=replaces,
            question=text,
            progressed=self._on_progress,
            ended=self._on_ended,
        )
        self._steering = steering if self._job is not None else None
        if self._job is not None:
            self.field.clear()
        self.place.show_nothing(_("Waiting for the model …"))
        self._show_state()

    def _choose(self, tell: Any) -> None:
        if self._steering is not None and self._waits_for is not None:
            self._waits_for = None
            self._show_state()
            tell(self._steering)

    def _on_progress(self, value: object) -> None:
        if not isinstance(value, TokenStep):
            return
        if value.token is None:
            self._waits_for = value
            self._show_waiting(read_stages(value.stages))
        else:
            data = _bytes_of(value.token, self._pieces, value.text)
            probability = _share_of(value)
            self._taken.append(Token(value.token, *data, logprob=probability, is_picked=value.is_picked))
            self.tokens.show_tokens(tuple(self._taken), current=len(self._taken) - 1)
        self._show_state()

    def _show_waiting(self, stages: tuple[Stage, ...]) -> None:
        title = _("Token {place}: what comes next?").format(place=token_words.count(len(self._taken) + 1))
        refused = self._waits_for is not None and self._waits_for.refused is not None
        facts = _("The grammar forbids that token here.") if refused else _("The model waits for you.")
        self.place.show_title(title, facts)
        self.place.show_stages(stages, self._pieces, taken=self._drawn())
        if not self.place.bars.hasFocus() and self.isVisible() and len(self._taken) == 0:
            self.place.focus_bars()

    def _drawn(self) -> int | None:
        return self._waits_for.drawn if self._waits_for is not None else None

    def _on_ended(self, ended: JobEnded) -> None:
        self._job = self._steering = self._waits_for = None
        if ended.error is not None:
            self.place.show_nothing(sentences(*in_words(ended.error)))
        else:
            self.place.show_nothing(_("The reply has ended. It is stored like every other."))
        self._show_state()

    def _last_reply(self) -> str:
        replies = [one.id for one in self._window.messages if one.role == "assistant"]
        return next(reversed(replies), "")

    def _show_state(self) -> None:
        is_on, can_choose = self._job is not None, self._waits_for is not None
        for part in (self.sample, self.run):
            part.setEnabled(can_choose)
        for button in (self.sample, self.run, self.end):
            button.setVisible(is_on)
        self.split.setVisible(is_on or bool(self._taken))
        self.field.setVisible(not is_on)
        self.begin.setVisible(not is_on)
        can_begin = bool(self._window.conversation_id) and not self._window.is_busy
        self.begin.setEnabled(can_begin)
        self.place.set_can_choose("" if can_choose else _("The model is not waiting."))
        self.about.setText(self._words(is_on=is_on))

    def _words(self, *, is_on: bool) -> str:
        if is_on:
            return _("Every token is yours to choose: mark one and press Return, or let chance choose.")
        if self._window.is_busy:
            return _("A reply is being written. Steps can begin when that has ended.")
        if not self._window.conversation_id:
            return _("Open a conversation first: the reply goes there.")
        return _("The model stops before each token and shows what it could say.")

    def _connect(self) -> None:
        self.begin.clicked.connect(self.start)
        self.field.returnPressed.connect(self.start)
        self.sample.clicked.connect(self.let_sample)
        self.run.clicked.connect(self.let_run)
        self.end.clicked.connect(self.stop)
        self.waiting.stopped.connect(self.stop)
        self.place.chosen.connect(self.pick)
        self.place.left.connect(self.tokens.setFocus)
        self.tokens.activated.connect(lambda _place: self.place.focus_bars())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.about)
        column.addWidget(self.field)
        column.addWidget(FlowRow(self, left=(self.begin, self.sample, self.run, self.end)))
        column.addWidget(self.waiting)
        column.addWidget(self.split, 1)
        column.addStretch(0)


def step_turn(
    app: App, conversation_id: str, steering: Steering, *, text: str = "", replaces: str = ""
) -> Operation:
    """A turn in which the person chooses each token.

    Args:
        text: A new message; empty answers again.
        replaces: The reply that is answered again.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.turn import ROOT, TurnRequest, take_turn

        if text:
            request = TurnRequest(conversation_id, text, steering=steering)
        else:
            parent_id = app.store.message(replaces).parent_id or ROOT
            request = TurnRequest(conversation_id, parent_id=parent_id, steering=steering)
        return (yield from take_turn(app, request)(cancel))

    return Operation(_("Answering step by step"), work, "model")


def _bytes_of(token: int, pieces: Pieces, text: str) -> tuple[bytes, bool]:
    return pieces.get(token, (text.encode(), False))


def _share_of(step: TokenStep) -> float | None:
    """Natural logarithm of the taken token's own probability, where it was told."""
    import math

    for stage in read_stages(step.stages)[:1]:
        if share := stage.shares.get(step.token or 0):
            return math.log(share)
    return None


def _button(title: str, parent: QWidget, *, kind: str = "plain") -> QPushButton:
    button = QPushButton(title, parent)
    button.setProperty("kind", kind)
    return button
