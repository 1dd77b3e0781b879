"""The model in use: its name, its state in words, and a menu to choose another."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from teahouse.engine.devices import Machine, cards_text
from teahouse.events import EngineState
from teahouse.language import listed
from teahouse.models.library import Model
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.tips import with_name
from teahouse_desktop.operations import ModelList
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.menu_button import MenuButton
from teahouse_desktop.widgets.progress import ProgressLine, percent

NOTHING = ModelList((), (), "", None)
LONGEST_NAME = 44


class ModelPicker(QWidget):
    """Shows and chooses the model.

    Signals:
        chosen: Name of the model to use.
        unload_requested: Name of the model to free.
        settings_requested: Name of the model whose settings are to be shown.
        fetch_requested: The catalogue's entry to download.
        add_requested: A file of one's own is to be added.
        all_requested: The page of models is to be shown.
        remove_requested: Name of the model to take away.
        load_stopped: Loading is to end.
        opened: The menu opens: a good moment to look for new files.
    """

    chosen = Signal(str)
    unload_requested = Signal(str)
    settings_requested = Signal(str)
    fetch_requested = Signal(object)
    add_requested = Signal()
    all_requested = Signal()
    remove_requested = Signal(str)
    load_stopped = Signal()
    opened = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = NOTHING
        self._current = ""
        self._states: dict[str, EngineState] = {}
        self._machine: Machine | None = None
        self.button = MenuButton(self)
        self.menu = QMenu(self.button)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.opened)
        self.removal = QMenu(self.menu)
        self.removal.setToolTipsVisible(True)
        self.button.setMenu(self.menu)
        self.state = ElidedLabel(self)
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.load_stopped)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addWidget(self.state)
        layout.addWidget(self.progress)
        self.set_look(look)
        self._show()

    # --- what it shows ------------------------------------------------------------------------------

    @property
    def models(self) -> ModelList:
        """The models it offers."""
        return self._list

    @property
    def current(self) -> str:
        """Name of the model in use: the chosen one, else the first that works; empty for none."""
        return self.meant_by(self._current)

    def meant_by(self, name: str) -> str:
        """The model that a conversation with this one uses; empty stands for the default, and for none."""
        names = [model.name for model in self._list.models if not model.problem]
        if name:
            return name if name in (*names, self._list.default) else ""
        return self._list.default or next(iter(names), "")

    @property
    def has_model(self) -> bool:
        """Whether any model can be used."""
        return bool(self._list.default) or any(not model.problem for model in self._list.models)

    def show_models(self, models: ModelList) -> None:
        """Offer these."""
        self._list = models
        for name, state in list(self._states.items()):
            if state.state == "ready" and name not in models.loaded:
                del self._states[name]
        for name in models.loaded:
            self._states.setdefault(name, EngineState(name, "ready"))
        self._show()

    def show_current(self, name: str) -> None:
        """The open conversation uses this model; empty for the default."""
        self._current = name
        self._show()

    def open_menu(self) -> None:
        """Open the menu.

        The button's own `showMenu` would hold the lock of Python's threads until the menu closes, and with
        it every reply.
        """
        self.menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))

    def show_machine(self, machine: Machine) -> None:
        """This is what the build can use on this machine."""
        self._machine = machine
        self._show()

    def show_engine(self, state: EngineState) -> None:
        """An engine has changed."""
        self._states[state.model] = state
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.look = look
        self.button.set_arrow_colour(look.colour("muted"))
        self._eject = make_icon("eject", look.colour("muted"))
        self._download = make_icon("download", look.colour("muted"))
        self._sliders = make_icon("sliders-horizontal", look.colour("muted"))
        self._plus = make_icon("plus", look.colour("muted"))
        self._all = make_icon("box", look.colour("muted"))
        self._remove = make_icon("x", look.colour("muted"))
        self.progress.set_look(look)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Say things again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _show(self) -> None:
        name = self.current
        shown = (
            name or self._current or (self.tr("Choose a model") if self.has_model else self.tr("No model"))
        )
        self.button.setText(shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…")
        self.button.setAccessibleName(self.tr("Model: {name}").format(name=shown))
        about = [self.tr("Choose the model"), cards_text(self._machine) if self._machine else ""]
        self.button.setToolTip(with_name(shown, "\n".join(words for words in about if words)))
        self._show_state(name)
        self._fill_menu(name)

    def _show_state(self, name: str) -> None:
        state = self._states.get(name)
        is_loading = state is not None and state.state == "loading"
        words = self._words(name, state)
        self.state.setText("" if is_loading else words)
        self.state.setVisible(bool(words) and not is_loading)
        kind = "danger" if state is not None and state.state == "crashed" else "muted"
        if self.state.property("kind") != kind:
            self.state.setProperty("kind", kind)
            self.state.style().polish(self.state)
        self.state.setToolTip(state.text if state is not None else "")
        if is_loading and state is not None:
            self.progress.show_progress(words, state.fraction)
        else:
            self.progress.hide()

    def _words(self, name: str, state: EngineState | None) -> str:
        if not name and self._current:
            return self.tr("This model is not here any more")
        if not name:
            return ""
        if state is None or state.state == "unloaded":
            return self.tr("not in memory")
        if state.state == "loading":
            return self.tr("loading {percent}").format(percent=percent(state.fraction))
        return (
            self.tr("ready")
            if state.state == "ready"
            else self.tr("crashed; it starts again with the next message")
        )

    def _fill_menu(self, current: str) -> None:
        self.menu.clear()
        group = QActionGroup(self.menu)
        for model in self._list.models:
            self._add_model(model, group, is_current=model.name == current)
        if not self._list.models:
            self.menu.addAction(self.tr("No model is here yet")).setEnabled(False)
        self.menu.addSeparator()
        self._add_uses(current)
        self._add_changes()
        if self._machine:
            self.menu.addSeparator()
            action = self.menu.addAction(self._what_it_uses(self._machine))
            action.setEnabled(False)
            action.setToolTip(cards_text(self._machine))

    def _add_uses(self, current: str) -> None:
        """What can be done with the models that are here."""
        if current in [model.name for model in self._list.models]:
            title = self.tr("Settings of this model …")
            self.menu.addAction(self._sliders, title, partial(self.settings_requested.emit, current))
        for name in [name for name, state in self._states.items() if state.state == "ready"]:
            title = self.tr("Unload {name}").format(name=name)
            self.menu.addAction(self._eject, title, partial(self.unload_requested.emit, name))

    def _add_changes(self) -> None:
        """Ways to more models, and to fewer."""
        if self._list.starter:
            title = self.tr("Get the starter model …")
            act = partial(self.fetch_requested.emit, self._list.starter)
            self.menu.addAction(self._download, title, act)
        self.menu.addAction(self._plus, self.tr("Add a GGUF file …"), self.add_requested.emit)
        self.menu.addAction(self._all, self.tr("All models …"), self.all_requested.emit)
        self.removal.clear()
        self.removal.setTitle(self.tr("Remove"))
        self.removal.setIcon(self._remove)
        for model in self._list.models:
            if model.path is not None:
                title = self.tr("{name} …").format(name=model.name.replace("&", "&&"))
                action = self.removal.addAction(title, partial(self.remove_requested.emit, model.name))
                action.setToolTip(model.problem or str(model.path))
        if not self.removal.isEmpty():
            self.menu.addMenu(self.removal)

    def _what_it_uses(self, machine: Machine) -> str:
        if not machine.has_gpu_offload:
            return self.tr("This build computes on the processor only")
        if not machine.cards:
            return self.tr("No graphics card is seen")
        return self.tr("Graphics: {cards}").format(
            cards=listed(
                f"{card.description or card.name}, {size_in_words(card.total_bytes)}"
                for card in machine.cards
            )
        )

    def _add_model(self, model: Model, group: QActionGroup, *, is_current: bool) -> QAction:
        about = self.tr("cannot be used") if model.problem else ""
        if not about and model.size_bytes:
            about = size_in_words(model.size_bytes)
        title = model.name.replace("&", "&&")
        action = self.menu.addAction(f"{title}\t{about}" if about else title)
        action.setCheckable(True)
        action.setChecked(is_current)
        action.setEnabled(not model.problem)
        action.setToolTip(model.problem or model.name)
        action.triggered.connect(partial(self.chosen.emit, model.name))
        group.addAction(action)
        return action
