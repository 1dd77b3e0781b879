"""The folder of the embedded chromadb: opened late, marked as ours, watched, and made again when need be."""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

from teahouse_documents.vectors.chroma import breakage
from teahouse_documents.vectors.index import Broken

log = logging.getLogger(__name__)

MARK = "teahouse.json"
OPENING, OPEN = "opening", "open"


class Folder:
    """One folder of chromadb, of which this process must be the only user.

    Each time it is made again it lies in a fresh folder inside, because chromadb goes on using files of an
    old one. A marker says whose it is, and that opening it has once gone well: native code that died on
    damaged files would die again.

    Args:
        token: Names the index.db that it belongs to.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self._folder, self._token = folder, token
        self._client: Any = None

    def open(self) -> Any:
        """A client of chromadb; an empty folder where there was none.

        Raises:
            Broken: What lies there is damaged or not ours; `wipe` first.
        """
        import chromadb
        from chromadb.config import Settings

        mark = self._mark()
        if self._folder.exists() and any(self._folder.iterdir()):
            wanted = {"index": self._token, "chroma": chromadb.__version__, "state": OPEN}
            if {name: mark.get(name) for name in wanted} != wanted:
                raise Broken(f"the folder is not ours or could not be opened before: {mark}")
        self._write(OPENING, mark.get("number", 1))
        inside = self._folder / f"vectors-{mark.get('number', 1)}"
        with breakage():
            inside.mkdir(parents=True, exist_ok=True)
            settings = Settings(anonymized_telemetry=False, is_persistent=True, allow_reset=False)
            self._client = chromadb.PersistentClient(str(inside), settings=settings)
        return self._client

    def confirm(self) -> None:
        """Opening it has gone well, and what was looked for was there."""
        self._write(OPEN, self._mark().get("number", 1))

    def close(self) -> None:
        """Let go of the files."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Broken), breakage():
                client.close()

    def wipe(self) -> None:
        """Delete everything; the next `open` begins empty."""
        number = self._mark().get("number", 0)
        self.close()
        if self._folder.is_symlink():
            self._folder.unlink()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._folder.exists():
            log.info("some files in %s stay: another program holds them", self._folder)
        self._write(OPEN, number + 1)

    @property
    def size_bytes(self) -> int:
        """Of all files in it."""
        total = 0
        for path in self._folder.rglob("*"):
            with contextlib.suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
        return total

    @property
    def exists(self) -> bool:
        """Whether vectors have been put there."""
        return any(self._folder.glob("vectors-*"))

    def _mark(self) -> dict[str, Any]:
        try:
            mark = json.loads((self._folder / MARK).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        is_sound = isinstance(mark, dict) and type(mark.get("number")) is int
        return mark if is_sound else {}

    def _write(self, state: str, number: int) -> None:
        import chromadb

        self._folder.mkdir(parents=True, exist_ok=True)
        mark = {"index": self._token, "chroma": chromadb.__version__, "state": state, "number": number}
        fresh = self._folder / f"{MARK}.new"
        fresh.write_text(json.dumps(mark), "utf-8")
        fresh.replace(self._folder / MARK)
