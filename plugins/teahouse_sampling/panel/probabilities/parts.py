"""What the pages share: tokens beside what could stand at one of them, figures, colours, progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.forms import ChoiceBox
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens import words as token_words
from teahouse_desktop.tokens.legend import Legend
from teahouse_desktop.tokens.palette import Colouring
from teahouse_desktop.tokens.token import Figures
from teahouse_desktop.tokens.view import TokenView
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_sampling.panel.words import _
from teahouse_sampling.scoring import Loading, Scoring

BESIDE_EM = 27
"""From this width on, tokens and alternatives stand beside each other."""


STACKED = [360, 640]
"""Of the height, where they stand one below the other."""


class Split(QSplitter):
    """Two widgets beside each other where there is room, else one below the other."""

    def __init__(self, look: Look, first: QWidget, second: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._look = look
        self.setHandleWidth(5)
        self.setChildrenCollapsible(False)
        self.addWidget(first)
        self.addWidget(second)
        self.setSizes(STACKED)

    def set_look(self, look: Look) -> None:
        """Take another text size."""
        self._look = look
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn where the room asks for it."""
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        is_wide = self.width() >= self._look.em * BESIDE_EM
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self.orientation() != wanted:
            self.setOrientation(wanted)
            self.setSizes([500, 500] if is_wide else STACKED)


class ColourRow(QWidget):
    """What the colours stand for: a choice, and the legend; other controls may stand beside the choice."""

    changed = Signal(str)

    def __init__(
        self,
        look: Look,
        colourings: Sequence[Colouring],
        parent: QWidget | None = None,
        *,
        beside: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(parent)
        label = QLabel(_("Colours:"), self)
        self.choice = ChoiceBox(self)
        self.choice.setAccessibleName(_("What the colours stand for"))
        for colouring in colourings:
            self.choice.addItem(token_words.colouring_name(colouring), colouring)
        label.setBuddy(self.choice)
        self.legend = Legend(look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(FlowRow(self, left=(label, self.choice), right=tuple(beside)))
        column.addWidget(self.legend)
        ask_height(self)
        self.choice.currentIndexChanged.connect(self._tell)
        self._tell()

    @property
    def colouring(self) -> Colouring:
        """What was chosen."""
        chosen: Colouring = self.choice.currentData()
        return chosen

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.legend.set_look(look)

    def _tell(self) -> None:
        self.legend.set_colouring(self.colouring)
        self.changed.emit(self.colouring)


class Waiting(QWidget):
    """What is going on, with a bar and a way to stop it."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        self.button = QPushButton(_("Stop"), self)
        self.button.setProperty("kind", "plain")
        self.button.clicked.connect(self.stopped)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        column.addWidget(FlowRow(self, left=(self.button,)))
        self.hide()

    def show_step(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say what is going on, and how far it is where that is known."""
        self.text.setText(text)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.show()

    def show_progress(self, step: object) -> None:
        """What running work has yielded."""
        if isinstance(step, Loading):
            self.show_step(step.text, round(step.fraction * 100), 100)
        elif isinstance(step, Scoring):
            self.show_step(step.text, step.done, step.total)


class FigureRow(QWidget):
    """The figures of a text, and the way from one surprising token to the next."""

    def __init__(self, tokens: TokenView, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._surprising: tuple[int, ...] = ()
        self.text = QLabel(self)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setWordWrap(True)
        self.before = self._button(_("Previous surprising token"), lambda: self.step(-1))
        self.after = self._button(_("Next surprising token"), lambda: self.step(+1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.text, 1)
        row.addWidget(self.before)
        row.addWidget(self.after)
        self.set_look(look)
        ask_height(self)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for button, icon in ((self.before, "chevron-left"), (self.after, "chevron-right")):
            button.setIcon(make_icon(icon, look.colour("text")))
            button.setIconSize(look.square(16))

    def show_figures(self, figures: Figures | None) -> None:
        """Say them; None for nothing."""
        self._surprising = figures.surprising if figures else ()
        self.text.setText("" if figures is None else " · ".join(said(figures)))
        for button in (self.before, self.after):
            button.setEnabled(bool(self._surprising))
        self.setVisible(figures is not None)

    def step(self, direction: int) -> None:
        """Go to the next surprising token; from the last one to the first."""
        here = self._tokens.current
        if not self._surprising:
            return
        if direction > 0:
            found = next((place for place in self._surprising if place > here), self._surprising[0])
        else:
            found = next((p for p in reversed(self._surprising) if p < here), self._surprising[-1])
        self._tokens.set_current(found)

    def _button(self, title: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(title)
        button.setToolTip(title)
        button.clicked.connect(lambda: act())
        return button


def ask_height(widget: QWidget) -> None:
    """Let layouts ask a widget how high it is for its width."""
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    widget.setSizePolicy(policy)


def said(figures: Figures) -> list[str]:
    """The figures in words."""
    texts = [_("Tokens: {count}").format(count=token_words.count(figures.count))]
    if figures.perplexity is not None:
        texts.append(_("perplexity {number}").format(number=token_words.number(figures.perplexity)))
    if figures.entropy is not None:
        texts.append(_("mean entropy {bits}").format(bits=token_words.bits(figures.entropy)))
    if figures.judged:
        texts.append(_("surprising: {count}").format(count=token_words.count(len(figures.surprising))))
    return texts
