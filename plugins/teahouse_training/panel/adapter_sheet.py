"""The sheet with all adapters that fit the model: which act here, and how strongly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from teahouse_desktop.forms import CheckBox, FlowRow, Heading, NumberField, Span, make_text
from teahouse_training.panel.values import Offered
from teahouse_training.panel.words import _

WHOLE, MOST = 100.0, 150.0
"""Percent: as it was trained, and the most that is allowed."""


class AdapterRow(QFrame):
    """One adapter: a switch, a slider, where it comes from.

    Signals:
        scaled: (name, scale) in which it is to act; None for not at all.
    """

    scaled = Signal(str, object)

    def __init__(self, offered: Offered, parent: QWidget) -> None:
        super().__init__(parent)
        self.offered = offered
        self.switch = CheckBox(self)
        self.switch.setText(offered.name)
        self.scale = NumberField(Span(0.0, MOST, is_whole=True, step=5), WHOLE, self)
        self.scale.name(_("How strongly {name} acts, in percent").format(name=offered.name))
        self.detail = make_text(
            self, "danger" if offered.problem else "muted", offered.problem or offered.detail
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(2)
        column.addWidget(self.switch)
        column.addWidget(self.scale)
        column.addWidget(self.detail)
        self.detail.setVisible(bool(self.detail.text()))
        self.switch.setEnabled(not offered.problem)
        self.switch.clicked.connect(self._on_switched)
        self.scale.changed.connect(lambda _value: self.scaled.emit(offered.name, self.value))
        self.show_scale(None)

    @property
    def value(self) -> float | None:
        """How strongly it acts, 1 as it was trained; None where it does not."""
        return self.scale.value / WHOLE if self.switch.isChecked() else None

    def show_scale(self, scale: float | None) -> None:
        """Show how strongly it acts; None for not at all."""
        self.switch.setChecked(scale is not None)
        if scale is not None:
            self.scale.set_value(scale * WHOLE)
        self.scale.setVisible(scale is not None)

    def _on_switched(self, is_on: bool) -> None:
        self.scale.setVisible(is_on)
        self.scaled.emit(self.offered.name, self.value)


class AdapterSheet(QWidget):
    """All of them.

    Signals:
        scaled: (name, scale) in which one is to act from the next token on; None for not at all.
        training_requested: The person wants to train, or to see the trainings.
        library_requested: The person wants to add, rename, export or remove adapters.
    """

    scaled = Signal(str, object)
    training_requested = Signal()
    library_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Adapters"))
        self.rows: list[AdapterRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 14, 10)
        self._column.setSpacing(4)
        self._column.addWidget(Heading(_("Adapters"), self))
        words = _(
            "What the model has learned besides. 100 % is as it was trained; it holds from the next token on."
        )
        self._column.addWidget(make_text(self, "muted", words))
        self.more = QPushButton(_("Train a model …"), self)
        self.manage = QPushButton(_("Add, rename, remove …"), self)
        self.more.clicked.connect(self.training_requested)
        self.manage.clicked.connect(self.library_requested)
        for button in (self.more, self.manage):
            button.setProperty("kind", "plain")
        self._column.addWidget(FlowRow(self, left=(self.more, self.manage)))

    def show_offered(self, offered: Sequence[Offered], scales: Mapping[str, float]) -> None:
        """Show these; rows of those that stay are kept, with the focus."""
        if [row.offered for row in self.rows] != list(offered):
            for row in self.rows:
                self._column.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.rows = [AdapterRow(one, self) for one in offered]
            for place, row in enumerate(self.rows, 2):
                self._column.insertWidget(place, row)
                row.scaled.connect(self.scaled)
        for row in self.rows:
            row.show_scale(scales.get(row.offered.name))

    def focus(self, name: str) -> None:
        """Put the focus on the slider of one."""
        for row in self.rows:
            if row.offered.name == name and row.value is not None:
                row.scale.slider.setFocus()


def percent_of(scale: float) -> str:
    """A scale as people read it."""
    return _("{percent} %").format(percent=round(scale * WHOLE))
