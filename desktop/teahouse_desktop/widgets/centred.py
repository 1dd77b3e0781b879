"""A column of limited width in the middle of a page; what does not fit is scrolled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

WIDTH = 560
"""In pixels at 10 points."""

COLUMN = "narrow"


def make_label(kind: str = "") -> QLabel:
    """A text that takes as many lines as it needs."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label


def _scrolled(widget: QWidget) -> QWidget:
    """The inside of `widget`, which can be scrolled where the window is low or the font large."""
    area = QScrollArea(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    host = QWidget(area)
    area.setWidget(host)
    whole = QVBoxLayout(widget)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)
    return host


def limit(page: QWidget) -> None:
    """As wide as lines are easy to read, in the font in force."""
    for inside in page.findChildren(QWidget, COLUMN):
        inside.setMaximumWidth(round(WIDTH * max(1.0, page.font().pointSizeF() / 10)))


def name_area(page: QWidget, name: str) -> None:
    """Say what is scrolled."""
    for area in page.findChildren(QScrollArea):
        area.setAccessibleName(name)


def centred(widget: QWidget) -> QVBoxLayout:
    """A column of limited width in the middle of `widget`."""
    host = _scrolled(widget)
    inside = QWidget(host)
    inside.setObjectName(COLUMN)
    inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    outer = QHBoxLayout(host)
    outer.setContentsMargins(24, 24, 24, 24)
    outer.addStretch(1)
    outer.addWidget(inside, 100, Qt.AlignmentFlag.AlignVCenter)
    outer.addStretch(1)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column
