"""The headings above a place, as a file is read from top to bottom."""

from __future__ import annotations


class Headings:
    """A path of headings; a new one ends those of its own level and below.

    Args:
        above: What stands above all of them, such as a chapter's title.
    """

    def __init__(self, above: tuple[str, ...] = ()) -> None:
        self._above = above
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> tuple[str, ...]:
        """Begin a section; returns the path above its heading."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        path = self.path
        self._open.append((level, text))
        return path

    @property
    def path(self) -> tuple[str, ...]:
        """Outermost first."""
        return (*self._above, *(text for _level, text in self._open))
