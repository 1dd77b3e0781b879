"""One of two replies that stand beside each other."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.beside.compare import LETTERS, Side, Way, as_live
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.view import Transcript
from teahouse_desktop.widgets.elided import ElidedLabel

ICON = 16
LEAST_WIDTH, LEAST_EM = 160, 8
"""Of the text: in pixels, and how high."""


class ReplyColumn(QFrame):
    """One of the two replies: how it was asked for, its text, its statistics, and going on with it.

    Signals:
        stopped: Its number: it is to end, or not to begin.
        kept: Its number: the conversation goes on with it.
        facts_requested: The `Shown` of the reply whose making is to be shown.
    """

    stopped = Signal(int)
    kept = Signal(int)
    facts_requested = Signal(object)

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
        self.stop, self.about, self.keep = QToolButton(self), QToolButton(self), QPushButton(self)
        self.about.setIconSize(QSize(ICON, ICON))
        self.about.clicked.connect(self._ask_facts)
        self.stop.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        kept_free = self.stop.sizePolicy()
        kept_free.setRetainSizeWhenHidden(True)  # else all below would jump
        self.stop.setSizePolicy(kept_free)
        self.stop.clicked.connect(lambda: self.stopped.emit(self._number))
        self.keep.setProperty("kind", "plain")
        self.keep.clicked.connect(lambda: self.kept.emit(self._number))
        self.transcript = Transcript(look, self)
        self.transcript.set_can_ask(False)
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
        self.transcript.setMinimumSize(LEAST_WIDTH, round(look.em * LEAST_EM))
        self.stop.setIcon(make_icon("stop", look.colour("muted")))
        self.about.setIcon(make_icon("info", look.colour("muted")))
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
        self.about.setVisible(bool(self._stored and self._stored.generation))
        has_text = bool(self.transcript.column.items)
        self._pages.setCurrentIndex(int(has_text))
        dropped = self.tr("{letter} was not asked.").format(letter=letter)
        self.waiting.setText(dropped if side.state == "dropped" else self.tr("Waits for the other reply …"))
        self.transcript.setAccessibleName(self.tr("Reply {letter}").format(letter=letter))
        self._name_buttons(side, letter)

    def _ask_facts(self) -> None:
        if self._stored is not None:
            self.facts_requested.emit(self._stored)

    def _name_buttons(self, side: Side, letter: str) -> None:
        text = self.tr("Do not ask") if side.state == "waiting" else self.tr("Stop")
        if side.live is not None and side.live.is_stopping:
            text = self.tr("Force stop") if side.live.can_force else self.tr("Stopping …")
        self.stop.setText(f" {text}")  # Qt sets icon and text too close
        self.stop.setAccessibleName(f"{text}: {letter}")
        self.stop.setVisible(side.state in ("waiting", "live"))
        self.keep.setText(self.tr("Go on with {letter}").format(letter=letter))
        self.keep.setToolTip(self.tr("It is shown and marked as the best; the other one stays as a version."))
        about = words.action_name("facts")
        self.about.setAccessibleName(f"{about} {letter}")
        self.about.setToolTip(about)
        self.keep.setEnabled(self._can_keep and bool(side.reply_id))

    def _settings_in_words(self, way: Way) -> str:
        thinking = {"on": self.tr("thinks before answering"), "off": self.tr("answers at once")}
        told = self.tr("no system prompt") if way.system_prompt == "" else self.tr("own system prompt")
        locale = QLocale()
        said = [
            self.tr("Temperature {value}").format(value=locale.toString(way.temperature, "g", 3))
            if way.temperature is not None
            else "",
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
        foot.addWidget(self.about)
        foot.addWidget(self.facts, 1000)
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
