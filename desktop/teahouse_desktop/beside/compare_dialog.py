"""The window in which a question gets two ways to be answered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.beside.compare import LETTERS, Way
from teahouse_desktop.beside.way_form import GREATEST_SEED, WayForm

SIZE_EM = (48, 36)
LEAST_EM = 17
"""Forms that are narrower stand below each other."""

QUESTION_LINES = 4


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
            self._check()
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
        problem = "" if all(form.has_seed_or_none for form in self.forms) else self._say_seed()
        if is_ready and self.forms[0].way == self.forms[1].way and self.forms[0].way.temperature == 0:
            problem = self.tr("A and B are the same: the replies would be the same.")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.start.setEnabled(bool(self.text) and is_ready)

    def _say_seed(self) -> str:
        greatest = QLocale().toString(GREATEST_SEED)
        return self.tr("A seed is a whole number up to {greatest}, or nothing.").format(greatest=greatest)

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


def _label(parent: QWidget, kind: str) -> QLabel:
    label = QLabel(parent)
    label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
