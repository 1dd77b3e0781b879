"""The page “Compare”: one reply under two settings, with and without adapters, or by two models."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from teahouse.engine.sampling import Sampling
from teahouse.errors import AppError, SettingError
from teahouse.jobs import Cancel, JobEnded
from teahouse.language import sentences
from teahouse_desktop.forms import ChoiceBox
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.bars import ProbabilityBars
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.comparison import Comparison, Other, compare, look
from teahouse_sampling.panel.probabilities.page import AskingPage
from teahouse_sampling.panel.probabilities.parts import ColourRow, Split
from teahouse_sampling.panel.probabilities.reading import Reading
from teahouse_sampling.panel.probabilities.scrolled import HighEnough
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.chat.parameters import Parameters
    from teahouse.messages import Conversation
    from teahouse.models.adapter_choice import Fitted

PAUSE_MS = 90
"""A place that is only passed through is not explained."""


class ComparePage(AskingPage):
    """The same reply, judged twice."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(app, window, parent)
        self._reading: Reading | None = None
        self._comparison: Comparison | None = None
        look = window.look
        self.choice = ChoiceBox(self)
        self.choice.setAccessibleName(_("What to compare with"))
        self.choice.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(16)
        self.button = QPushButton(_("Compare"), self)
        self.button.setProperty("kind", "plain")
        self.result = QLabel(self)
        self.result.setWordWrap(True)
        self.colours = ColourRow(look, ("difference", "probability"), self)
        self.tokens = TokenView(look, self)
        self.tokens.set_about(_("Tokens that are compared"))
        self.tokens.set_colouring("difference")
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        self.bars = ProbabilityBars(look, self)
        self.split = Split(look, self.tokens, self._beside(), self)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._lay_out()
        self.button.clicked.connect(self.compare)
        self.colours.changed.connect(self.tokens.set_colouring)
        self.tokens.current_changed.connect(self._show_place)
        self.tokens.activated.connect(lambda _place: self.bars.setFocus())
        self.bars.left.connect(self.tokens.setFocus)
        self._show_nothing(_nothing())

    @property
    def comparison(self) -> Comparison | None:
        """What is shown; None for nothing."""
        return self._comparison

    def open_reply(self, message_id: str) -> None:
        """Compare another reply from now on; empty for none."""
        self.stop()
        if not message_id:
            self._show_nothing(_nothing())
            return
        self._show_nothing(_("Reading a reply …"))
        self._window.run(_read_choices(self._app, message_id), ended=self._on_read)

    def compare(self) -> None:
        """Compare with what is chosen."""
        reading, other = self._reading, self.choice.currentData()
        if reading is not None and other is not None:
            operation = compare(self._app, reading, other)
            # Two models take each other's place in memory: the person is asked before that too.
            self.with_model(other.model or reading.model, lambda: self.start(operation, self.show_it))

    def show_it(self, comparison: Comparison) -> None:
        """Show two sides."""
        self._comparison = comparison
        first = first_side(comparison)
        second = comparison.other.model or comparison.other.title
        self.about.setText(_("First: {first}. Second: {second}.").format(first=first, second=second))
        self.result.setText(sentences(*said(comparison)))
        self.bars.set_names(_("first"), _("second"))
        for part in (self.result, self.colours, self.split):
            part.show()
        self.tokens.show_tokens(comparison.tokens, current=0)
        self._show_place(self.tokens.current)

    def set_look(self) -> None:
        """Take another theme."""
        for part in (self.colours, self.tokens, self.bars, self.split):
            part.set_look(self._window.look)

    # --- inside -----------------------------------------------------------------------------------

    def _on_read(self, ended: JobEnded) -> None:
        if ended.error is not None:
            self._show_nothing(sentences(*in_words(ended.error)))
        elif ended.result is not None:
            reading, choices = ended.result
            self._reading = reading
            self.choice.clear()
            for other in choices:
                self.choice.addItem(other.title, other)
            self.about.setText(_("The reply of “{model}” is compared with:").format(model=reading.model))
            for part in (self.choice, self.button):
                part.show()

    def _show_place(self, place: int) -> None:
        shown = self._comparison
        if shown is None or not 0 <= place < len(shown.tokens):
            return
        token = shown.tokens[place]
        text = _("Token {place} of {total}: {text}")
        count = token_words.count
        said = [
            text.format(
                place=count(place + 1), total=count(len(shown.tokens)), text=token_words.quoted(token)
            )
        ]
        if token.difference is not None:
            difference = token_words.signed(token.difference)
            said.append(_("difference {number} nats").format(number=difference))
        known = shown.compared.tokens[place].divergence
        if known is not None:
            said.append(_("KL {number}").format(number=token_words.unbounded(known)))
        self.title.setText(" · ".join(said))
        self.bars.show_rows((), has_stages=True)
        self._pause.start()

    def _look(self) -> None:
        shown, place = self._comparison, self.tokens.current
        if shown is not None and place >= 0 and not self._window.is_busy:
            self._window.run(
                look(self._app, shown, place), ended=lambda ended: self._on_looked(shown, place, ended)
            )

    def _on_looked(self, shown: Comparison, place: int, ended: JobEnded) -> None:
        if shown is self._comparison and place == self.tokens.current and ended.result is not None:
            self.bars.show_rows(ended.result, has_stages=True, marks_taken=True)

    def _show_nothing(self, text: str) -> None:
        self._reading = self._comparison = None
        self.about.setText(text)
        for part in (self.choice, self.button, self.result, self.colours, self.split):
            part.hide()

    def _beside(self) -> QWidget:
        side = HighEnough(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 4, 8, 8)
        column.addWidget(self.title)
        hint = QLabel(_("Upper bar: first. Lower bar: second."), side)
        hint.setProperty("kind", "muted")
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addWidget(self.bars, 1)
        return side

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.about)
        column.addWidget(FlowRow(self, left=(self.choice, self.button)))
        for part in (self.waiting, self.result, self.colours):
            column.addWidget(part)
        column.addWidget(self.split, 1)
        column.addStretch(0)


def _nothing() -> str:
    return _("Open “Probabilities” on a reply to compare it.")


def first_side(shown: Comparison) -> str:
    """What the reply is compared from, in words."""
    if shown.other.model:
        return shown.sheet.reading.model
    if shown.other.adapters is None:
        return _("as it was drawn")
    if shown.sheet.scored.changes:
        return _("with its adapters, which were changed while it was written")
    return _("with its adapters") if shown.sheet.scored.adapters else _("the model itself")


def said(shown: Comparison) -> list[str]:
    """The figures of a comparison in sentences."""
    compared = shown.compared
    texts = [
        _("{which}: perplexity {number}.").format(which=which, number=token_words.unbounded(value, 2))
        for which, value in zip((_("First"), _("Second")), compared.perplexities, strict=True)
    ]
    if compared.unknown:
        text = _(
            "At {count} places the token is too unlikely in one of the two to be told; these do not count."
        )
        texts.append(text.format(count=token_words.count(compared.unknown)))
    text = _("KL of the second from the first: {number} nats a token.")
    if not compared.is_exact:
        text = _("KL of the second from the first: at least {number} nats a token.")
    if compared.infinite:
        count = token_words.count(compared.infinite)
        forbids = _(
            "At {count} places the second forbids what the first could have said: there KL is infinite."
        )
        texts.append(forbids.format(count=count))
        text = _("Elsewhere it is {number} nats a token.")
        if not compared.is_exact:
            text = _("Elsewhere it is at least {number} nats a token.")
    texts.append(text.format(number=token_words.number(compared.divergence, 4)))
    return texts


def _read_choices(app: App, message_id: str) -> Operation:
    """(reading, what it can be compared with) of a reply."""

    def work(cancel: Cancel) -> Generator[Any, None, tuple[Reading, list[Other]]]:
        yield from ()
        reading = works.reading_of(app, message_id)
        conversation = app.store.conversation(reading.conversation_id)
        models = [model.name for model in app.models.list() if not model.problem]
        others = [
            Other(_("Model: {name}").format(name=name), model=name)
            for name in models
            if name != reading.model
        ]
        return reading, [*adapted(app, reading, conversation), *_chains(app, reading, conversation), *others]

    return Operation(_("Reading a reply"), work)


def adapted(app: App, reading: Reading, conversation: Conversation) -> list[Other]:
    """The model itself, for a reply with adapters; the choice in force; and each adapter that fits."""
    from teahouse.models.adapter_choice import adapters_of, format_choice

    sent = reading.sent
    own = () if sent is None else None if sent.changes else sent.adapters  # None: more than one set
    found = [Other(_("The model itself, without adapters"), adapters=())] if own != () else []
    with suppress(AppError):
        now = adapters_of(app, conversation, reading.model)
        if now and tuple((one.sha256, one.scale) for one in now) != own:
            title = _("Adapters now: {names}")
            names = format_choice([(one.name, one.scale) for one in now])
            found.append(Other(title.format(names=names), adapters=_paths(now)))
    with suppress(AppError):
        header = app.models.find(reading.model).header
        for one in app.adapters.list() if header is not None else ():
            if not one.fits(header) and own != ((one.sha256, 1.0),):
                title = _("Adapter: {name}").format(name=one.name)
                found.append(Other(title, adapters=((str(one.path), 1.0),)))
    return found


def _paths(adapters: Sequence[Fitted]) -> tuple[tuple[str, float], ...]:
    return tuple((one.path, one.scale) for one in adapters)


def _chains(app: App, reading: Reading, conversation: Conversation) -> list[Other]:
    """The values in force, and those of every preset; of what no reply can be made with there is none."""
    from teahouse.chat.parameters import Parameters, parameters_of
    from teahouse_sampling.settings import field_of, to_field
    from teahouse_sampling.values import preset_values, presets_of

    presets, found = presets_of(app), list[Other]()
    with suppress(SettingError):
        now = parameters_of(app, conversation, reading.model)
        found.append(Other(_("The values in force now"), sampling=_sampling(app, now, reading.model)))
    for preset in presets.list():
        values = preset_values(app, preset.name, reading.model, presets)
        title = _("Preset: {name}").format(name=preset.title)
        with suppress(SettingError):
            made = Parameters().with_values({field_of(k): to_field(k, v) for k, v in values.items()})
            if values:
                found.append(Other(title, sampling=_sampling(app, made, reading.model)))
    return found


def _sampling(app: App, parameters: Parameters, model: str) -> Sampling:
    """With the biases of texts, where the model is in memory to tell their tokens."""
    from teahouse.chat.answer import with_biases

    engine = app.engines.get(model)
    return with_biases(engine, parameters.sampling, parameters.biases) if engine else parameters.sampling
