"""The page “Compare”: one reply under two settings, or by two models with the same vocabulary."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QVBoxLayout, QWidget

from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel, JobEnded
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.bars import ProbabilityBars
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.comparison import (
    Comparison,
    Side,
    compare_chains,
    compare_models,
    forbidden,
    mean,
)
from teahouse_sampling.panel.probabilities.page import AskingPage
from teahouse_sampling.panel.probabilities.parts import ColourRow, Split
from teahouse_sampling.panel.probabilities.reading import Reading
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App

NOW, PRESET, MODEL = "now", "preset", "model"


class ComparePage(AskingPage):
    """The same reply, judged twice."""

    def __init__(self, app: App, window: PanelWindow, parent: QWidget | None = None) -> None:
        super().__init__(app, window, parent)
        self._reading: Reading | None = None
        self._comparison: Comparison | None = None
        look = window.look
        self.choice = QComboBox(self)
        self.choice.setAccessibleName(_("What to compare with"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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
        self._lay_out()
        self.button.clicked.connect(self.compare)
        self.colours.changed.connect(self.tokens.set_colouring)
        self.tokens.current_changed.connect(self._show_place)
        self.tokens.activated.connect(lambda _place: self.bars.setFocus())
        self.bars.left.connect(self.tokens.setFocus)
        self._show_nothing(_("Open “Probabilities” on a reply to compare it."))

    @property
    def comparison(self) -> Comparison | None:
        """What is shown; None for nothing."""
        return self._comparison

    def open_reply(self, message_id: str) -> None:
        """Compare another reply from now on."""
        self.stop()
        self._show_nothing(_("Reading a reply …"))
        self._window.run(_read_choices(self._app, message_id), ended=self._on_read)

    def compare(self) -> None:
        """Compare with what is chosen."""
        reading, chosen = self._reading, self.choice.currentData()
        if reading is None or chosen is None:
            return
        kind, value = chosen
        if kind == MODEL:
            operation = compare_models(self._app, reading, value)
        else:
            operation = compare_chains(self._app, reading, title=self.choice.currentText(), other=value)
        # Two models take each other's place in memory: the person is asked before that too.
        self.with_model(
            value if kind == MODEL else reading.model, lambda: self.start(operation, self.show_it)
        )

    def show_it(self, comparison: Comparison) -> None:
        """Show two sides."""
        self._comparison = comparison
        first, second = comparison.first, comparison.second
        self.about.setText(
            _("First: {first}. Second: {second}.").format(first=first.title, second=second.title)
        )
        self.result.setText(" ".join(said(comparison)))
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
            self._show_nothing(" ".join(in_words(ended.error)))
        elif ended.result is not None:
            reading, choices = ended.result
            self._reading = reading
            self.choice.clear()
            for title, chosen in choices:
                self.choice.addItem(title, chosen)
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
        known = shown.divergences[place]
        if known is not None:
            said.append(_("KL {number}").format(number=token_words.unbounded(known)))
        self.title.setText(" · ".join(said))
        self.bars.show_rows(shown.rows_at(place), has_stages=True)

    def _show_nothing(self, text: str) -> None:
        self._reading = self._comparison = None
        self.about.setText(text)
        for part in (self.choice, self.button, self.result, self.colours, self.split):
            part.hide()

    def _beside(self) -> QWidget:
        side = QWidget(self)
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


def said(shown: Comparison) -> list[str]:
    """The figures of a comparison in sentences."""
    first, second = _("First"), _("Second")
    return [
        *_side(first, shown.first),
        *_side(second, shown.second),
        *_divergence(first, second, shown.divergences),
        *_divergence(second, first, shown.backward),
    ]


def _side(name: str, side: Side) -> list[str]:
    if side.perplexity is None:
        return []
    texts = [
        _("{which}: perplexity {number}.").format(which=name, number=token_words.number(side.perplexity))
    ]
    if side.cut:
        text = _("It would have cut {count} of these tokens, which are not counted.")
        texts.append(text.format(count=token_words.count(side.cut)))
    return texts


def _divergence(name: str, other: str, known: Sequence[float | None]) -> list[str]:
    value = mean(known)
    if value is None:
        return []
    arrow = _("KL({which} ‖ {other})").format(which=name, other=other)
    if math.isinf(value):
        text = _("{what} is infinite: at {count} places the latter forbids what the former could have said.")
        return [text.format(what=arrow, count=token_words.count(forbidden(known)))]
    text = _("{what}: at least {number} nats a token.")
    return [text.format(what=arrow, number=token_words.number(value, 4))]


def _read_choices(app: App, message_id: str) -> Operation:
    """(reading, choices) of a reply: (title, (kind, value)) each."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        yield from ()
        reading = works.reading_of(app, message_id)
        conversation = app.store.conversation(reading.conversation_id)
        return reading, [
            *_settings(app, reading, conversation),
            *(
                (_("Model: {name}").format(name=model.name), (MODEL, model.name))
                for model in app.models.list()
                if not model.problem and model.name != reading.model
            ),
        ]

    return Operation(_("Reading a reply"), work)


def _settings(app: App, reading: Reading, conversation: Any) -> list[tuple[str, tuple[str, Any]]]:
    from teahouse.chat.question import sampling_of
    from teahouse_sampling.values import presets_of

    found: list[tuple[str, tuple[str, Any]]] = [
        (_("the values in force now"), (NOW, sampling_of(app, conversation, reading.model)))
    ]
    for preset in presets_of(app).list():
        sampling = _of_preset(app, reading, preset.name)
        if sampling is not None:
            found.append((_("Preset: {name}").format(name=preset.title), (PRESET, sampling)))
    return found


def _of_preset(app: App, reading: Reading, name: str) -> Sampling | None:
    from teahouse_sampling.settings import field_of, to_field
    from teahouse_sampling.values import preset_values, presets_of

    values = preset_values(app, name, reading.model, presets_of(app))
    fields = {field_of(key): to_field(key, value) for key, value in values.items()}
    known = Sampling.from_json(fields)
    return known if fields else None
