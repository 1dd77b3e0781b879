"""The card of an installed plugin: what it is, whether it runs, what it brings and costs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QWidget

from teahouse.plugins import PluginDetails
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import in_a_row
from teahouse_desktop.plugins.plugin_words import brings_of, cost_of, state_of
from teahouse_desktop.widgets.cards import Card, make_button, make_label
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.flow import FlowRow


class PluginCard(Card):
    """Says what a plugin is and offers what can be done with it.

    Signals:
        requested: (verb, name): `on`, `off`, `settings`, `details`, `remove`.
    """

    requested = Signal(str, str)

    def __init__(self, details: PluginDetails, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.details, self._summary, self._is_busy = details, details.summary, False
        self._title, self._about, self._what = make_label("strong"), make_label("muted"), make_label()
        self._state, self._brings, self._cost = make_label("danger"), make_label("muted"), make_label("muted")
        self.is_on = CheckBox(self)
        self.is_on.clicked.connect(lambda is_on: self._ask("on" if is_on else "off"))
        self.again = make_button(partial(self._ask, "on"), "primary")
        self.settings, self.more, self.remove = (
            make_button(partial(self._ask, verb)) for verb in ("settings", "details", "remove")
        )
        self.entered.connect(partial(self._ask, "details"))
        for part in (self._title, self._about, self._what, self._state, self._brings, self._cost):
            self.column.addWidget(part)
        buttons = (self.is_on, self.again, self.settings, self.more, self.remove)
        self.column.addSpacing(3)
        self.column.addWidget(FlowRow(self, left=buttons))

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.details.info.name

    def show_plugin(self, details: PluginDetails, summary: str) -> None:
        """Show what was read anew.

        Args:
            summary: What it does, in the language in force where that is known.
        """
        self.details, self._summary, self._is_busy = details, summary, False
        self.say()

    def show_busy(self) -> None:
        """It is being turned on or off."""
        self._is_busy = True
        self.say()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def say(self) -> None:
        """Say everything in the language in force."""
        info = self.details.info
        self._title.setText(f"{info.name} {info.version}" if not info.is_bundled else info.name)
        owner = self.tr("came with Teahouse") if info.is_bundled else self.details.author
        package = "" if info.is_bundled or info.distribution == info.name else info.distribution
        _set(self._about, in_a_row(owner, self.details.licence, package))
        _set(self._what, self._summary)
        words, kind = state_of(self.details)
        self._state.setProperty("kind", kind)
        restyle(self._state)
        _set(self._state, self.tr("One moment …") if self._is_busy else words)
        _set(self._brings, brings_of(self.details))
        _set(self._cost, cost_of(self.details))
        self._say_buttons()
        state = self.tr("on") if info.enabled else self.tr("off")
        shown = (self._about, self._what, self._state, self._brings)
        self.setAccessibleName(in_a_row(self._title.text(), state, *(one.text() for one in shown)))
        self.setAccessibleDescription(self._cost.text())

    def _say_buttons(self) -> None:
        info = self.details.info
        is_blamed = bool(info.why_off)
        self.is_on.setText(self.tr("On"))
        self.is_on.setChecked(info.enabled != self._is_busy)  # at once as it was wanted
        self.is_on.setVisible(not is_blamed)
        self.again.setText(self.tr("Turn it on again"))
        self.again.setVisible(is_blamed)
        self.settings.setText(self.tr("Settings"))
        self.settings.setVisible(bool(self.details.settings) and info.is_loaded)
        self.more.setText(self.tr("Details …"))
        self.remove.setText(self.tr("Remove …"))
        self.remove.setVisible(not info.is_bundled)
        for button in (self.is_on, self.again, self.settings, self.more, self.remove):
            button.setAccessibleName(f"{button.text()}: {self.name}")

    def _ask(self, verb: str) -> None:
        if self._is_busy and verb in ("on", "off"):
            self.say()  # it would lose the focus if it could not be clicked meanwhile
            return
        self.requested.emit(verb, self.name)


def restyle(label: QWidget) -> None:
    """Let a widget take the style of its changed kind."""
    label.style().unpolish(label)
    label.style().polish(label)


def _set(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
