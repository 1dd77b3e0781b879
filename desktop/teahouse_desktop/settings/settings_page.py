"""The settings page, made from the declarations: groups of rows, a search, and for which model they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QPushButton, QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page
from teahouse_desktop.settings.reload_bar import ReloadBar
from teahouse_desktop.settings.setting_list import SettingList
from teahouse_desktop.settings.setting_operations import SettingsRead
from teahouse_desktop.settings.setting_row import InForce, SettingRow
from teahouse_desktop.settings.setting_words import group_title
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.fields import ChoiceBox

SECTIONS_WIDTH = 130

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
        self._read: SettingsRead | None = None
        self._sections: list[str] = []
        self.search = QLineEdit(self)
        self.search.setObjectName("search")
        self.search.setClearButtonEnabled(True)
        self._search_icon = self.search.addAction(
            make_icon("search", look.colour("muted")), QLineEdit.ActionPosition.LeadingPosition
        )
        self.models = ChoiceBox(self)
        self._models_label = QLabel(self)
        self.sections = QListWidget(self)
        self.list = SettingList(self)
        self.reload_bar = ReloadBar(self)
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

    @property
    def rows(self) -> Mapping[str, SettingRow]:
        """The rows that are there, by key."""
        return self.list.rows

    @property
    def is_ready(self) -> bool:
        """Whether all rows are there."""
        return self.list.is_ready

    # --- what is shown ------------------------------------------------------------------------------

    def show_settings(self, read: SettingsRead, make_row: Callable[..., SettingRow]) -> None:
        """Show these settings in the place of others."""
        self.leave()
        self._read = read
        self._show_models()
        self.list.show_settings(read, make_row)

    def show_values(self, values: Mapping[str, InForce]) -> None:
        """Show what is in force now; what is being typed stays."""
        self.list.show_values(values, is_of_model=bool(self.model))

    def filter(self, query: str) -> None:
        """Show only the settings that a query means."""
        self.list.filter(query)
        self._list_sections()

    # --- a page -------------------------------------------------------------------------------------

    def enter(self, place: str = "") -> None:
        """Begin with the search, or at a setting."""
        if place:
            self.list.go_to(place)
        else:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.selectAll()

    def leave(self) -> None:
        """Keep what was typed last, and make no more rows."""
        self.list.stop()

    def discard(self) -> None:
        """Some rows at a time."""
        self.list.take_down(self.deleteLater)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self._search_icon.setIcon(make_icon("search", look.colour("muted")))
        self.list.set_look(look)

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
        self.list.setAccessibleName(self.tr("Settings"))
        self.reload_bar.retranslate()
        self._file.setText(self.tr("These settings are kept in settings.toml."))
        self.open_folder.setText(self.tr("Open its folder"))
        if self.models.count():
            self.models.setItemText(0, self.tr("For all models"))
        self.list.retranslate()
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

    def _reset(self, key: str) -> None:
        self.rows[key].take_back()
        self.changed.emit({key: None}, self.model)

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
        shown = self.list.areas
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
            self.list.show_area(self._sections[row])

    def _on_search(self, query: str) -> None:
        self.filter(query)
        if query and self.list.nothing.isVisible():
            accessible.announce(self.search, self.list.nothing.text())

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.models.currentIndexChanged.connect(
            lambda _row: self.model_chosen.emit(str(self.models.currentData() or ""))
        )
        self.sections.currentRowChanged.connect(self._go_to_section)
        self.list.changed.connect(lambda key, value: self.changed.emit({key: value}, self.model))
        self.list.reset_requested.connect(self._reset)
        self.list.built.connect(self._list_sections)
        self.list.hidden_wanted.connect(self.search.clear)
        self.reload_bar.wanted.connect(self.reload_requested)
        self.open_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)))

    def _lay_out(self) -> None:
        self.head.addWidget(self.models)
        self._models_label.setParent(self.models.parentWidget())
        self._models_label.setBuddy(self.models)  # on Linux screen readers ask a choice for its label
        self._models_label.hide()
        self.models.setMaximumWidth(260)
        self.models.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.models.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.sections.setObjectName("sections")
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.sections)
        middle.addWidget(self.list, 1)
        self.body.addWidget(self.search)
        self.body.addWidget(self.reload_bar)
        self.body.addLayout(middle, 1)
        self.body.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self._file.setProperty("kind", "muted")
        self._file.setWordWrap(True)
        self._file.setToolTip(self._folder)
        self.open_folder.setProperty("kind", "plain")
        row = QHBoxLayout()
        row.addWidget(self._file, 1)
        row.addWidget(self.open_folder)
        return row
