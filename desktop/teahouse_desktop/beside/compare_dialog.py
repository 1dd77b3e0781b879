"""The window in which a question gets two ways to be answered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.beside.compare import LETTERS, Way
from teahouse_desktop.widgets.fields import TEXT_MARGIN, ChoiceBox

SIZE_EM = (48, 36)
LEAST_EM = 17
"""Forms that are narrower stand below each other."""

QUESTION_LINES, PROMPT_LINES = 4, 3
GREATEST_SEED = 2**32 - 2
REASONING = ("", "on", "off")


class CompareDialog(QDialog):
    """Question and two ways.

    Args:
        told: The system prompt of the conversation.
        is_asked: The question stands in the conversation already, and is asked again.

    Signals:
        asked: (text, (Way, Way), whether the question that stands there is asked again).
    """

    asked = Signal(str, object, bool)

    def __init__(
        self,
        text: str,
        *,
        models: Sequence[str],
        ways: tuple[Way, Way],
        told: str,
        is_asked: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._is_asked = is_asked
        self.question = QPlainTextEdit(text, self)
        self.question.setTabChangesFocus(True)
        self.question.textChanged.connect(self._check)
        self.about, self.note, self.problem = (_label(self, "muted") for _ in range(3))
        self.problem.setProperty("kind", "danger")
        self.forms = tuple(
            WayForm(letter, models, way, told, self) for letter, way in zip(LETTERS, ways, strict=True)
        )
        self.another, self.cancel, self.start = (QPushButton(self) for _ in range(3))
        self.another.clicked.connect(self._ask_another)
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self._start)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self._start)
        for form in self.forms:
            form.changed.connect(self._check)
        self._lay_out()
        self._name()
        self._show_kind()
        self._check()
        (self.forms[1].model if text else self.question).setFocus()

    @property
    def text(self) -> str:
        """The question."""
        return self.question.toPlainText().strip()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room."""
        super().resizeEvent(event)
        is_narrow = self.width() < 2 * LEAST_EM * self.fontMetrics().height()
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(down if is_narrow else right)

    # --- inside -----------------------------------------------------------------------------------

    def _start(self) -> None:
        if self.start.isEnabled():
            self.accept()  # first, so that the focus is back in the window
            self.asked.emit(self.text, (self.forms[0].way, self.forms[1].way), self._is_asked)

    def _ask_another(self) -> None:
        self._is_asked = False
        self.question.clear()
        self._show_kind()
        self.question.setFocus()

    def _show_kind(self) -> None:
        self.question.setReadOnly(self._is_asked)
        self.another.setVisible(self._is_asked)
        self._name()

    def _check(self) -> None:
        is_ready = all(form.is_ready for form in self.forms)
        is_same = is_ready and self.forms[0].way == self.forms[1].way and self.forms[0].way.temperature == 0
        self.problem.setText(
            self.tr("A and B are the same: the replies would be the same.") if is_same else ""
        )
        self.problem.setVisible(is_same)
        self.start.setEnabled(bool(self.text) and is_ready)

    def _lay_out(self) -> None:
        self.setSizeGripEnabled(True)
        em, room = self.fontMetrics().height(), self.screen().availableSize() - QSize(40, 60)
        self.resize(QSize(SIZE_EM[0] * em, SIZE_EM[1] * em).boundedTo(room))
        self.question.setFixedHeight(self.question.fontMetrics().lineSpacing() * QUESTION_LINES + 18)
        inner = QWidget(self)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(12)
        for form in self.forms:
            self._columns.addWidget(form, 1)
        scroll = QScrollArea(self)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields in it are the stops of Tab
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.addWidget(self.another)
        buttons.addStretch(1)
        kinds = ((self.another, "plain"), (self.cancel, "plain"), (self.start, "primary"))
        for button, kind in kinds:
            button.setProperty("kind", kind)
            button.setAutoDefault(False)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        for part in (self.about, self.question):
            column.addWidget(part)
        column.addWidget(scroll, 1)
        for part in (self.note, self.problem):
            column.addWidget(part)
        column.addLayout(buttons)

    def _name(self) -> None:
        self.setWindowTitle(self.tr("Ask two models or settings"))
        again = self.tr("This question is asked again. The replies become versions of its reply.")
        new = self.tr("The question is asked twice. The replies become two versions of one reply.")
        self.about.setText(again if self._is_asked else new)
        self.question.setAccessibleName(self.tr("Question"))
        self.question.setPlaceholderText(self.tr("What both are asked"))
        self.note.setText(
            self.tr(
                "A answers first, then B: one model is in memory at a time."
                " The conversation's own model and settings stay as they are."
            )
        )
        self.another.setText(self.tr("Ask another question"))
        self.cancel.setText(self.tr("Cancel"))
        self.start.setText(self.tr("Ask both"))


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
        self.temperature.setValue(way.temperature)
        self.seed = QLineEdit("" if way.seed is None else str(way.seed), self)
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
        seed = self.seed.text().strip()
        is_seed = not seed or (seed.isascii() and seed.isdigit() and int(seed) <= GREATEST_SEED)
        return bool(self.model.currentText()) and is_seed

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


def _label(parent: QWidget, kind: str) -> QLabel:
    label = QLabel(parent)
    label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
