"""The card of a model that is on this computer."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from teahouse.engine.suitability import Suitability
from teahouse.events import EngineState
from teahouse.models.header import Header
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.fit_label import FitLabel
from teahouse_desktop.models.model_operations import OwnModel
from teahouse_desktop.models.model_words import (
    BETWEEN,
    breakable,
    context_in_words,
    in_a_row,
    licence_in_words,
    parameters_in_words,
)
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import Card, make_button, make_label, make_name_label
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.menu_button import MenuButton
from teahouse_desktop.widgets.progress import ProgressLine, percent


class OwnCard(Card):
    """Says what a model is, where it lies and whether it fits, and offers what can be done with it.

    Signals:
        requested: (verb, name): `use`, `load`, `unload`, `stop`, `settings`, `details`, `reveal`, `remove`.
    """

    requested = Signal(str, str)

    def __init__(self, own: OwnModel, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.own = own
        self.is_loaded = self.is_used = False
        self._loading: EngineState | None = None
        self._is_waiting, self._failure = False, ""
        self._title, self._facts = make_name_label("strong", is_rich=True), make_label("muted")
        self._place, self._problem = make_name_label("muted"), make_name_label("danger")
        self.fit = FitLabel(look, self)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(partial(self._ask, "stop"))
        self.use = make_button(partial(self._ask, "use"))
        self.load = make_button(lambda: self._ask("unload" if self.is_loaded else "load"))
        self.more, self.menu = MenuButton(self), QMenu(self)
        self.more.setMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill)
        self.entered.connect(self._enter)
        for part in (self._title, self._facts, self.fit, self._problem, self._place, self.progress):
            self.column.addWidget(part)
        self.column.addWidget(FlowRow(self, left=(self.use, self.load, self.more)))
        self.set_look(look)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.own.model.name

    def show_own(self, own: OwnModel, *, is_loaded: bool, is_used: bool) -> None:
        """Show what was read anew.

        Args:
            is_used: Whether the open conversation uses it.
        """
        self.own, self.is_loaded, self.is_used = own, is_loaded, is_used
        self.say()

    def show_fit(self, found: Suitability) -> None:
        """Show whether it fits."""
        self.fit.show_fit(None if self.own.model.header is None else found)
        self._say_spoken()

    def show_engine(self, state: EngineState) -> None:
        """Its engine has changed."""
        self._is_waiting = False
        self._loading = state if state.state == "loading" else None
        self.is_loaded = state.state == "ready" or (self.is_loaded and state.state == "loading")
        self.say()

    def show_waiting(self, is_waiting: bool) -> None:
        """It was asked to be loaded, and has not begun or ended."""
        self._is_waiting, self._loading = is_waiting, None
        self._failure = "" if is_waiting else self._failure
        self.say()

    def show_failure(self, text: str) -> None:
        """Say why it was not loaded; empty takes that back."""
        self._failure = text
        self.say()
        if text:
            accessible.announce(self, text)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.fit.set_look(look)
        self.progress.set_look(look)
        self.more.set_arrow_colour(look.colour("muted"))
        self.say()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu by the menu key and the right button."""
        at = event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else self._corner()
        self.menu.popup(at)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def say(self) -> None:
        """Say everything in the language in force."""
        model = self.own.model
        marks = [self.tr("in memory")] if self.is_loaded else []
        marks += [self.tr("used in this conversation")] if self.is_used else []
        coloured = f'<span style="color:{self.look.theme.accent}">{escape(BETWEEN.join(marks))}</span>'
        self._title.setText(escape(breakable(model.name)) + (BETWEEN + coloured if marks else ""))
        self._facts.setText(self._facts_in_words())
        self._facts.setVisible(bool(self._facts.text()))
        self._problem.setText(
            self.tr("It cannot be used: {reason}.").format(reason=model.problem)
            if model.problem
            else self._failure
        )
        self._problem.setVisible(bool(self._problem.text()))
        self._place.setText(breakable(self._place_in_words()))
        self._say_buttons()
        self._say_progress()
        self._say_spoken()

    def _say_buttons(self) -> None:
        is_usable, is_busy = self._can_answer, self._is_waiting or self._loading is not None
        self.use.setText(self.tr("Use in this conversation"))
        self.use.setVisible(is_usable and not self.is_used)
        self.load.setText(self.tr("Free its memory") if self.is_loaded else self.tr("Load into memory"))
        self.load.setVisible((is_usable or self.is_loaded) and not is_busy)
        self.more.setText(self.tr("More"))
        for button in (self.use, self.load, self.more):
            button.setAccessibleName(f"{button.text()}: {self.name}")

    @property
    def _can_answer(self) -> bool:
        """Whether it can be asked: an embedder is used by what searches, and never answers."""
        return not self.own.model.problem and self.own.model.can_chat

    def _say_progress(self) -> None:
        if self._loading is not None:
            words = self.tr("loading {percent}").format(percent=percent(self._loading.fraction))
            self.progress.show_progress(words, self._loading.fraction)
        elif self._is_waiting:
            self.progress.show_progress(self.tr("begins when the model is free …"), 0.0)
        else:
            self.progress.hide()

    def _say_spoken(self) -> None:
        marks = [self.tr("in memory")] if self.is_loaded else []
        marks += [self.tr("used in this conversation")] if self.is_used else []
        fit = self.fit.words.accessibleName() if not self.fit.isHidden() else ""
        self.setAccessibleName(in_a_row(self.name, *marks, self._facts.text(), fit, self._problem.text()))
        self.setAccessibleDescription(self._place_in_words())

    def _facts_in_words(self) -> str:
        model, header = self.own.model, self.own.model.header
        size = size_in_words(model.size_bytes) if model.size_bytes else ""
        return in_a_row(size, *(_header_in_words(header) if header is not None else ()))

    def _place_in_words(self) -> str:
        model = self.own.model
        if model.path is None:
            return self.tr("It comes from the plugin {name}.").format(name=model.backend)
        if self.own.original is not None:
            return self.tr("A link to {path}").format(path=self.own.original)
        return str(model.path)

    def _fill(self) -> None:
        """What else can be done with it."""
        self.menu.clear()
        model = self.own.model
        if model.path is not None and not model.problem:
            self.menu.addAction(self.tr("Settings of this model …"), partial(self._ask, "settings"))
        self.menu.addAction(self.tr("Details …"), partial(self._ask, "details"))
        if model.path is not None:
            self.menu.addAction(self.tr("Show its folder"), partial(self._ask, "reveal"))
        if self.own.is_inside:
            self.menu.addSeparator()
            verb = self.tr("Remove the link …") if self.own.original else self.tr("Delete …")
            self.menu.addAction(verb, partial(self._ask, "remove"))

    def _ask(self, verb: str) -> None:
        self.requested.emit(verb, self.name)

    def _enter(self) -> None:
        self._ask("use" if self._can_answer and not self.is_used else "details")

    def _corner(self) -> QPoint:
        return self.more.mapToGlobal(QPoint(0, self.more.height()))


def _kind_in_words(header: Header) -> str:
    """What the file holds, where that is no language model."""
    from teahouse.language import _
    from teahouse.models.facts import KINDS

    return "" if header.kind == "model" else _(KINDS[header.kind])


def _header_in_words(header: Header) -> tuple[str, ...]:
    return (
        _kind_in_words(header),
        header.quantization,
        parameters_in_words(header.parameter_count),
        header.architecture,
        context_in_words(header.context_length),
        licence_in_words(header.text("general.license")[:60]),
    )
