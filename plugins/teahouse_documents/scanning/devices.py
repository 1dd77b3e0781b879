"""Whether a file that is not seen is gone, or lies on a disk that is not there at the moment."""

from __future__ import annotations

from pathlib import Path


class Devices:
    """The disks of one look through a folder. A disk may get another number when it comes back."""

    def __init__(self) -> None:
        self._renumbered: dict[int, int] = {}
        self._seen: dict[str, int | None] = {}

    def note(self, before: int, now: int) -> None:
        """A file that is still there lay on this disk then, and on that one now."""
        self._renumbered[before] = now

    def is_away(self, path: str, device: int) -> bool:
        """Whether the place of a file now belongs to another disk than the one it lay on, or cannot be asked.

        Args:
            device: Of the folder it lay in, when it was last seen; 0 for unknown.
        """
        now = self._nearest(Path(path).parent)
        return now is None or (device not in (0, now) and self._renumbered.get(device) != now)

    def _nearest(self, folder: Path) -> int | None:
        """The disk of the folder, or of the nearest one above it that is there; None: it cannot be asked."""
        key = str(folder)
        if key not in self._seen:
            try:
                self._seen[key] = folder.stat().st_dev
            except (FileNotFoundError, NotADirectoryError):
                self._seen[key] = self._nearest(folder.parent) if folder != folder.parent else None
            except OSError:
                self._seen[key] = None
        return self._seen[key]
