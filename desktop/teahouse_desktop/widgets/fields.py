"""Fields of a form, one for each declared setting: a number, a choice, a switch or a text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QSpinBox, QWidget

from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.icons import DISABLED_OPACITY, paint_icon
from teahouse_desktop.models.fitting import CONTEXT, ModelSettings
from teahouse_desktop.widgets.check_box import CheckBox

ARROW = 14
TEXT_MARGIN = 5
LEAST_DIGITS = 8
SPECIAL = {"engine.threads": 0, "engine.gpu_layers": -1}
"""Numbers that stand for “chosen automatically”; they are the least ones allowed."""

NEEDS_CARD = ("engine.gpu_layers", "engine.main_device")


class Field(QObject):
    """A widget with the value it stands for.

    Signals:
        changed: The person has changed it.
    """

    changed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget

    @property
    def value(self) -> Value:
        """What it says now."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show a value."""
        raise NotImplementedError


class Number(Field):
    """An integer between limits."""

    def __init__(self, parent: QWidget, least: int, greatest: int, step: int = 1) -> None:
        self._spin = _Spin(parent)
        super().__init__(self._spin)
        self._spin.setRange(least, greatest)
        self._spin.setSingleStep(step)
        self._spin.setGroupSeparatorShown(True)
        self._spin.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self._spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._spin.valueChanged.connect(self.changed)

    def name_least(self, words: str) -> None:
        """Show words instead of the least number."""
        self._spin.setSpecialValueText(words)

    @property
    def value(self) -> int:
        """The number."""
        return self._spin.value()

    def set_value(self, value: Value) -> None:
        """Show a number."""
        self._spin.setValue(int(value))


class Choice(Field):
    """One of some words, each shown with a title."""

    def __init__(self, parent: QWidget, choices: Sequence[tuple[str, str]]) -> None:
        self._box = ChoiceBox(parent)
        super().__init__(self._box)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for word, title in choices:
            self._box.addItem(title, word)
        self._box.currentIndexChanged.connect(self.changed)

    @property
    def value(self) -> str:
        """The word."""
        return str(self._box.currentData())

    def set_value(self, value: Value) -> None:
        """Show a word; one that is no longer on offer is added, so that nothing is changed silently."""
        place = self._box.findData(value)
        if place < 0:
            self._box.addItem(str(value), value)
            place = self._box.count() - 1
        self._box.setCurrentIndex(place)


class Switch(Field):
    """Yes or no."""

    def __init__(self, parent: QWidget) -> None:
        self._check = CheckBox(parent)
        super().__init__(self._check)
        self._check.toggled.connect(self.changed)

    @property
    def value(self) -> bool:
        """Whether it is on."""
        return self._check.isChecked()

    def set_value(self, value: Value) -> None:
        """Show yes or no."""
        self._check.setChecked(bool(value))


class Fraction(Field):
    """A number with a fraction."""

    def __init__(self, parent: QWidget, least: float, greatest: float) -> None:
        self._spin = QDoubleSpinBox(parent)
        super().__init__(self._spin)
        self._spin.setRange(least, greatest)
        self._spin.setSingleStep(0.05)
        self._spin.valueChanged.connect(self.changed)

    @property
    def value(self) -> float:
        """The number."""
        return self._spin.value()

    def set_value(self, value: Value) -> None:
        """Show a number."""
        self._spin.setValue(float(value))


class Line(Field):
    """Any text."""

    def __init__(self, parent: QWidget) -> None:
        self._line = QLineEdit(parent)
        super().__init__(self._line)
        self._line.textEdited.connect(self.changed)

    @property
    def value(self) -> str:
        """The text."""
        return self._line.text()

    def set_value(self, value: Value) -> None:
        """Show a text."""
        self._line.setText(str(value))


def make_field(setting: Setting, settings: ModelSettings, parent: QWidget) -> Field:
    """The field of one setting of a model."""
    field = _make(setting, settings, parent)
    if setting.key in NEEDS_CARD and not settings.machine.cards:
        field.widget.setEnabled(False)
    return field


def _make(setting: Setting, settings: ModelSettings, parent: QWidget) -> Field:
    if setting.type is bool:
        return Switch(parent)
    if setting.type is int:
        return _number(setting, settings, parent)
    if setting.type is float:
        least, greatest = setting.limits or (-1e9, 1e9)
        return Fraction(parent, least, greatest)
    choices = _choices(setting, settings)
    return Choice(parent, choices) if choices else Line(parent)


def _number(setting: Setting, settings: ModelSettings, parent: QWidget) -> Number:
    least, greatest = setting.limits or (-(1 << 31), (1 << 31) - 1)
    header, step = settings.model.header, 1
    if setting.key == CONTEXT:
        step = 1024
        if header is not None and header.context_length:
            greatest = max(int(settings.values[CONTEXT]), min(greatest, header.context_length))
    number = Number(parent, least, greatest, step)
    if SPECIAL.get(setting.key) == least:
        number.name_least(translate("Fields", "chosen automatically"))
    return number


def _choices(setting: Setting, settings: ModelSettings) -> list[tuple[str, str]]:
    if setting.key == "engine.template":
        return [("", translate("Fields", "from the model's file")), *settings.formats]
    if setting.key == "engine.main_device":
        cards = [(card.name, f"{card.name} ({card.description})") for card in settings.machine.cards]
        return [("", translate("Fields", "chosen automatically")), *cards]
    titles = {
        "auto": translate("Fields", "chosen automatically"),
        "on": translate("Fields", "on"),
        "off": translate("Fields", "off"),
    }
    return [(word, titles.get(word, word)) for word in setting.limits]


class _Spin(QSpinBox):
    """Scrolling over the form does not change a number that has not the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Count only where the focus is."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class ChoiceBox(QComboBox):
    """The same for a choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label: QLabel | None = None

    def set_title(self, title: str) -> None:
        """Say what is chosen here, where no label shows it: on Linux screen readers ask a choice for one."""
        self.setAccessibleName(title)
        self.view().setAccessibleName(title)
        if self._label is None:  # beside it, since Qt looks there
            self._label = QLabel(self.parentWidget())
            self._label.setBuddy(self)
            self._label.hide()
        self._label.setText(title)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose only where the focus is."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def minimumSizeHint(self) -> QSize:
        """A few letters: in a narrow window the words of the choice get shorter."""
        whole = super().minimumSizeHint()
        least = self.fontMetrics().horizontalAdvance("0") * LEAST_DIGITS + ARROW + 24
        return QSize(min(whole.width(), least), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then an arrow: the style sheet leaves none."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRectF(self.width() - ARROW - 8, (self.height() - ARROW) / 2, ARROW, ARROW)
        painter.setOpacity(1.0 if self.isEnabled() else DISABLED_OPACITY)
        paint_icon(painter, "chevron-down", place, self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.end()
