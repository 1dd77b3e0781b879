"""Saved states on disk: a folder for each model, a file for each conversation and way of running it.

They hold what was said, so they lie in the person's data folder, readable by nobody else, and go with
their conversation. Everything here can be lost without loss: the model then reads the conversation anew.
"""

from __future__ import annotations

import hashlib
import logging
import stat
from collections.abc import Iterable
from pathlib import Path

from teahouse.ids import is_id
from teahouse.paths import safe_join

log = logging.getLogger(__name__)

SUFFIX = ".state"


class States:
    """The files of one installation.

    Args:
        folder: Created when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self, model_hash: str) -> Path:
        """The folder of one model, there and private; its child sees no other.

        Raises:
            OSError: It cannot be made.
        """
        place = safe_join(self.folder, model_hash)
        for folder in (self.folder, place):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if stat.S_IMODE(folder.stat().st_mode) != 0o700:
                folder.chmod(0o700)
        return place

    def path(self, conversation_id: str, model_hash: str, key: str) -> Path:
        """The file of a conversation for one way of running a model.

        Raises:
            ValueError: The id could lead elsewhere.
        """
        if not is_id(conversation_id):
            raise ValueError(f"no conversation id: {conversation_id!r}")
        short = hashlib.sha256(key.encode()).hexdigest()[:16]
        return safe_join(self.folder, model_hash, f"{conversation_id}.{short}{SUFFIX}")

    def delete(self, conversation_id: str) -> None:
        """Remove every state of a conversation."""
        self._remove(path for path in self._files() if path.name.partition(".")[0] == conversation_id)

    def keep_only(self, conversation_ids: Iterable[str]) -> None:
        """Remove the states of every other conversation, and what was never finished."""
        kept = set(conversation_ids)
        self._remove(p for p in self._files() if p.name.partition(".")[0] not in kept or p.suffix != SUFFIX)

    def limit(self, limit_bytes: int) -> None:
        """Remove the oldest files until all together take no more than this."""
        files = sorted(self._files(), key=_written, reverse=True)
        taken, surplus = 0, []
        for path in files:
            taken += _size(path)
            if taken > limit_bytes:
                surplus.append(path)
        self._remove(surplus)

    def _files(self) -> list[Path]:
        try:
            return [path for path in self.folder.glob("*/*") if path.suffix in (SUFFIX, ".part")]
        except OSError:
            return []

    def _remove(self, paths: Iterable[Path]) -> None:
        for path in list(paths):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.info("the saved state %s cannot be removed: %s", path, error)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
