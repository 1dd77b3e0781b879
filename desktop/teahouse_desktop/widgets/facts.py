"""Facts in two columns, what each is and its value, which can be selected and are read out as one."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from teahouse_desktop.widgets.cards import make_label

SHA256_DIGITS = 64
GROUP = 8


class Facts(QScrollArea):
    """The facts one below the other; what does not fit is scrolled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[str, str]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(2, 2, 8, 2)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def lines(self) -> list[str]:
        """What is shown, each fact as it is copied."""
        return [f"{label}: {value}" for label, value in self._lines]

    def show_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Show (what it is, its value) in this order, in the place of what was shown."""
        self._lines = list(lines)
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for row, (label, value) in enumerate(self._lines):
            named, told = make_label("muted"), make_label()
            named.setText(label)
            named.setWordWrap(False)
            told.setText(in_groups(value))
            told.setAccessibleName(f"{label}: {value}")
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(named, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(told, row, 1)
        self._grid.setRowStretch(self._grid.rowCount(), 1)


def in_groups(value: str) -> str:
    """A hash in groups, so that a line can end behind one; anything else as it is."""
    if len(value) == SHA256_DIGITS and value.isalnum():
        return " ".join(value[start : start + GROUP] for start in range(0, SHA256_DIGITS, GROUP))
    return value
