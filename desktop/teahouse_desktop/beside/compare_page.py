"""The page on which two replies to the same question stand beside each other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QWidget

from teahouse_desktop.beside.compare import Comparison
from teahouse_desktop.beside.compare_column import ReplyColumn
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page

LEAST_EM = 18
"""Columns that are narrower stand below each other."""

LONGEST_QUESTION = 400
WIDEST = 16_777_215


class ComparePage(Page):
    """Question, two columns, and what can be decided.

    Signals:
        stopped: The number of a reply that is to end, or not to begin.
        kept: The number of the reply with which the conversation goes on; -1 where neither is better.
        facts_requested: The `Shown` of the reply whose making is to be shown.
        acted: (name, message id): an action on one of the replies.
        link_requested: Target of a link in one of them that is to be opened.
    """

    stopped = Signal(int)
    kept = Signal(int)
    facts_requested = Signal(object)
    acted = Signal(str, str)
    link_requested = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._comparison: Comparison | None = None
        self.question = QLabel(self)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.question.setWordWrap(True)
        self.question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.columns = tuple(ReplyColumn(number, look, self) for number in range(2))
        self.both = QPushButton(self)
        self.both.setProperty("kind", "plain")
        self.both.clicked.connect(lambda: self.kept.emit(-1))
        self.hint = QLabel(self)
        self.hint.setProperty("kind", "muted")
        self.hint.setWordWrap(True)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        self._split.setObjectName("columns")
        for column in self.columns:
            self._split.addWidget(column)
            column.stopped.connect(self.stopped)
            column.kept.connect(self.kept)
            column.facts_requested.connect(self.facts_requested)
            column.transcript.action_requested.connect(self.acted)
            column.transcript.link_requested.connect(self.link_requested)
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.both)
        self.body.addWidget(self.question)
        scroll = QScrollArea(self)
        scroll.setWidget(self._split)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(scroll, 1)
        self.body.addLayout(foot)

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("Two replies to the same question")

    def open(self, comparison: Comparison) -> None:
        """Show a comparison from its beginning."""
        self._comparison = comparison
        for column in self.columns:
            column.clear()
        self.refresh()

    def refresh(self) -> None:
        """Show how far the two replies are."""
        made = self._comparison
        if made is None:
            return
        text = " ".join(made.question.split())
        self.question.setText(text if len(text) <= LONGEST_QUESTION else text[: LONGEST_QUESTION - 1] + "…")
        self.question.setVisible(bool(text))
        for number, column in enumerate(self.columns):
            column.show_side(made.sides[number], can_keep=not made.is_running)
        self.both.setEnabled(not made.is_running)
        self._name_hint()

    def enter(self, place: str = "") -> None:
        """The first reply has the focus: it is read first."""
        self.columns[0].transcript.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        for column in self.columns:
            column.set_look(look)

    def take_look(self, look: Look) -> None:
        """This page takes all the room there is."""
        super().take_look(look)
        self._centre.setMaximumWidth(WIDEST)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.both.setText(self.tr("Keep both"))
        self.both.setToolTip(self.tr("Neither is better: both stay as versions of one reply."))
        self.refresh()
        self._name_hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room, else below each other."""
        super().resizeEvent(event)
        is_narrow = self.width() < 2 * LEAST_EM * self.look.em
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        if self._split.orientation() != wanted:
            self._split.setOrientation(wanted)

    def _name_hint(self) -> None:
        is_running = self._comparison is not None and self._comparison.is_running
        wait = self.tr("One model is in memory at a time: B is asked when A has ended.")
        choose = self.tr("The reply that you go on with is marked as the best; the other stays as a version.")
        self.hint.setText(wait if is_running else choose)
