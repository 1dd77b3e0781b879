"""With what a value is changed: a number, a choice, a list of texts, a seed, or a text in a formal language.

Every entry has a `widget`, takes and gives values as the settings have them, and refuses what cannot be.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.errors import SettingError
from teahouse.setting import Setting, Value
from teahouse_desktop.forms import CheckBox, ChoiceBox, LinesField, MarkedText, NumberField, Span
from teahouse_desktop.looks.look import Look
from teahouse_sampling.forms import read_texts, write_texts
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.words import _
from teahouse_sampling.settings import SEED_CHOSEN


class Entry(QObject):
    """What all entries have in common.

    Signals:
        changed: (value) that the person wants.
        refused: (words): what was typed cannot be.
    """

    changed = Signal(object)
    refused = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget

    def set_value(self, value: Value) -> None:
        """Show a value; what is being typed stays."""
        raise NotImplementedError

    @property
    def first(self) -> QWidget:
        """What gets the focus."""
        return self.widget

    def name(self, name: str, description: str) -> None:
        """What a screen reader says of it."""
        self.widget.setAccessibleName(name)
        self.widget.setAccessibleDescription(description)

    def mark_place(self, line: int, column: int) -> None:
        """Mark where a mistake is; zeros mark nothing."""

    def flush(self) -> None:
        """What was typed counts now."""

    def set_look(self, look: Look) -> None:
        """Take another theme."""


class NumberEntry(Entry):
    """A number with a slider."""

    def __init__(self, span: Span, value: float, parent: QWidget, *, kind: type[Value] = float) -> None:
        self.field = NumberField(span, value, parent)
        super().__init__(self.field)
        self.field.changed.connect(lambda number: self.changed.emit(kind(number)))
        self.field.refused.connect(lambda typed: self.refused.emit(refusal(span)))

    def set_value(self, value: Value) -> None:
        """Show a number."""
        self.field.set_value(float(value))

    @property
    def first(self) -> QWidget:
        """The line."""
        return self.field.spin

    def name(self, name: str, description: str) -> None:
        """Of the line and of the slider."""
        self.field.name(name, description)

    def flush(self) -> None:
        """What was typed or slid counts now."""
        self.field.flush()


class ChoiceEntry(Entry):
    """One of some values with words."""

    def __init__(self, choices: list[tuple[Value, str]], parent: QWidget) -> None:
        self.box = ChoiceBox(parent)
        super().__init__(self.box)
        for value, words in choices:
            self.box.addItem(words, value)
        self.box.activated.connect(lambda _place: self.changed.emit(self.box.currentData()))

    def set_value(self, value: Value) -> None:
        """Show a choice."""
        self.box.setCurrentIndex(max(0, self.box.findData(value)))


class TextsEntry(Entry):
    """A list of texts, one on each line."""

    def __init__(self, key: str, parent: QWidget) -> None:
        self.field = LinesField((), parent)
        super().__init__(self.field)
        self._key = key
        self.field.changed.connect(lambda texts: self.changed.emit(write_texts(texts)))

    def set_value(self, value: Value) -> None:
        """Show the texts; what cannot be read is shown as it stands, so that it can be mended."""
        try:
            self.field.set_texts(read_texts(self._key, str(value)))
        except SettingError:
            self.field.set_texts((str(value),))

    def flush(self) -> None:
        """What was typed counts now."""
        self.field.flush()


class FormalEntry(Entry):
    """A grammar or a schema; the place of a mistake is marked."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        self.field = MarkedText(look, parent)
        super().__init__(self.field)
        self.field.changed.connect(lambda text: self.changed.emit(text))

    def set_value(self, value: Value) -> None:
        """Show a text, unless another one was refused and stands there to be mended."""
        if not self.field.mark[0]:
            self.field.set_text(str(value))

    def mark_place(self, line: int, column: int) -> None:
        """Mark where it goes wrong."""
        self.field.mark_place(line, column)

    def flush(self) -> None:
        """What was typed counts now."""
        self.field.flush()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.field.set_look(look)


class SeedEntry(Entry):
    """Another seed for each reply, or always the same one."""

    def __init__(self, greatest: int, parent: QWidget) -> None:
        whole = QWidget(parent)
        super().__init__(whole)
        self.check = CheckBox(whole)
        self.check.setText(_("A new one for each reply"))
        self.number = NumberField(Span(0, greatest, is_whole=True, step=1.0), 0, whole)
        self.number.slider.hide()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.check)
        column.addWidget(self.number)
        span = self.number.span
        self.check.clicked.connect(self._on_clicked)
        self.number.changed.connect(lambda number: self.changed.emit(int(number)))
        self.number.refused.connect(lambda typed: self.refused.emit(refusal(span)))

    def set_value(self, value: Value) -> None:
        """Show a seed, or that there is none."""
        self.check.setChecked(value == SEED_CHOSEN)
        self.number.setVisible(value != SEED_CHOSEN)
        if value != SEED_CHOSEN:
            self.number.set_value(float(value))

    @property
    def first(self) -> QWidget:
        """The switch."""
        return self.check

    def name(self, name: str, description: str) -> None:
        """Of both parts."""
        self.check.setAccessibleName(f"{name}: {self.check.text()}")
        self.check.setAccessibleDescription(description)
        self.number.name(name, description)

    def flush(self) -> None:
        """What was typed counts now."""
        self.number.flush()

    def _on_clicked(self, is_checked: bool) -> None:
        self.changed.emit(SEED_CHOSEN if is_checked else int(self.number.value))


def refusal(span: Span) -> str:
    """Why a number is not taken, with what is."""
    text = _("Not kept. It takes a whole number, {range}.") if span.is_whole else None
    return (text or _("Not kept. It takes a number, {range}.")).format(range=span.range_text())


def make_entry(setting: Setting, look: Look, parent: QWidget) -> Entry:
    """The entry of a setting."""
    if setting.key == shape.SEED:
        return SeedEntry(int(setting.limits[1]), parent)
    if setting.key == "sampling.mirostat":
        return ChoiceEntry([(0, _("off")), (1, _("version 1")), (2, _("version 2"))], parent)
    if setting.type in (int, float):
        value = float(setting.default or 0)
        return NumberEntry(shape.span_of(setting), value, parent, kind=setting.type)
    if setting.key in (shape.GRAMMAR, shape.SCHEMA):
        return FormalEntry(look, parent)
    if setting.key == shape.BIAS:
        from teahouse_sampling.panel.bias_entry import BiasEntry

        return BiasEntry(look, parent)
    return TextsEntry(setting.key, parent)
