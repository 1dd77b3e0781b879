"""Who writes: each open store holds an OS lock on a file of its own.

The system lets go of the lock when the process dies, however it dies, so that others can tell a
writer that lives from one that is gone. A process id could not: it may be another program's by now.
"""

from __future__ import annotations

import os
from pathlib import Path

from teahouse import file_lock
from teahouse.errors import StoreError
from teahouse.ids import new_id
from teahouse.language import _

SUFFIX = ".lock"


class Writer:
    """One open store.

    Args:
        folder: Where the writers of this database keep their lock files; created when missing.

    Raises:
        StoreError: No lock file can be made there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.id, self._descriptor = self._enter()
        except OSError as error:
            raise StoreError(
                _("No lock file can be made in {folder} ({reason}). Nothing was changed.").format(
                    folder=folder, reason=error
                ),
                _("Check that you may write to the folder and that its disk is not full."),
                path=str(folder),
            ) from error

    def close(self) -> None:
        """Let go of the lock: whatever this writer still streams is now given up."""
        file_lock.remove(self._folder / f"{self.id}{SUFFIX}", self._descriptor)

    def find_live(self) -> set[str]:
        """Ids of the writers that live, this one included; lock files of dead ones are removed."""
        return {file.stem for file in self._folder.glob(f"*{SUFFIX}") if not _bury(file)}

    def _enter(self) -> tuple[str, int]:
        while True:
            writer_id = new_id()
            file = self._folder / f"{writer_id}{SUFFIX}"
            descriptor = file_lock.hold(file, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            # Between creating and locking, another process may have taken it for a dead writer's.
            if descriptor is not None:
                return writer_id, descriptor


def _bury(file: Path) -> bool:
    """Remove the lock file of a dead writer; False when the writer lives."""
    try:
        descriptor = file_lock.hold(file)
    except FileNotFoundError:
        return True
    except PermissionError:
        # Another account's, or on Windows one that is being removed: alive is the safe guess.
        return False
    if descriptor is None:
        return not file.exists()
    file_lock.remove(file, descriptor)
    return True
