"""A list of cards that are made a few at a time, as far as people scroll, so that the window never waits."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from teahouse_desktop.widgets.cards import Card, CardList

AT_ONCE = 4
"""Cards made in one go, usually: some milliseconds."""

PAUSE_MS = 5
AHEAD = 2
"""So many heights of the list are kept ready below what is seen."""


class GrowingList(CardList):
    """Makes cards for keys when they come near what is seen.

    Args:
        at_once: How many are made in one go; fewer of large ones.
    """

    def __init__(self, parent: QWidget | None = None, *, at_once: int = AT_ONCE) -> None:
        super().__init__(parent)
        self._at_once = at_once
        self._keys: list[Hashable] = []
        self._make: Callable[[Any], Card] | None = None
        self._made: dict[Hashable, Card] = {}
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._grow)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(lambda: self._timer.start())
        bar.rangeChanged.connect(lambda: self._timer.start())

    def show_keys(self, keys: Sequence[Hashable], make: Callable[[Any], Card]) -> None:
        """Show a card for each; cards of keys that stay are kept, and so are focus and place.

        Args:
            make: Makes the card for a key.
        """
        held = next((at for at, card in enumerate(self.cards) if card.isAncestorOf(_focused(self))), -1)
        held = next((at for at, card in enumerate(self.cards) if card is _focused(self)), held)
        self._keys, self._make = list(dict.fromkeys(keys)), make
        before, self._made = self._made, {}
        fresh = 0
        for key in self._keys[: max(self._at_once, len(before))]:
            if key not in before:
                if fresh == self._at_once:
                    break
                fresh += 1
            self._made[key] = before[key] if key in before else make(key)
        self.set_cards(list(self._made.values()))
        if held >= 0:
            self.focus(held)
        self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it was left."""
        super().showEvent(event)
        self._timer.start()

    def _grow(self) -> None:
        bar, at = self.verticalScrollBar(), len(self._made)
        is_enough = bar.maximum() - bar.value() > AHEAD * bar.pageStep()
        if self._make is None or at >= len(self._keys) or is_enough or not self.isVisible():
            return
        for key in self._keys[at : at + self._at_once]:
            self._made[key] = self._make(key)
        self.add_cards(list(self._made.values())[at:])
        self._timer.start()


def _focused(widget: QWidget) -> QWidget:
    """The widget with the focus, or the given one where none has it."""
    return widget.window().focusWidget() or widget
