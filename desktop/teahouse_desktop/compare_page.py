"""The page on which two replies to the same question stand beside each other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.compare import LETTERS, Comparison, Side, Way, as_live
from teahouse_desktop.elided import ElidedLabel
from teahouse_desktop.icons import make_icon
from teahouse_desktop.look import Look
from teahouse_desktop.page import Page
from teahouse_desktop.replies import LiveReply
from teahouse_desktop.shown import Shown
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.view import Transcript

LEAST_EM = 18
"""Columns that are narrower stand below each other."""

LONGEST_QUESTION = 400
WIDEST = 16_777_215
ICON = 16


class ComparePage(Page):
    """Question, two columns, and what can be decided.

    Signals:
        stopped: The number of a reply that is to end, or not to begin.
        kept: The number of the reply with which the conversation goes on.
        kept_both: Neither is better.
        acted: (name, message id): an action on one of the replies.
    """

    stopped = Signal(int)
    kept = Signal(int)
    kept_both = Signal()
    acted = Signal(str, str)

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
        self.both.clicked.connect(self.kept_both)
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
            column.transcript.action_requested.connect(self.acted)
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.both)
        self.body.addWidget(self.question)
        self.body.addWidget(self._split, 1)
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


class ReplyColumn(QFrame):
    """One of the two replies: how it was asked for, its text, its statistics, and going on with it.

    Signals:
        stopped: Its number: it is to end, or not to begin.
        kept: Its number: the conversation goes on with it.
    """

    stopped = Signal(int)
    kept = Signal(int)

    def __init__(self, number: int, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("column")
        self._number, self._can_keep = number, False
        self._side: Side | None = None
        self._stored: Shown | None = None
        self.letter, self.model = QLabel(LETTERS[number], self), ElidedLabel(self)
        for label in (self.letter, self.model):
            label.setProperty("kind", "strong")
        self.settings, self.facts, self.waiting = (_label(self) for _ in range(3))
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stop, self.keep = QToolButton(self), QPushButton(self)
        self.stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        kept_free = self.stop.sizePolicy()
        kept_free.setRetainSizeWhenHidden(True)  # else all below would jump
        self.stop.setSizePolicy(kept_free)
        self.stop.clicked.connect(lambda: self.stopped.emit(self._number))
        self.keep.setProperty("kind", "plain")
        self.keep.clicked.connect(lambda: self.kept.emit(self._number))
        self.transcript = Transcript(look, self)
        self.transcript.set_can_ask(False)
        self.transcript.setMinimumSize(QSize(160, 90))
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.waiting)
        self._pages.addWidget(self.transcript)
        self._lay_out()
        self.set_look(look)

    def clear(self) -> None:
        """Show nothing of an earlier comparison."""
        self._stored = None
        self.transcript.open([])

    def show_side(self, side: Side, *, can_keep: bool) -> None:
        """Show how it was asked for, and what can be done with it now."""
        self._side, self._can_keep = side, can_keep
        self._name()

    def show_live(self, live: LiveReply) -> None:
        """Show the reply that is being made as it is now."""
        shown = as_live(live)
        if self.transcript.column.items:
            self.transcript.update_message(0, shown)
        else:
            self.transcript.open([shown])
        self._name()

    def feed(self, text: str, kind: str) -> None:
        """Add what has arrived."""
        if self.transcript.column.items:
            self.transcript.feed(0, text, kind)

    def show_stored(self, shown: Shown) -> None:
        """Show the reply as it was stored; its statistics stand below, where they are not cut."""
        self._stored = shown
        alone = replace(shown, generation=None, sibling_ids=(shown.message.id,))
        if self.transcript.column.items:
            self.transcript.update_message(0, alone)
        else:
            self.transcript.open([alone])
        self._name()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.transcript.set_look(look)
        self.stop.setIcon(make_icon("stop", look.colour("muted")))
        self.facts.setFont(look.small)

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _name(self) -> None:
        if self._side is None:
            return
        side, letter = self._side, LETTERS[self._number]
        self.model.setText(side.way.model)
        self.settings.setText(self._settings_in_words(side.way))
        self.facts.setText(words.describe_generation(self._stored) if self._stored else "")
        self.facts.setVisible(bool(self.facts.text()))
        has_text = bool(self.transcript.column.items)
        self._pages.setCurrentIndex(int(has_text))
        dropped = self.tr("{letter} was not asked.").format(letter=letter)
        self.waiting.setText(dropped if side.state == "dropped" else self.tr("Waits for the other reply …"))
        self.transcript.setAccessibleName(self.tr("Reply {letter}").format(letter=letter))
        self._name_buttons(side, letter)

    def _name_buttons(self, side: Side, letter: str) -> None:
        text = self.tr("Do not ask") if side.state == "waiting" else self.tr("Stop")
        if side.live is not None and side.live.is_stopping:
            text = self.tr("Force stop") if side.live.can_force else self.tr("Stopping …")
        self.stop.setText(f" {text}")  # Qt sets icon and text too close
        self.stop.setAccessibleName(f"{text}: {letter}")
        self.stop.setVisible(side.state in ("waiting", "live"))
        self.keep.setText(self.tr("Go on with {letter}").format(letter=letter))
        self.keep.setToolTip(self.tr("It is shown and marked as the best; the other one stays as a version."))
        self.keep.setEnabled(self._can_keep and bool(side.reply_id))

    def _settings_in_words(self, way: Way) -> str:
        thinking = {"on": self.tr("thinks before answering"), "off": self.tr("answers at once")}
        told = self.tr("no system prompt") if way.system_prompt == "" else self.tr("own system prompt")
        locale = QLocale()
        said = [
            self.tr("Temperature {value}").format(value=locale.toString(way.temperature, "g", 3)),
            self.tr("Seed {value}").format(value=way.seed) if way.seed is not None else "",
            thinking.get(way.reasoning, ""),
            told if way.system_prompt is not None else "",
        ]
        return " · ".join(text for text in said if text)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.letter)
        self.model.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head.addWidget(self.model, 1)
        head.addWidget(self.stop)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addStretch(1)
        foot.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.settings)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setProperty("kind", "muted")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
