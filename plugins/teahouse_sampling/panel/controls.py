"""The panel "Sampling": every control, where a change goes, presets, a search, and the chain in its order."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QToolButton, QVBoxLayout, QWidget

from teahouse_desktop.forms import NoticeBar, make_text, put_in_order
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_sampling.panel.drawing import Effect, effect_of
from teahouse_sampling.panel.explaining import Explained
from teahouse_sampling.panel.groups import Groups
from teahouse_sampling.panel.preset_bar import PresetBar
from teahouse_sampling.panel.reading import Read
from teahouse_sampling.panel.scope_bar import ScopeBar
from teahouse_sampling.panel.value_row import ValueRow
from teahouse_sampling.panel.where_bar import WhereBar
from teahouse_sampling.panel.words import _


class ControlsPanel(QWidget):
    """The widget; what people do on it is told by signals, and the desk does it.

    Signals:
        changed: (key, value) that the person wants.
        reset_requested: Keys whose choice is taken back.
        row_made: A `ValueRow`, so that the desk may connect what only it knows.
        shown: The panel is on the screen again.
        built: Everything is there.
    """

    changed = Signal(str, object)
    reset_requested = Signal(object)
    row_made = Signal(object)
    shown = Signal()
    built = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._read: Read | None = None
        self._explained = Explained()
        self._building: Iterator[None] = iter(())
        self.scope = ScopeBar(self)
        self.presets = PresetBar(look, self)
        self.search = QLineEdit(self)
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self.notices = NoticeBar(look, self)
        self.where = WhereBar(look, self)
        self.nothing = make_text(self, "muted")
        self.nothing.hide()
        self.groups = Groups(look, self)
        self._tab_timer = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._connect()

    @property
    def rows(self) -> dict[str, list[ValueRow]]:
        """The rows that are there, by key; a basic value has a second one at its stage."""
        return self.groups.rows

    @property
    def is_ready(self) -> bool:
        """Whether everything is there."""
        return self.groups.is_ready

    def show_read(self, read: Read) -> None:
        """Show these values; the first time the rows are made, some at a time."""
        is_first, self._read = self._read is None, read
        self.scope.show_read(read)
        self.presets.show_presets(read)
        if is_first:
            self._building = self.groups.build(read)
            self._go_on()
        else:
            self.groups.show_read(read)

    def show_explained(self, explained: Explained) -> None:
        """Draw what the stages do, or say why that is not known."""
        self._explained = explained
        self.where.show_explained(explained)
        self.groups.show_effects(self._effect)

    def filter(self, query: str) -> None:
        """Show only what a query means."""
        count = self.groups.filter(query)
        self.where.setVisible(not query)
        self.nothing.setText(_("No control matches “{query}”.").format(query=query.strip()))
        self.nothing.setVisible(bool(query) and not count)

    def flush(self) -> None:
        """What was typed last counts now."""
        self.groups.flush()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self._search_icon.setIcon(make_icon("search", look.colour("muted")))
        for part in (self.presets, self.notices, self.where, self.groups):
            part.set_look(look)

    # --- Qt -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Things may have changed while nobody looked."""
        super().showEvent(event)
        self.shown.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The window gives the panel the focus when it opens: people begin with the search."""
        super().focusInEvent(event)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends a search."""
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus() and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _effect(self, stage: str) -> Effect:
        told = self._explained
        if told.stages:
            return effect_of(told.stages, stage, told.pieces)
        return Effect(words=told.absence, is_absent=True)

    def _go_on(self) -> None:
        if next(self._building, self) is None:
            QTimer.singleShot(0, self, self._go_on)
            return
        self.groups.show_effects(self._effect)
        self.filter(self.search.text())
        self.built.emit()

    def _connect(self) -> None:
        self.search.textChanged.connect(self.filter)
        self.groups.changed.connect(self.changed)
        self.groups.reset_requested.connect(self.reset_requested)
        self.groups.row_made.connect(self._on_row)
        self.groups.changed.connect(lambda _key, _value: self._tab_timer.start())
        self._tab_timer.timeout.connect(lambda: put_in_order(self))
        self.built.connect(self._tab_timer.start)

    def _on_row(self, row: ValueRow) -> None:
        self.row_made.emit(row)
        self._tab_timer.start()

    def _lay_out(self) -> None:
        self._search_icon = self.search.addAction(
            make_icon("search", self._look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self.search.setPlaceholderText(_("Search the controls"))
        self.search.setAccessibleName(_("Search the controls"))
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName(_("Clear the search"))
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(10, 4, 10, 10)
        column.setSpacing(8)
        for part in (self.nothing, self.where, self.groups):
            column.addWidget(part)
        column.addStretch(1)
        self.area = QScrollArea(self)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(_("Controls"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QVBoxLayout()
        head.setContentsMargins(10, 8, 10, 2)
        head.setSpacing(6)
        for widget in (self.scope, self.presets, self.search, self.notices):
            head.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
