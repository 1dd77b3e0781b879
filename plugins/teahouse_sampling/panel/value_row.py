"""One value on the panel: its name, what it does, its entry, and where the value in force comes from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from teahouse.errors import AppError, SettingError
from teahouse.language import sentences
from teahouse.setting import Setting
from teahouse_desktop.forms import ElidedLabel, FlowRow, Heading, draw_icon, make_icon_button, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import accessible
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.drawing import Drawing
from teahouse_sampling.panel.entries import Entry, NumberEntry, SeedEntry, make_entry, refusal
from teahouse_sampling.panel.reading import Shown
from teahouse_sampling.panel.said import label_of, sentence_of, source_words, value_words
from teahouse_sampling.panel.words import _


class ValueRow(QWidget):
    """A value that can be changed at the place that the panel is about.

    Signals:
        changed: (key, value) that the person wants.
        reset_requested: Key of the value whose choice is taken back.
    """

    changed = Signal(str, object)
    reset_requested = Signal(str)

    def __init__(self, setting: Setting, look: Look, parent: QWidget, *, has_drawing: bool = False) -> None:
        super().__init__(parent)
        self.setting = setting
        self.stage = shape.OF_KEY.get(setting.key, "")
        self._shown: Shown | None = None
        self._later: dict[str, QLabel] = {}
        label, sentence = label_of(setting), sentence_of(setting)
        self.title = Heading(label, self)
        self.source = ElidedLabel(self)
        self.source.setProperty("kind", "muted")
        self.reset = make_icon_button(self, "rotate-ccw", _("Reset {name} here").format(name=label), look)
        self.reset.clicked.connect(lambda: self.reset_requested.emit(setting.key))
        self.reset.hide()
        self.about = make_text(self, "muted", sentence)
        self.about.setVisible(bool(sentence))
        self.entry: Entry = make_entry(setting, look, self)
        self.entry.changed.connect(self._on_changed)
        self.entry.refused.connect(self.show_problem)
        self.drawing = Drawing(look, self, tells_absence=False) if has_drawing else None
        self._lay_out()
        self._describe()

    @property
    def problem(self) -> str:
        """Why a value was not taken; empty where nothing was refused."""
        return self._later["problem"].text() if "problem" in self._later else ""

    @property
    def elsewhere(self) -> str:
        """What goes before the value of the place; empty where nothing does."""
        return self._later["elsewhere"].text() if "elsewhere" in self._later else ""

    def show_value(self, shown: Shown, *, preset: str) -> None:
        """Show what the place has, and what is in force where that is another one."""
        before, self._shown = self._shown, shown
        if before is not None and before.value != shown.value:
            self.show_problem("")  # another value holds now: what was refused is long past
        self.entry.set_value(shown.value)
        self.source.setText(source_words(shown.source, preset))
        if not shown.is_own and self.reset.hasFocus():
            self.entry.first.setFocus()
        self.reset.setVisible(shown.is_own)
        if shown.wins == shown.source:
            self._say("elsewhere", "")
        else:
            text = _("In force: {value} ({source}).").format(
                value=value_words(self.setting, shown.in_force), source=source_words(shown.wins, preset)
            )
            self._say("elsewhere", text)
        self._describe()

    def show_problem(self, text: str) -> None:
        """Say why a value is not taken; empty for nothing. What was in force stays."""
        self._say("problem", text)
        if not text:
            self.entry.mark_place(0, 0)
        self._describe()
        if text:
            accessible.announce(self.entry.widget, text)

    def refuse(self, error: AppError) -> None:
        """Say why the app did not take a value, with the place of the mistake where it is known."""
        data = error.data
        line, column = int(data.get("line", 0) or 0), int(data.get("column", 0) or 0)
        text = sentences(error.text, error.hint)
        if isinstance(self.entry, NumberEntry) and isinstance(error, SettingError):
            text = refusal(self.entry.field.span)
        self.show_problem(text)
        if line:
            self.entry.mark_place(line, max(1, column))
        elif self._shown is not None:
            self.entry.set_value(self._shown.value)

    def flush(self) -> None:
        """What was typed counts now."""
        self.entry.flush()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        draw_icon(self.reset, "rotate-ccw", look)
        self.entry.set_look(look)
        if self.drawing is not None:
            self.drawing.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _on_changed(self, value: object) -> None:
        self.show_problem("")
        self.changed.emit(self.setting.key, value)

    def _say(self, name: str, text: str) -> None:
        """Texts that are seldom there are made when they are needed: every widget costs time."""
        if text and name not in self._later:
            label = make_text(self, "danger" if name == "problem" else "muted")
            self._later[name] = label
            self._texts.addWidget(label)
        if name in self._later:
            say(self._later[name], text)

    def _describe(self) -> None:
        told = (self.about.text(), self._range(), self.source.text(), self.elsewhere, self.problem)
        self.entry.name(self.title.text(), "\n".join(filter(None, told)))

    def _range(self) -> str:
        if isinstance(self.entry, NumberEntry):
            return self.entry.field.span.range_text()
        return self.entry.number.span.range_text() if isinstance(self.entry, SeedEntry) else ""

    def _lay_out(self) -> None:
        head = FlowRow(self, left=(self.title,), right=(self.source, self.reset))
        self._texts = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(3)
        column.addWidget(head)
        column.addWidget(self.about)
        column.addWidget(self.entry.widget)
        column.addLayout(self._texts)
        if self.drawing is not None:
            column.addWidget(self.drawing)
        if (span := self._range()) and isinstance(self.entry, NumberEntry):
            self.entry.widget.setToolTip(span)
