"""A group of settings on their page: a heading and a card of rows."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from teahouse_desktop.settings.setting_row import SettingRow
from teahouse_desktop.settings.setting_words import group_title, is_meant


class SettingGroup(QWidget):
    """The settings of one area."""

    def __init__(self, area: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = area
        self._rows: list[SettingRow] = []
        self._lines: list[QFrame] = []
        self._heading = QLabel(self)
        self._heading.setProperty("kind", "strong")
        self._card = QFrame(self)
        self._card.setObjectName("card")
        self._inside = QVBoxLayout(self._card)
        self._inside.setContentsMargins(16, 10, 16, 10)
        self._inside.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._heading)
        column.addWidget(self._card)

    def add(self, row: SettingRow) -> None:
        """Put a row below the others."""
        line = QFrame(self._card)
        line.setObjectName("line")
        line.setFixedHeight(1)
        self._inside.addWidget(line)
        self._inside.addWidget(row)
        self._rows.append(row)
        self._lines.append(line)

    def filter(self, query: str) -> int:
        """Show only the rows that a query means, or all where it means the group; returns how many."""
        is_all = is_meant(group_title(self.area).casefold(), query)
        shown = [is_all or is_meant(row.text, query) for row in self._rows]
        for row, line, is_shown in zip(self._rows, self._lines, shown, strict=True):
            row.setVisible(is_shown)
            line.setVisible(is_shown)
        if True in shown:
            self._lines[shown.index(True)].hide()
        self.setVisible(True in shown)
        return sum(shown)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self._heading.setText(group_title(self.area))
        for row in self._rows:
            row.retranslate()
