"""Where a change goes: to the conversation, a preset, the model, or the whole app."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel, QWidget

from teahouse_desktop.forms import ChoiceBox, StackRow
from teahouse_sampling.panel.reading import SCOPES, Read, Scope
from teahouse_sampling.panel.words import _


class ScopeBar(StackRow):
    """The choice.

    Signals:
        chosen: The `Scope` that changes go to from now on.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        self.label = QLabel(_("Changes hold for"))
        self.box = ChoiceBox()
        super().__init__(self.label, self.box, parent)
        self.box.setAccessibleName(self.label.text())
        self.label.setBuddy(self.box)
        for scope in SCOPES:
            self.box.addItem(scope, scope)
        self.box.activated.connect(lambda _place: self.chosen.emit(str(self.box.currentData())))

    def show_read(self, read: Read) -> None:
        """Show where changes go, and where they can go."""
        is_own = read.preset is not None and not read.preset.is_built_in
        title = read.preset.title if read.preset else ""
        if is_own:
            preset = _("the preset “{name}”").format(name=title)
        elif title:
            preset = _("“{name}” (comes with Teahouse, stays as it is)").format(name=title)
        else:
            preset = _("a preset (none is chosen)")
        model = _("the model {name}") if read.place.model else _("a model (there is none)")
        words = {
            "conversation": _("this conversation"),
            "preset": preset,
            "model": model.format(name=read.place.model),
            "app": _("the whole app"),
        }
        possible = {"preset": is_own, "model": bool(read.place.model)}
        model_of_box = self.box.model()
        for place, scope in enumerate(SCOPES):
            self.box.setItemText(place, words[scope])
            if isinstance(model_of_box, QStandardItemModel):
                model_of_box.item(place).setEnabled(possible.get(scope, True))
        self.box.setCurrentIndex(SCOPES.index(read.place.scope))
        self.box.setToolTip(words[read.place.scope])

    @property
    def scope(self) -> Scope:
        """Where changes go."""
        return SCOPES[max(0, self.box.currentIndex())]
