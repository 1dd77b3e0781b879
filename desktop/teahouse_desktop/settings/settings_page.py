"""The settings page, made from the declarations: groups of rows, a search, and for which model they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page
from teahouse_desktop.settings.setting_group import SettingGroup
from teahouse_desktop.settings.setting_operations import SettingsRead
from teahouse_desktop.settings.setting_row import InForce, SettingRow
from teahouse_desktop.settings.setting_words import area_of, group_title, in_order
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.fields import ChoiceBox

SECTIONS_WIDTH = 130
AT_ONCE = 5
"""So many rows are made before the window is let live."""

NARROW = 640
"""Below this width the list of sections makes room."""


class SettingsPage(Page):
    """Shows every setting and takes changes.

    Signals:
        changed: (values by key, name of the model or empty): what the person wants kept; None resets.
        model_chosen: Name of the model whose values are wanted; empty for the app's.
        reload_requested: Load the models in memory again.
    """

    changed = Signal(object, str)
    model_chosen = Signal(str)
    reload_requested = Signal()
    is_kept = False

    def __init__(self, look: Look, folder: str, parent: QWidget | None = None) -> None:
        self._folder = folder
        super().__init__(look, parent)
        self.rows: dict[str, SettingRow] = {}
        self._groups: dict[str, SettingGroup] = {}
        self._read: SettingsRead | None = None
        self.is_ready = False
        self._building: Iterator[None] = iter(())
        self._wanted_place = self._failure = ""
        self.search = QLineEdit(self)
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self._search_icon = self.search.addAction(
            make_icon("search", look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self.models = ChoiceBox(self)
        self._models_label = QLabel(self)
        self.sections = QListWidget(self)
        self.scroll = QScrollArea(self)
        self._inside = QWidget(self.scroll)
        self._column = QVBoxLayout(self._inside)
        self._nothing = QLabel(self)
        self.reload_bar = QFrame(self)
        self._reload_label = QLabel(self.reload_bar)
        self.reload = QPushButton(self.reload_bar)
        self._file = QLabel(self)
        self.open_folder = QPushButton(self)
        self._lay_out()
        self._connect()

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.tr("Settings")

    @property
    def model(self) -> str:
        """Name of the model whose values are shown; empty for the app's."""
        return self._read.model if self._read else ""

    # --- what is shown ------------------------------------------------------------------------------

    def show_settings(self, read: SettingsRead, make_row: Callable[..., SettingRow]) -> None:
        """Show these settings in the place of others."""
        self.leave()
        focused = (key for key, row in self.rows.items() if row.field.widget.hasFocus())
        self._wanted_place = self._wanted_place or next(focused, "")
        self._read = read
        for group in self._groups.values():
            self._column.removeWidget(group)
            group.deleteLater()
        self.rows, self._groups, self.is_ready = {}, {}, False
        self._show_models()
        self._building = self._build(read, make_row)
        self._go_on()

    def show_values(self, values: Mapping[str, InForce]) -> None:
        """Show what is in force now; what is being typed stays."""
        here = "model" if self.model else "app"
        for key, in_force in values.items():
            if key in self.rows:
                self.rows[key].show_value(in_force)
                self.rows[key].show_reset(in_force.source == here)

    def show_reload(self, is_wanted: bool, failure: str = "") -> None:
        """Offer to load the model again, or no longer.

        Args:
            failure: Why it could not be loaded.
        """
        self._failure = failure
        self._say_reload()
        self.reload_bar.setVisible(is_wanted)
        if failure:
            accessible.announce(self.reload, failure)

    def filter(self, query: str) -> None:
        """Show only the settings that a query means."""
        shown = 0
        for group in self._groups.values():
            shown += group.filter(query)
        self._nothing.setVisible(bool(self._groups) and not shown)
        self._nothing.setText(self.tr("No setting matches “{query}”.").format(query=query.strip()))
        self._list_sections()

    def go_to(self, place: str) -> None:
        """Put the focus on a setting, or show a group, by key or area."""
        if place not in self.rows and not self.is_ready:
            self._wanted_place = place  # not read yet
            return
        widget = self.rows.get(place) or self._groups.get(place)
        if widget is None:
            return
        if widget.isHidden():
            self.search.clear()
        if place in self.rows:
            self.rows[place].field.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, widget, lambda: self._show_place(widget))

    # --- a page -------------------------------------------------------------------------------------

    def enter(self, place: str = "") -> None:
        """Begin with the search, or at a setting."""
        if place:
            self.go_to(place)
        else:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.selectAll()

    def leave(self) -> None:
        """Keep what was typed last, and make no more rows."""
        self._building = iter(())
        for row in self.rows.values():
            row.flush()

    def discard(self) -> None:
        """Some rows at a time: to take all of them down at once takes longer than a frame."""
        rows, self.rows, self._groups = list(self.rows.values()), {}, {}
        self._building = self._take_down(rows)
        self._go_on()

    def _take_down(self, rows: list[SettingRow]) -> Iterator[None]:
        for count, row in enumerate(rows, 1):
            row.deleteLater()
            if count % AT_ONCE == 0:
                yield
        self.deleteLater()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self._search_icon.setIcon(make_icon("search", look.colour("muted")))
        for row in self.rows.values():
            row.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self.search.setPlaceholderText(self.tr("Search the settings"))
        self.search.setAccessibleName(self.tr("Search the settings"))
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self.models.setAccessibleName(self.tr("For which model"))
        self._models_label.setText(self.tr("For which model"))
        self.sections.setAccessibleName(self.tr("Sections"))
        self.scroll.setAccessibleName(self.tr("Settings"))
        self._say_reload()
        self.reload.setText(self.tr("Load it now"))
        self._file.setText(self.tr("These settings are kept in settings.toml."))
        self.open_folder.setText(self.tr("Open its folder"))
        if self.models.count():
            self.models.setItemText(0, self.tr("For all models"))
        for group in self._groups.values():
            group.retranslate()
        self._list_sections()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends a search before it leaves the page."""
        if event.key() == Qt.Key.Key_Escape and self.search.hasFocus() and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of sections shows where there is room."""
        super().resizeEvent(event)
        self.sections.setVisible(self.width() >= NARROW * max(1.0, self.look.font.pointSizeF() / 10))

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
                self.show_values({setting.key: read.values[setting.key]})
                count += 1
                if self._wanted_place == setting.key:
                    group.show()
                    self._arrive()  # at once: somebody is about to type there
                if count % AT_ONCE == 0 and self._wanted_place not in read.values:
                    yield
            group.filter(self.search.text())
            self._make_room()
        self.is_ready = True
        self.filter(self.search.text())
        self._arrive()
        for row in self.rows.values():
            if row.field.widget.hasFocus():  # it has moved since it got the focus
                QTimer.singleShot(0, row, lambda row=row: self._show_place(row))

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

    def _go_on(self) -> None:
        if next(self._building, self) is None:
            QTimer.singleShot(0, self, self._go_on)

    def _add(self, group: SettingGroup, row: SettingRow) -> None:
        key = row.setting.key
        self.rows[key] = row
        group.add(row)
        row.changed.connect(lambda key, value: self.changed.emit({key: value}, self.model))
        row.reset_requested.connect(self._reset)

    def _reset(self, key: str) -> None:
        self.rows[key].take_back()
        self.changed.emit({key: None}, self.model)

    def _say_reload(self) -> None:
        words = self.tr(
            "What was changed takes effect when the model is loaded again; the next reply does that."
        )
        self._reload_label.setText(self._failure or words)

    def _show_models(self) -> None:
        assert self._read is not None
        self.models.blockSignals(True)
        self.models.clear()
        self.models.addItem(self.tr("For all models"), "")
        for name in self._read.offers.models:
            self.models.addItem(name, name)
        self.models.setCurrentIndex(max(0, self.models.findData(self._read.model)))
        self.models.blockSignals(False)

    def _list_sections(self) -> None:
        shown = [area for area, group in self._groups.items() if not group.isHidden()]
        self.sections.blockSignals(True)
        self.sections.clear()
        for area in shown:
            self.sections.addItem(group_title(area))
        self._sections = shown
        if not self.search.text():  # it does not jump while somebody searches
            widest = self.sections.sizeHintForColumn(0) + 12
            self.sections.setFixedWidth(min(max(widest, SECTIONS_WIDTH), 2 * SECTIONS_WIDTH))
        self.sections.blockSignals(False)

    def _go_to_section(self, row: int) -> None:
        if 0 <= row < len(self._sections):
            self._show_place(self._groups[self._sections[row]])

    def _show_place(self, widget: QWidget) -> None:
        top = widget.mapTo(self._inside, widget.rect().topLeft()).y()
        self.scroll.verticalScrollBar().setValue(max(0, top - 8))

    def _on_search(self, query: str) -> None:
        self.filter(query)
        if query and self._nothing.isVisible():
            accessible.announce(self.search, self._nothing.text())

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.models.currentIndexChanged.connect(
            lambda _row: self.model_chosen.emit(str(self.models.currentData() or ""))
        )
        self.sections.currentRowChanged.connect(self._go_to_section)
        self.reload.clicked.connect(self.reload_requested)
        self.open_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)))

    def _lay_out(self) -> None:
        self._sections: list[str] = []
        self.head.addWidget(self.models)
        self._models_label.setParent(self.models.parentWidget())
        self._models_label.setBuddy(self.models)  # on Linux screen readers ask a choice for its label
        self._models_label.hide()
        self.models.setMaximumWidth(260)
        self.models.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.models.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sections.setObjectName("sections")
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing.setProperty("kind", "muted")
        self._nothing.hide()
        self._column.setContentsMargins(5, 4, 10, 4)
        self._column.setSpacing(12)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        self.scroll.setWidget(self._inside)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.sections)
        middle.addWidget(self.scroll, 1)
        self.body.addWidget(self.search)
        self.body.addWidget(self._bar())
        self.body.addLayout(middle, 1)
        self.body.addLayout(self._foot())

    def _bar(self) -> QWidget:
        self.reload_bar.setObjectName("bar")
        self._reload_label.setWordWrap(True)
        self.reload.setProperty("kind", "plain")
        row = QHBoxLayout(self.reload_bar)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._reload_label, 1)
        row.addWidget(self.reload)
        self.reload_bar.hide()
        return self.reload_bar

    def _foot(self) -> QHBoxLayout:
        self._file.setProperty("kind", "muted")
        self._file.setWordWrap(True)
        self._file.setToolTip(self._folder)
        self.open_folder.setProperty("kind", "plain")
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(self.open_folder)
        return row
