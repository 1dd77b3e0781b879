"""Small pictures of attached files, read when they are first painted."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

KEPT = 100


class Thumbnails(QObject):
    """Keeps the pictures that were seen last, by the hash of their file.

    Signals:
        wanted: The hash of a picture that is to be read; told once, not while something is painted.
        changed: A picture has come.
    """

    wanted = Signal(str)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._due: list[str] = []
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._tell)

    def find(self, digest: str) -> QPixmap | None:
        """The picture; None while it is being read, and for what cannot be shown."""
        if digest not in self._kept:
            self._kept[digest] = None
            self._due.append(digest)
            self._timer.start()
        self._kept.move_to_end(digest)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[digest]

    def peek(self, digest: str) -> QImage | None:
        """The picture if it is here already."""
        found = self._kept.get(digest)
        return found.toImage() if found is not None else None

    def show(self, digest: str, image: QImage | None) -> None:
        """Take a picture in; None for one that cannot be shown."""
        self._kept[digest] = None if image is None else QPixmap.fromImage(image)
        self.changed.emit()

    def _tell(self) -> None:
        due, self._due = self._due, []
        for digest in due:
            self.wanted.emit(digest)
