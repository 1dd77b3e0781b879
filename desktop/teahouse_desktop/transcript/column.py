"""The messages one above the other: where each starts, and which are laid out.

Heights are estimated until a message comes into view, so that thousands of messages open at once.
Only the messages seen last keep their documents.
"""

from __future__ import annotations

import bisect
from collections import OrderedDict
from collections.abc import Iterable

from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.look import Look
from teahouse_desktop.parts import PartViews, no_views
from teahouse_desktop.transcript.item import Item

KEPT = 80
"""Messages that keep their documents while out of view."""


class Column:
    """The items of a conversation and their vertical places, in pixels from the top of the first."""

    def __init__(self, look: Look) -> None:
        self.items: list[Item] = []
        self.width = 400.0
        self.look = look
        self.parts: PartViews = no_views
        self._tops: list[float] = [0.0]
        self._recent: OrderedDict[int, Item] = OrderedDict()
        self._left_out: frozenset[str] = frozenset()

    @property
    def height(self) -> float:
        """Height of everything, as far as it is known."""
        return self._tops[-1]

    @property
    def built_count(self) -> int:
        """How many items have documents now."""
        return sum(item.is_built for item in self.items)

    def set_items(self, shown: Iterable[Shown]) -> None:
        """Show these messages; an item whose message is the same one is kept with its documents."""
        kept = {item.shown.message.id: item for item in self.items if item.shown.message.id}
        items: list[Item] = []
        for one in shown:
            item = kept.pop(one.message.id, None)
            if item is None:
                item = Item(one, parts=self.parts)
                item.estimate(self.look, self.width)
            elif item.shown != one:
                item.replace(one, self.look)
            items.append(item)
        for item in kept.values():
            self._recent.pop(id(item), None)
        self.items = items
        self._mark_left_out()
        self.restack()

    def append(self, shown: Shown) -> int:
        """Add a message at the end; returns its index."""
        item = Item(shown, parts=self.parts)
        item.estimate(self.look, self.width)
        self.items.append(item)
        self._tops.append(self._tops[-1] + item.height)
        self._mark_left_out()
        return len(self.items) - 1

    def replace(self, index: int, shown: Shown) -> None:
        """Show another state of a message."""
        self.items[index].replace(shown, self.look)
        self._mark_left_out()

    def top(self, index: int) -> float:
        """Where an item starts."""
        return self._tops[index]

    def index_at(self, y: float) -> int:
        """The item at a height; the nearest one outside of them, -1 when there are none."""
        found = bisect.bisect_right(self._tops, y, 0, len(self.items)) - 1
        return max(found, 0) if self.items else -1

    def index_of(self, message_id: str) -> int:
        """Index of a message, searched from the end; -1 when it is not shown."""
        indexes = range(len(self.items) - 1, -1, -1)
        return next((i for i in indexes if self.items[i].shown.message.id == message_id), -1)

    def in_view(self, top: float, height: float) -> range:
        """Indexes of the items between two heights."""
        if not self.items:
            return range(0)
        first = self.index_at(top)
        last = bisect.bisect_left(self._tops, top + height, first + 1, len(self.items))
        return range(first, last)

    def ensure(self, index: int) -> bool:
        """Make an item's layout exact; True when its height changed."""
        item = self.items[index]
        self._recent[id(item)] = item
        self._recent.move_to_end(id(item))
        if item.is_exact:
            return False
        before = item.height
        item.lay_out(self.look, self.width)
        return abs(before - item.height) > 0.5

    def restack(self, first: int = 0) -> None:
        """Compute the tops again from an item on."""
        del self._tops[first + 1 :]
        y = self._tops[first]
        for item in self.items[first:]:
            y += item.height
            self._tops.append(y)

    def set_width(self, width: float) -> bool:
        """Take a new width; True when it differs."""
        if width == self.width:
            return False
        for item in self.items:
            item.is_exact = False
            item.height *= self.width / width
        self.width = width
        self.restack()
        return True

    def set_look(self, look: Look) -> None:
        """Draw with another theme, font or language: all documents are made anew when seen."""
        self.look = look
        for item in self.items:
            item.release()
        self._recent.clear()

    def set_parts(self, parts: PartViews) -> None:
        """Ask another one what plugins show of parts; messages that show something else are made anew."""
        self.parts = parts
        for item in self.items:
            item.parts = parts
            if item.is_built and item.views != tuple(parts(item.shown.message)):
                item.release()

    def forget_unseen(self, seen: range) -> None:
        """Release the documents of messages that have not been seen for long."""
        visible = {id(self.items[i]) for i in seen}
        for key in list(self._recent):
            if len(self._recent) <= KEPT:
                return
            if key not in visible and not self._recent[key].shown.is_live:
                self._recent.pop(key).release()

    def _mark_left_out(self) -> None:
        """Mark the messages that the newest reply was made without."""
        replies = (item.shown for item in reversed(self.items) if not item.is_user)
        told = (one.fitted for one in replies if one.fitted or not one.is_live)
        fitted = next(told, None)
        ids = frozenset(fitted.not_sent) if fitted else frozenset()
        for item in self.items if ids != self._left_out or ids else ():
            item.is_left_out = item.shown.message.id in ids
        self._left_out = ids
