"""One setting on the page: its name, what it does, its field, and where the value in force comes from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from teahouse import language
from teahouse.errors import SettingError
from teahouse.language import listed, sentences
from teahouse.setting import Setting, Value
from teahouse.settings import Source
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.settings.setting_fields import LongText, Offers, Typed, make_setting_field, retitle
from teahouse_desktop.settings.setting_words import SettingWords, limits_text
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.fields import Field, Switch

ICON = 15
NUMBER_DIGITS, LINE_DIGITS = 15, 42
"""Widths of fields, in digits of the font."""

TEXTS = ("title", "source", "about", "outcome", "range", "problem", "own", "key")
KINDS = {"title": "strong", "problem": "danger"}
"""How texts look that are not muted."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The value of a setting that is in force.

    Attributes:
        source: Where it comes from.
        own: Models with a value of their own, when the app's value is meant.
    """

    value: Value
    source: Source = "default"
    own: tuple[str, ...] = ()


class SettingRow(QWidget):
    """One setting.

    Signals:
        changed: (key, value) that the person wants; it is allowed.
        reset_requested: Key of the setting whose choice is taken back.
    """

    changed = Signal(str, object)
    reset_requested = Signal(str)

    def __init__(
        self, setting: Setting, words: SettingWords, offers: Offers, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setting, self._words, self._offers, self._look = setting, words, offers, look
        self._in_force: InForce | None = None
        self._is_showing = False
        self.text = words.text(setting)
        self._labels: dict[str, QLabel] = {}
        self._places: dict[str, QVBoxLayout] = {}
        self.field = self.make_field()
        self.reset = QToolButton(self)
        self.reset.clicked.connect(lambda: self.reset_requested.emit(setting.key))
        self.field.changed.connect(self._on_changed)
        self._lay_out()
        self.set_look(look)
        self.retranslate()

    def make_field(self) -> Field:
        """The field with which it is changed."""
        return make_setting_field(self.setting, self._offers, self)

    @property
    def is_short(self) -> bool:
        """Whether the field stands beside the name."""
        return isinstance(self.field, Switch)

    @property
    def has_key(self) -> bool:
        """Whether its key in the file is of use to people."""
        return True

    @property
    def label(self) -> str:
        """What the setting is called, in the language in force."""
        return self._words.label(self.setting, language.active())

    def said(self, name: str) -> str:
        """What one of the row's texts says: `title`, `source`, `about`, `range`, `problem`, `own`, `key`."""
        return self._labels[name].text() if name in self._labels else ""

    def show_value(self, in_force: InForce) -> None:
        """Show what is in force; what is being typed or was refused stays."""
        self._in_force = in_force
        if not self.said("problem"):
            self._is_showing = True
            self.field.set_value(in_force.value)
            self._is_showing = False
        self._say_source()

    def show_problem(self, text: str) -> None:
        """Say beside the field why a value is not taken; empty for nothing."""
        self._say("problem", text)
        self._say("range", "" if text else limits_text(self.setting))
        self._describe()
        if text:
            accessible.announce(self.field.widget, text)

    def show_outcome(self, text: str) -> None:
        """Say what came of the value in force; empty for nothing."""
        self._say("outcome", text)
        self._describe()

    def show_reset(self, is_shown: bool) -> None:
        """Offer to take the choice back where there is one."""
        if not is_shown and self.reset.hasFocus():
            self.field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reset.setVisible(is_shown)

    def take_back(self) -> None:
        """Show what is in force in the place of what was refused."""
        self.show_problem("")
        if self._in_force is not None:
            self.show_value(self._in_force)

    def flush(self) -> None:
        """Take what was typed now."""
        if isinstance(self.field, Typed | LongText):
            self.field.flush()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._limit()
        self.reset.setIcon(make_icon("rotate-ccw", look.colour("muted")))
        self.reset.setIconSize(look.square(ICON))
        if "key" in self._labels:
            self._labels["key"].setFont(look.mono)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._say("title", self.label)
        self._say("about", sentences(self._words.sentence(self.setting, language.active()), self._effect()))
        self._say("range", "" if self.said("problem") else limits_text(self.setting))
        self._say("key", self.setting.key if self.has_key else "")
        name = self.tr("Reset {name}").format(name=self.label)
        self.reset.setAccessibleName(name)
        self.reset.setToolTip(name)
        retitle(self.field, self.setting, self._offers)
        self.field.widget.setAccessibleName(self.label)
        self._say_source()
        self._describe()

    # --- inside: texts ------------------------------------------------------------------------------

    def _say(self, name: str, text: str) -> None:
        """Let one of the texts say something; a label is made when there is something to say."""
        if name in self._labels or text:
            label = self._labels.get(name) or self._make_label(name)
            label.setText(text)
            label.setVisible(bool(text))

    def _make_label(self, name: str) -> QLabel:
        """Every widget costs time when theme or font change, so a row has as few as it needs."""
        label = self._labels[name] = ElidedLabel(self) if name == "key" else QLabel(self)
        label.setProperty("kind", KINDS.get(name, "muted"))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(name in ("title", "about", "outcome", "problem", "own"))
        if name == "title":
            label.setBuddy(self.field.widget)
        if name == "key":
            label.setFont(self._look.mono)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            # What room there is: the field goes before it.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._places[name].addWidget(label)
        return label

    def _effect(self) -> str:
        return {
            "reload": self.tr("Takes effect when the model is loaded again."),
            "restart": self.tr("Takes effect when Teahouse is started again."),
        }.get(self.setting.effect, "")

    def _say_source(self) -> None:
        if self._in_force is None:
            return
        words = {
            "default": self.tr("default"),
            "app": self.tr("for all models") if "model" in self.setting.scopes else self.tr("changed"),
            "model": self.tr("this model's own"),
        }
        self._say("source", words[self._in_force.source])
        own = self._in_force.own
        text = self.tr("Models with a value of their own: {names}").format(names=listed(own))
        self._say("own", text if own else "")
        self._describe()

    def _describe(self) -> None:
        told = (self.said(name) for name in ("about", "outcome", "range", "source", "problem"))
        self.field.widget.setAccessibleDescription("\n".join(filter(None, told)))

    # --- inside -----------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        if self._is_showing:
            return
        try:
            value = self.field.value
        except SettingError as error:
            self.show_problem(self._refusal(error))
            return
        self.show_problem("")
        if self._in_force is None or value != self._in_force.value:
            self.changed.emit(self.setting.key, value)

    def _refusal(self, error: SettingError) -> str:
        """Why a value is not taken; of numbers, the range."""
        limits = limits_text(self.setting)
        if self.setting.type is int:
            text = self.tr("Not kept. It takes a whole number, {range}.")
        elif self.setting.type is float:
            text = self.tr("Not kept. It takes a number, {range}.")
        else:
            return sentences(error.text, error.hint)
        return text.format(range=limits)

    def _lay_out(self) -> None:
        for name in TEXTS:
            self._places[name] = QVBoxLayout()
        head = QHBoxLayout()
        head.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(10)
        head.addLayout(self._places["title"], 1)
        if self.is_short:
            head.addWidget(self.field.widget)
        else:
            line.addWidget(self.field.widget, 3 if isinstance(self.field, LongText | Typed) else 0)
        head.addWidget(self.reset)
        head.addLayout(self._places["source"])
        line.addLayout(self._places["range"])
        line.addLayout(self._places["problem"], 1)
        if not isinstance(self.field, LongText):
            line.addLayout(self._places["key"], 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._places["about"])
        column.addLayout(self._places["outcome"])
        column.addLayout(line)
        column.addLayout(self._places["own"])
        if isinstance(self.field, LongText):
            column.addLayout(self._places["key"])

    def _limit(self) -> None:
        digit = QFontMetrics(self._look.font).horizontalAdvance("0")
        is_number = self.setting.type in (int, float)
        if isinstance(self.field.widget, QLineEdit):
            self.field.widget.setMaximumWidth(digit * (NUMBER_DIGITS if is_number else LINE_DIGITS))
        elif not isinstance(self.field, LongText):
            self.field.widget.setMaximumWidth(digit * LINE_DIGITS)
