"""How one of two models is asked: its model, temperature, seed, reasoning and system prompt."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.beside.compare import Way
from teahouse_desktop.widgets.fields import TEXT_MARGIN, ChoiceBox

PROMPT_LINES = 3
GREATEST_SEED = 2**32 - 2
MOST_DIGITS = 20
REASONING = ("", "on", "off")


class WayForm(QFrame):
    """How one of the two is asked.

    Signals:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self, letter: str, models: Sequence[str], way: Way, told: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._letter, self._usual = letter, told
        self.heading = QLabel(letter, self)
        self.heading.setProperty("kind", "strong")
        self.model = ChoiceBox(self)
        self.model.addItems(list(dict.fromkeys([*models, *([way.model] if way.model else [])])))
        self.model.setCurrentText(way.model)
        self.model.setMinimumContentsLength(12)
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.temperature = QDoubleSpinBox(self)
        self.temperature.setRange(0.0, 5.0)
        self.temperature.setSingleStep(0.1)
        self.temperature.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self.temperature.setValue(way.temperature or 0.0)
        self.seed = QLineEdit("" if way.seed is None else str(way.seed), self)
        self.seed.setMaxLength(MOST_DIGITS)
        self.reasoning = ChoiceBox(self)
        self.reasoning.addItems([""] * len(REASONING))
        self.reasoning.setCurrentIndex(REASONING.index(way.reasoning) if way.reasoning in REASONING else 0)
        self.prompt = QPlainTextEdit(told if way.system_prompt is None else way.system_prompt, self)
        self.prompt.setTabChangesFocus(True)
        self.prompt.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.prompt.setMinimumHeight(self.prompt.fontMetrics().lineSpacing() * PROMPT_LINES + 16)
        self.labels = [QLabel(self) for _ in range(5)]
        self._lay_out()
        self._connect()
        self._name()

    @property
    def is_ready(self) -> bool:
        """Whether everything that is chosen can be used."""
        return bool(self.model.currentText()) and self.has_seed_or_none

    @property
    def has_seed_or_none(self) -> bool:
        """Whether what stands there can be a seed."""
        seed = self.seed.text().strip()
        return not seed or (seed.isascii() and seed.isdigit() and int(seed) <= GREATEST_SEED)

    @property
    def way(self) -> Way:
        """What is chosen; needs `is_ready`. A system prompt that was not changed is the conversation's."""
        seed, told = self.seed.text().strip(), self.prompt.toPlainText().strip()
        return Way(
            self.model.currentText(),
            round(self.temperature.value(), 2),
            int(seed) if seed else None,
            REASONING[self.reasoning.currentIndex()],
            None if told == self._usual.strip() else told,
        )

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setHorizontalSpacing(12)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        fields = (self.model, self.temperature, self.seed, self.reasoning)
        for label, field in zip(self.labels, fields, strict=False):
            form.addRow(label, field)
            label.setBuddy(field)
        self.labels[4].setBuddy(self.prompt)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.addWidget(self.heading)
        column.addLayout(form)
        column.addWidget(self.labels[4])
        column.addWidget(self.prompt, 1)

    def _connect(self) -> None:
        self.model.currentIndexChanged.connect(self.changed)
        self.temperature.valueChanged.connect(self.changed)
        self.reasoning.currentIndexChanged.connect(self.changed)
        self.seed.textChanged.connect(self.changed)
        self.prompt.textChanged.connect(self.changed)

    def _name(self) -> None:
        words = (
            self.tr("Model"),
            self.tr("Temperature"),
            self.tr("Seed"),
            self.tr("Thinking"),
            self.tr("System prompt"),
        )
        fields = (self.model, self.temperature, self.seed, self.reasoning, self.prompt)
        for label, field, text in zip(self.labels, fields, words, strict=True):
            label.setText(text)
            field.setAccessibleName(self.tr("{letter}: {name}").format(letter=self._letter, name=text))
        self.seed.setPlaceholderText(self.tr("another one each time"))
        self.seed.setToolTip(self.tr("The same seed and settings give the same reply; a whole number"))
        self.temperature.setToolTip(
            self.tr("Low is steady, high is varied; 0 always takes the likeliest token.")
        )
        choices = (
            self.tr("As in this conversation"),
            self.tr("Think before answering"),
            self.tr("Answer at once"),
        )
        for index, text in enumerate(choices):
            self.reasoning.setItemText(index, text)
