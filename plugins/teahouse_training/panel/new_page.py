"""The page for a new training: model, data, what it is to learn, start."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from teahouse.language import sentences
from teahouse_desktop.forms import ChoiceBox, FlowRow, Heading, LinesField, make_text, put_in_order, say
from teahouse_desktop.looks.look import Look
from teahouse_training.panel.data_part import DataPart
from teahouse_training.panel.looked_part import LookedPart
from teahouse_training.panel.memory_part import MemoryPart
from teahouse_training.panel.settings_part import SettingsPart
from teahouse_training.panel.values import Looked, Trainable, Wanted
from teahouse_training.panel.words import _

SETTLE_MS = 400
LONGEST_NAME = 60


class NewPage(QScrollArea):
    """Four steps one below the other.

    Signals:
        changed: The wish is another one; to be looked at and kept.
        start_requested: The training is to begin.
        left: Back to the trainings.
    """

    changed = Signal()
    start_requested = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = ChoiceBox(self)
        self.model.set_title(_("The model that is trained"))
        self.model_words = make_text(self, "muted")
        self.data, self.looked = DataPart(look, self), LookedPart(look, self)
        self.settings, self.memory = SettingsPart(look, self), MemoryPart(look, self)
        self.questions = LinesField((), self, lines=5)
        self.questions.setAccessibleName(_("Questions that are asked while it learns, one on each line"))
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(_("Name of the training and of its adapter"))
        self.start, self.back = QPushButton(_("Start the training"), self), QPushButton(_("Back"), self)
        self.start.setProperty("kind", "primary")
        self.back.setProperty("kind", "plain")
        self.why = make_text(self, "muted")
        self._models: tuple[Trainable, ...] = ()
        self._looked = Looked()
        self._busy = ""
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self.changed)
        self._lay_out()
        self._connect()
        self.show_looked(Looked())

    # --- what is chosen -----------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        """What is chosen on the page now."""
        preset, settings = self.settings.choice
        wanted = Wanted(
            name=self.name.text().strip(),
            model=str(self.model.currentData() or ""),
            preset=preset,
            settings=settings,
            questions=self.questions.texts,
        )
        return self.data.chosen(wanted)

    def show_wanted(self, wanted: Wanted) -> None:
        """Show what was chosen earlier."""
        self.name.setText(wanted.name)
        self.show_models(self._models, wanted.model)
        self.data.show_wanted(wanted)
        self.settings.show_choice(wanted.preset, wanted.settings)
        self.questions.set_texts(wanted.questions)

    def show_models(self, models: Sequence[Trainable], chosen: str = "") -> None:
        """Offer these models."""
        wished = chosen or str(self.model.currentData() or "")
        self._models = tuple(models)
        self.model.clear()
        for one in models:
            self.model.addItem(f"{one.name} ({one.detail})" if one.detail else one.name, one.name)
        usable = next((place for place, one in enumerate(models) if not one.problem), 0)
        place = self.model.findData(wished)
        self.model.setCurrentIndex(place if place >= 0 else usable)
        self._say_model()

    def flush(self) -> None:
        """Do not wait any longer: what was typed counts now."""
        self.settings.flush()
        self.questions.flush()
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    # --- what was found out -------------------------------------------------------------------------

    def show_looked(self, looked: Looked) -> None:
        """Show what was found out about the wish."""
        self._looked = looked
        self.looked.show_looked(looked)
        self.memory.show_looked(looked)
        if looked.settings:
            self.settings.show_settings(looked.settings)
        self._say_start()

    def show_waiting(self) -> None:
        """The wish is being looked at."""
        self._looked = Looked()
        self.looked.show_waiting()
        self._say_start()

    def show_problem(self, text: str, hint: str) -> None:
        """The data cannot be used."""
        self._looked = Looked()
        self.looked.show_problem(text, hint)
        self.memory.show_looked(Looked())
        self._say_start()

    def show_busy(self, words: str) -> None:
        """The training is being made; empty when that has ended."""
        self._busy = words
        self._say_start()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for part in (self.data, self.looked, self.settings, self.memory):
            part.set_look(look)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2, 2, 10, 8)
        column.setSpacing(7)
        steps: tuple[tuple[str, str, tuple[QWidget, ...]], ...] = (
            (_("1 · The model"), _("Its file stays as it is; what it learns goes into a small adapter."),
             (self.model, self.model_words)),
            (_("2 · The examples"), "", (self.data, self.looked)),
            (_("3 · The settings"), "", (self.settings,)),
            (_("4 · Questions to follow it by"),
             _("One on each line. It answers them before it begins and now and then while it learns, so that "
               "you see the difference. Left empty, some questions of the examples are taken."),
             (self.questions,)),
            (_("5 · Start"), _("A name for it, such as “pirate”:"), (self.name, self.memory, self.why)),
        )  # fmt: skip
        for title, words, parts in steps:
            column.addSpacing(6)
            column.addWidget(Heading(title, inside))
            if words:
                column.addWidget(make_text(inside, "muted", words))
            for part in parts:
                column.addWidget(part)
        column.addWidget(FlowRow(inside, left=(self.start, self.back)))
        column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        put_in_order(self)

    def _connect(self) -> None:
        self.model.activated.connect(lambda _place: self._on_changed())
        for part in (self.data, self.settings):
            part.changed.connect(self._on_changed)
        self.questions.changed.connect(lambda _texts: self._on_changed())
        self.name.textEdited.connect(lambda _text: self._on_changed())
        self.start.clicked.connect(self.start_requested)
        self.back.clicked.connect(self.left)
        self.settings.fold.folded.connect(lambda _is_open: put_in_order(self))

    def _on_changed(self) -> None:
        self._say_model()
        self._say_start()
        self._timer.start()

    def _say_model(self) -> None:
        one = next((one for one in self._models if one.name == self.model.currentData()), None)
        nothing = "" if self._models else _("There is no model yet. Get one on the page of models.")
        say(self.model_words, one.problem if one is not None else nothing)

    def _say_start(self) -> None:
        """The button can be pressed when nothing is missing; what is missing is said."""
        missing = []
        one = next((one for one in self._models if one.name == self.model.currentData()), None)
        if one is None or one.problem:
            missing.append(_("Choose a model that can be trained."))
        if not self._looked.rows:
            missing.append(_("Give it examples to learn from."))
        if not self.name.text().strip():
            missing.append(_("Give it a name."))
        say(self.why, self._busy or sentences(*missing))
        self.start.setEnabled(not missing and not self._busy)
