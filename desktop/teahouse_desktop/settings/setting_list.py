"""The groups of settings below each other, made and taken down some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.settings.setting_group import SettingGroup
from teahouse_desktop.settings.setting_operations import SettingsRead
from teahouse_desktop.settings.setting_row import InForce, SettingRow
from teahouse_desktop.settings.setting_words import area_of, in_order

AT_ONCE = 5
"""So many rows are made, or go, before the window is let live."""


class SettingList(QScrollArea):
    """All rows, or those that a search means.

    Signals:
        changed: (key, value) that the person wants.
        reset_requested: Key of the setting whose choice is taken back.
        built: All rows are there.
        hidden_wanted: Somebody goes to a row that the search hides.

    Attributes:
        rows: By key; they come one after the other.
        is_ready: All rows are there.
    """

    changed = Signal(str, object)
    reset_requested = Signal(str)
    built = Signal()
    hidden_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: dict[str, SettingRow] = {}
        self.is_ready = False
        self._groups: dict[str, SettingGroup] = {}
        self._building: Iterator[None] = iter(())
        self._query = self._wanted_place = ""
        self._inside = QWidget(self)
        self.nothing = QLabel(self._inside)
        self.nothing.setProperty("kind", "muted")
        self.nothing.hide()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(5, 4, 10, 4)
        self._column.setSpacing(12)
        self._column.addWidget(self.nothing)
        self._column.addStretch(1)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def areas(self) -> list[str]:
        """The groups that are shown."""
        return [area for area, group in self._groups.items() if not group.isHidden()]

    def show_settings(self, read: SettingsRead, make_row: Callable[..., SettingRow]) -> None:
        """Show these settings in the place of others; the focus stays on the one that has it."""
        focused = (key for key, row in self.rows.items() if row.field.widget.hasFocus())
        self._wanted_place = self._wanted_place or next(focused, "")
        for group in self._groups.values():
            self._column.removeWidget(group)
            group.deleteLater()
        self.rows, self._groups, self.is_ready = {}, {}, False
        self._building = self._build(read, make_row)
        self._go_on()

    def show_values(self, values: Mapping[str, InForce], *, is_of_model: bool) -> None:
        """Show what is in force now; what is being typed stays."""
        here = "model" if is_of_model else "app"
        for key, in_force in values.items():
            if key in self.rows:
                self.rows[key].show_value(in_force)
                self.rows[key].show_reset(in_force.source == here)

    def filter(self, query: str) -> None:
        """Show only the settings that a query means."""
        self._query = query
        shown = sum(group.filter(query) for group in self._groups.values())
        self.nothing.setVisible(bool(self._groups) and not shown)
        self.nothing.setText(_no_match().format(query=query.strip()))

    def go_to(self, place: str) -> None:
        """Put the focus on a setting, or show a group, by key or area; also of one that is still to come."""
        if place not in self.rows and not self.is_ready:
            self._wanted_place = place
            return
        widget = self.rows.get(place) or self._groups.get(place)
        if widget is None:
            return
        if widget.isHidden():
            self.hidden_wanted.emit()
        if place in self.rows:
            self.rows[place].field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, widget, lambda: self._show_place(widget))

    def show_area(self, area: str) -> None:
        """Scroll to a group."""
        self._show_place(self._groups[area])

    def stop(self) -> None:
        """Take what was typed last, and make no more rows."""
        self._building = iter(())
        for row in self.rows.values():
            row.flush()

    def take_down(self, then: Callable[[], object]) -> None:
        """Let the rows go: all at once takes longer than a frame."""
        rows, self.rows, self._groups = list(self.rows.values()), {}, {}
        self._building = _deleting(rows, then)
        self._go_on()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        for row in self.rows.values():
            row.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        for group in self._groups.values():
            group.retranslate()

    # --- inside -----------------------------------------------------------------------------------

    def _build(self, read: SettingsRead, make_row: Callable[..., SettingRow]) -> Iterator[None]:
        """Make the rows, some at a time: the window is to stay quick meanwhile."""
        count = 0
        for area in in_order(area_of(one.key) for one in read.declared):
            group = self._groups[area] = SettingGroup(area, self._inside)
            group.hide()  # until it is whole: rows added to one on the screen are squashed at first
            group.retranslate()
            self._column.insertWidget(self._column.count() - 1, group)
            for setting in [one for one in read.declared if area_of(one.key) == area]:
                self._add(group, make_row(setting, group))
                self.show_values({setting.key: read.values[setting.key]}, is_of_model=bool(read.model))
                count += 1
                if self._wanted_place == setting.key:
                    group.show()
                    self._arrive()  # at once: somebody is about to type there
                if count % AT_ONCE == 0 and self._wanted_place not in read.values:
                    yield
            group.filter(self._query)
            self._make_room()
        self.is_ready = True
        self.filter(self._query)
        self.built.emit()
        self._arrive()
        for row in self.rows.values():
            if row.field.widget.hasFocus():  # it has moved since it got the focus
                QTimer.singleShot(0, row, lambda row=row: self._show_place(row))

    def _go_on(self) -> None:
        if next(self._building, self) is None:
            QTimer.singleShot(0, self, self._go_on)

    def _add(self, group: SettingGroup, row: SettingRow) -> None:
        self.rows[row.setting.key] = row
        group.add(row)
        row.changed.connect(self.changed)
        row.reset_requested.connect(self.reset_requested)

    def _make_room(self) -> None:
        """At once: rows that wait for it would be painted squashed first."""
        self._column.activate()
        size = self._inside.size()
        if self._column.hasHeightForWidth():
            wanted = self._column.totalHeightForWidth(size.width())
        else:
            wanted = self._column.totalSizeHint().height()
        self._inside.resize(size.width(), max(size.height(), wanted))

    def _arrive(self) -> None:
        place, self._wanted_place = self._wanted_place, ""
        if place in self.rows or place in self._groups:
            self.go_to(place)

    def _show_place(self, widget: QWidget) -> None:
        top = widget.mapTo(self._inside, widget.rect().topLeft()).y()
        self.verticalScrollBar().setValue(max(0, top - 8))


def _deleting(rows: list[SettingRow], then: Callable[[], object]) -> Iterator[None]:
    for count, row in enumerate(rows, 1):
        row.deleteLater()
        if count % AT_ONCE == 0:
            yield
    then()


def _no_match() -> str:
    return translate("SettingsPage", "No setting matches “{query}”.")
