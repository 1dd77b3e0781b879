"""The parser child as the index uses it: a path in, pieces or a reason out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.jobs import Cancel
from teahouse.passages import Loader, Piece
from teahouse.workers.process import Workers
from teahouse_documents.indexing.ports import Read, Unreadable
from teahouse_documents.scanning import names

if TYPE_CHECKING:
    from teahouse_documents.loaders.parsing import Parsing

BREAKING = ("broken", "too_large", "time", "memory", "crash", "fault")
"""Reasons to keep away from a file until it changes."""


class FileParser:
    """Reads files by `loaders.parsing`.

    Args:
        folder: Where a link with a plain name may stand while a file is read whose own name is no UTF-8.
    """

    def __init__(
        self, workers: Workers, loaders: Sequence[Loader], *, folder: Path, ocr_languages: Sequence[str] = ()
    ) -> None:
        from teahouse_documents.loaders.parsing import Parsing

        self._parsing: Parsing = Parsing(workers, loaders=loaders, ocr_languages=ocr_languages)
        self._folder = folder
        self._cancel = Cancel()
        self.identities = frozenset(loader.identity for loader in loaders)

    def wants(self, name: str) -> bool:
        """Whether a file of this name can be read at all."""
        return self._parsing.loader_for(Path(name)) is not None

    def identity(self, path: str) -> str:
        """The loader, with its version, that reads this file; empty for none."""
        loader = self._parsing.loader_for(Path(path))
        return loader.identity if loader else ""

    def read(self, path: str, is_stopped: Callable[[], bool]) -> Read:
        """The file's pieces; raises Unreadable, and InterruptedError when it was stopped."""
        from teahouse_documents.loaders.refusal import Refused, Stopped

        pieces: list[Piece] = []
        try:
            with self._plainly_named(path) as file:
                steps = self._parsing.parse(file, self._cancel)
                while True:
                    pieces.append(next(steps))
                    if is_stopped():
                        raise InterruptedError
        except StopIteration as ended:
            return Read(pieces, tuple(ended.value.remarks))
        except Stopped as error:
            raise InterruptedError from error
        except Refused as error:
            is_quarantined = error.data.get("why") in BREAKING
            raise Unreadable(error.text, error.hint, is_quarantined=is_quarantined) from error

    def stop(self) -> None:
        """Give up the file that is being read, from another thread."""
        self._cancel.set()

    def close(self) -> None:
        """End the child."""
        self._cancel.set()
        self._parsing.close()

    @contextmanager
    def _plainly_named(self, path: str) -> Iterator[Path]:
        """The file under a name that can cross a pipe."""
        if names.raw(path) is None:
            yield Path(path)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        link = self._folder / f"file{Path(path).suffix.encode('ascii', 'ignore').decode()}"
        link.unlink(missing_ok=True)
        link.symlink_to(path)
        try:
            yield link
        finally:
            with contextlib.suppress(OSError):
                link.unlink()
