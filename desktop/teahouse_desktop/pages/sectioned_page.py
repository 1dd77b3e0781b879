"""A page of several sections, of which a row of tabs shows one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QToolButton, QWidget

from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page
from teahouse_desktop.widgets.flow import FlowRow


class Section(Protocol):
    """A widget that is one part of a page."""

    def enter(self) -> None:
        """Put the focus where work begins."""

    def set_look(self, look: Look) -> None:
        """Take another theme."""


class SectionedPage(Page):
    """The sections, the first one shown; subclasses place `tab_row` and `stack` and name the tabs.

    Signals:
        shown: Name of the section that is shown now.

    Args:
        sections: Widgets by their names.
    """

    shown = Signal(str)
    is_kept = False

    def __init__(self, sections: Mapping[str, Section], look: Look, parent: QWidget | None = None) -> None:
        self._sections = dict(sections)  # before the page takes the look, which is theirs too
        super().__init__(look, parent)
        self.tabs = {name: QToolButton(self) for name in sections}
        self.stack, group = QStackedWidget(self), QButtonGroup(self)
        for name, tab in self.tabs.items():
            tab.setCheckable(True)
            tab.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            tab.clicked.connect(lambda _checked=False, name=name: self.show_section(name))
            group.addButton(tab)
            self.stack.addWidget(cast("QWidget", sections[name]))
        next(iter(self.tabs.values())).setChecked(True)
        self.tab_row = FlowRow(self, left=tuple(self.tabs.values()))

    @property
    def section(self) -> str:
        """Name of the section that is shown."""
        return next(name for name, tab in self.tabs.items() if tab.isChecked())

    def show_section(self, name: str, *, has_focus: bool = False) -> None:
        """Show a section, with the focus in it if wanted."""
        section = self._sections[name]
        self.tabs[name].setChecked(True)
        self.stack.setCurrentWidget(cast("QWidget", section))
        self.shown.emit(name)
        if has_focus:
            section.enter()

    def name_tabs(self, titles: Mapping[str, str]) -> None:
        """Say what the sections are called."""
        for name, title in titles.items():
            self.tabs[name].setText(title)
            self.tabs[name].setAccessibleName(title)

    def enter(self, place: str = "") -> None:
        """Begin with the section that is shown, or another one."""
        self.show_section(place if place in self._sections else self.section)
        self.tabs[self.section].setFocus(Qt.FocusReason.OtherFocusReason)

    def take_look(self, look: Look) -> None:
        """The sections too."""
        super().take_look(look)
        for section in self._sections.values():
            section.set_look(look)
