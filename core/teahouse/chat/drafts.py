"""Files that wait with a draft: on the disk until their message is stored, a folder for each conversation."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from teahouse.chat.attachments import make_file
from teahouse.errors import AppError, StoreError
from teahouse.ids import is_id
from teahouse.language import _
from teahouse.messages import File

LIST = "files.json"
HASH = re.compile(r"[0-9a-f]{64}")


class DraftFiles:
    """The files of drafts, below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, conversation_id: str, files: Sequence[File]) -> None:
        """Keep exactly these files with a draft; bytes that are there already are not written again.

        Raises:
            StoreError: They cannot be written; what was kept before may be kept still.
        """
        if not files:
            self.delete(conversation_id)
            return
        folder = self._of(conversation_id)
        listed = [{"hash": sha256(file.data).hexdigest(), "name": file.name} for file in files]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file, entry in zip(files, listed, strict=True):
                if not (folder / entry["hash"]).exists():
                    _write(folder / entry["hash"], file.data)
            _write(folder / LIST, json.dumps(listed).encode())
            wanted = {LIST, *(entry["hash"] for entry in listed)}
            for path in folder.iterdir():
                if path.name not in wanted:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                _("The files could not be kept with the draft ({reason}).").format(
                    reason=error.strerror or error
                ),
                _("Send the message before you close the window, or add them again then."),
            ) from error

    def read(self, conversation_id: str) -> list[File]:
        """The files of a draft; those that are damaged or gone are left out."""
        folder, found = self._of(conversation_id), []
        for digest, name in _entries(folder / LIST):
            try:
                data = (folder / digest).read_bytes()
                if sha256(data).hexdigest() == digest:
                    found.append(make_file(name, data))
            except (OSError, AppError):  # the draft's words are there all the same
                continue
        return found

    def delete(self, conversation_id: str) -> None:
        """Delete the files of a draft."""
        shutil.rmtree(self._of(conversation_id), ignore_errors=True)

    def keep_only(self, conversation_ids: Iterable[str]) -> None:
        """Delete the files of every other conversation."""
        wanted = set(map(_folder_name, conversation_ids))
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True)

    def _of(self, conversation_id: str) -> Path:
        return self._folder / _folder_name(conversation_id)


def _folder_name(conversation_id: str) -> str:
    """The id; of one that a damaged file has made up, what leads nowhere else."""
    return conversation_id if is_id(conversation_id) else sha256(conversation_id.encode()).hexdigest()


def _entries(path: Path) -> list[tuple[str, str]]:
    try:
        listed = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    rows = listed if isinstance(listed, list) else []
    pairs = [(str(row.get("hash")), str(row.get("name"))) for row in rows if isinstance(row, dict)]
    return [(digest, name) for digest, name in pairs if HASH.fullmatch(digest)]


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
