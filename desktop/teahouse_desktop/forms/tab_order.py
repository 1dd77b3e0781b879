"""Tab in the order that is seen: Qt's own is that in which things were made.

Containers must have no focus proxy: Tab would go to it past all that stands before it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def put_in_order(root: QWidget) -> None:
    """Let Tab go through the controls in a widget as its layouts have them."""
    for before, after in itertools.pairwise(list(controls_in(root))):
        QWidget.setTabOrder(before, after)


def controls_in(widget: QWidget) -> Iterator[QWidget]:
    """Everything that takes the focus by Tab, in the order of the layouts."""
    policy = Qt.FocusPolicy.TabFocus
    if widget.focusPolicy() & policy == policy:
        yield widget
        return
    inside = widget.widget() if isinstance(widget, QScrollArea) else None
    layout = widget.layout()
    if inside is not None:
        yield from controls_in(inside)
    elif layout is not None:
        yield from _in_layout(layout)
    else:
        for child in widget.children():
            if isinstance(child, QWidget) and not child.isWindow():
                yield from controls_in(child)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from controls_in(widget)
        elif (inner := item.layout()) is not None:
            yield from _in_layout(inner)
