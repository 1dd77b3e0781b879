"""The row below the composer: how this conversation is answered, and how full the context is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QWidget

from teahouse.setting import Value
from teahouse_desktop.chat.meter import ContextMeter
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.menu_button import MenuButton

ICON = 15
LEAST_WIDTH = 240
METER_EM = 18
"""Room that the meter keeps."""


class ComposerBar(QWidget):
    """Chips for the open conversation, and the meter of its context.

    Signals:
        chosen: (key of a setting, value) for this conversation.
    """

    chosen = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thinking = Chip("lightbulb", self)
        self.settings = Chip("sliders-horizontal", self)
        self.prompts = Chip("book-open", self)
        self.meter = ContextMeter(self)
        self._reasoning = _choices(self.thinking.menu(), ("auto", "on", "off"), self._choose_reasoning)
        self._heading = self.settings.menu().addAction("")
        self._heading.setEnabled(False)
        names = ("refuse", "drop", "summarise")
        self._overflow = _choices(self.settings.menu(), names, self._choose_overflow)
        self.settings.menu().addSeparator()
        self._reproducible = QAction(self.settings.menu(), checkable=True)
        self._reproducible.triggered.connect(self._choose_reproducible)
        self.settings.menu().addAction(self._reproducible)
        self._values: Mapping[str, Value] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 0)
        layout.setSpacing(2)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(self.thinking)
        layout.addWidget(self.settings)
        layout.addWidget(self.prompts)
        layout.addStretch(1)
        layout.addWidget(self.meter)
        self.thinking.hide()
        self.set_look(look)
        self._name()

    def show_values(self, values: Mapping[str, Value]) -> None:
        """Show the values in force: `chat.reasoning`, `chat.overflow`, `chat.reproducible`."""
        self._values = values
        self._reasoning[str(values["chat.reasoning"])].setChecked(True)
        self._overflow[str(values["chat.overflow"])].setChecked(True)
        self._reproducible.setChecked(bool(values["chat.reproducible"]))
        self._name()

    def set_can_think(self, can_think: bool) -> None:
        """Offer the switch for reasoning, where the loaded model has one."""
        self.thinking.setVisible(can_think)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.thinking.set_look(look)
        self.settings.set_look(look)
        self.prompts.set_look(look)
        self.meter.set_look(look)

    def minimumSizeHint(self) -> QSize:
        """A narrow window is fine: then the chips are icons."""
        return QSize(LEAST_WIDTH, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: words or only icons."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Name things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _fit(self) -> None:
        style = Qt.ToolButtonStyle
        chips = (self.thinking, self.settings)
        words = sum(c.fontMetrics().horizontalAdvance(c.text()) + 4 * ICON for c in chips if not c.isHidden())
        is_narrow = self.width() < words + METER_EM * self.fontMetrics().height()
        for chip in chips:
            chip.setToolButtonStyle(style.ToolButtonIconOnly if is_narrow else style.ToolButtonTextBesideIcon)

    def _choose_reasoning(self, name: str) -> None:
        self.chosen.emit("chat.reasoning", name)

    def _choose_overflow(self, name: str) -> None:
        self.chosen.emit("chat.overflow", name)

    def _choose_reproducible(self, is_on: bool) -> None:
        self.chosen.emit("chat.reproducible", is_on)

    def _name(self) -> None:
        reasoning = {
            "auto": self.tr("As the model likes"),
            "on": self.tr("Think before answering"),
            "off": self.tr("Answer at once"),
        }
        overflow = {
            "refuse": self.tr("Send nothing and say so"),
            "drop": self.tr("Leave out the oldest messages"),
            "summarise": self.tr("Replace the oldest messages by a summary"),
        }
        for words, actions in ((reasoning, self._reasoning), (overflow, self._overflow)):
            for name, action in actions.items():
                action.setText(words[name])
        states = {"auto": self.tr("auto"), "on": self.tr("on"), "off": self.tr("off")}
        state = states[str(self._values.get("chat.reasoning", "auto"))]
        self.thinking.name(self.tr("Thinking: {state}").format(state=state))
        self.thinking.setToolTip(self.tr("Whether the model thinks before it answers"))
        self.settings.name(self.tr("Conversation settings"))
        self.settings.setToolTip(self.tr("What holds for this conversation"))
        self.prompts.name(self.tr("Prompts"))
        self.prompts.setToolTip(self.tr("Texts that are kept to be used again"))
        self._heading.setText(self.tr("When the context is full"))
        self._reproducible.setText(self.tr("Reproducible: read everything anew for each reply"))
        self._reproducible.setToolTip(self.tr("The same seed then gives the same text, but slower."))


class Chip(MenuButton):
    """A small button with an icon that opens a menu."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._icon = icon
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.setMenu(menu)

    def name(self, text: str) -> None:
        """Say what it is, to the eye and to a screen reader."""
        self.setText(f" {text}")  # Qt sets icon and text too close
        self.setAccessibleName(text)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.set_arrow_colour(look.colour("muted"))
        self.setIcon(make_icon(self._icon, look.colour("muted")))
        self.setIconSize(look.square(ICON))
        self.setFont(look.small)


def _choices(menu: QMenu, names: Sequence[str], choose: Callable[[str], None]) -> dict[str, QAction]:
    group = QActionGroup(menu)
    actions = {}
    for name in names:
        actions[name] = QAction(menu, checkable=True)
        actions[name].triggered.connect(lambda _checked=False, name=name: choose(name))
        group.addAction(actions[name])
        menu.addAction(actions[name])
    return actions
